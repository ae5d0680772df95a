// Asking the server: JSON in and out; a refusal carries its words, a lost connection is told apart.
const PATIENCE_MS = 20_000;

export class Refused extends Error {
  constructor(status, problem, after) {
    super(problem?.detail || "");
    Object.assign(this, { status, code: problem?.code || "", after });
  }
}

export class Lost extends Error {}

export async function ask(method, url, body, { patience = PATIENCE_MS } = {}) {
  const isForm = body instanceof FormData;
  const headers = { Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  if (body && !isForm) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(url, {
      method,
      headers,
      body: body && !isForm ? JSON.stringify(body) : body,
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new Lost(url);
  }
  const data = await answer.json().catch(() => null);
  if ([502, 504].includes(answer.status)) throw new Lost(url);
  if (!answer.ok) throw new Refused(answer.status, data, Number(answer.headers.get("Retry-After")) || 0);
  return data;
}
