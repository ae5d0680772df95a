// The report while it is written: saved by itself a moment after the last key, always
// naming the version it started from. Nothing typed is ever replaced without a button.
const WAIT_MS = 1200;
const RETRY_MS = 8000;
const PARTS = ["technique", "findings", "impression"];

let timer = 0;
let saving = null;
let newer = null; // the version and text that somebody else saved
let undo = null;
let stale = false; // a newer draft came while somebody was in this one

const card = () => document.getElementById("report");
const form = () => card()?.querySelector(".report-form");
const part = (name) => form()?.elements[name];
const button = (name) => card()?.querySelector(`[data-report-do="${name}"]`);
const texts = () => Object.fromEntries(PARTS.map((name) => [name, part(name).value]));
const headers = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");
const isDirty = () => form()?.dataset.dirty === "true";

function say(state) {
  const line = card()?.querySelector("[data-report-state]");
  if (!line) return;
  line.dataset.state = state;
  line.textContent = line.dataset[state];
}

function setVersion(version) {
  for (const field of card().querySelectorAll("input[name=version]")) field.value = version;
}

function edited() {
  form().dataset.dirty = "true";
  if (newer) return;
  say("editing");
  clearTimeout(timer);
  timer = setTimeout(save, WAIT_MS);
}

async function save() {
  clearTimeout(timer);
  if (saving) await saving;
  if (!isDirty() || newer) return;
  saving = put();
  await saving;
  saving = null;
}

async function put() {
  const owner = form();
  const sent = texts();
  say("saving");
  const answer = await fetch(owner.dataset.save, {
    method: "PUT",
    headers: { ...headers(), "Content-Type": "application/json", "If-Match": `"${part("version").value}"` },
    body: JSON.stringify(sent),
  }).catch(() => null);
  if (owner !== form()) return;
  const body = await answer?.json().catch(() => null);
  if (answer?.ok) kept(sent, body.version);
  else if (answer?.status === 412) conflict(body.newer);
  else if (answer?.status === 409) say("signed");
  else {
    say("offline");
    timer = setTimeout(save, RETRY_MS);
  }
}

function kept(sent, version) {
  setVersion(version);
  const now = texts();
  if (PARTS.every((name) => now[name] === sent[name])) {
    form().dataset.dirty = "false";
    say("saved");
  } else edited();
}

function conflict(other) {
  newer = other;
  say("conflict");
  const shown = card().querySelector("[data-report-newer]");
  shown.replaceChildren(
    ...PARTS.flatMap((name) => {
      const title = document.createElement("h4");
      title.textContent = part(name).labels[0].firstChild.textContent;
      const text = document.createElement("p");
      text.textContent = other?.[name] || "—";
      return [title, text];
    }),
  );
  card().querySelector("[data-report-conflict]").hidden = false;
}

function resolve(takeTheirs) {
  if (takeTheirs) replace(newer);
  setVersion(newer?.version ?? 0);
  newer = null;
  card().querySelector("[data-report-conflict]").hidden = true;
  edited();
  save();
}

function replace(other) {
  undo = texts();
  for (const name of PARTS) part(name).value = other?.[name] ?? "";
  button("undo").hidden = false;
}

const ACTIONS = {
  write: () => part("impression").focus(),
  sign: () => card().querySelector(".report-sign input[type=password]").focus(),
  mine: () => resolve(false),
  theirs: () => resolve(true),
  draft: async () => {
    const language = document.documentElement.lang;
    const answer = await fetch(`${form().dataset.draft}?${new URLSearchParams({ language })}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    replace(await answer.json());
    edited();
  },
  undo: () => {
    for (const name of PARTS) part(name).value = undo[name];
    button("undo").hidden = true;
    edited();
  },
};

function refresh() {
  const { report } = card()?.dataset || {};
  if (report) htmx.ajax("GET", report, { target: "#report", swap: "outerHTML show:none" });
}

// Only a draft that nobody wrote in is renewed.
function renew() {
  stale = false;
  if (part("version")?.value === "0" && !isDirty()) refresh();
}

const isInUse = () => form() && (isDirty() || card().contains(document.activeElement));

function begin() {
  newer = null;
  stale = false;
  const again = button("draft");
  if (again) again.hidden = false;
  const submit = form()?.querySelector("button[type=submit]");
  if (submit) submit.hidden = true; // saved by itself from here on
}

document.addEventListener("input", ({ target }) => target.closest?.(".report-form") && edited());
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (target.closest?.(".report-form")) save();
  if (stale && !card()?.contains(relatedTarget)) renew();
});
document.addEventListener("click", ({ target }) => {
  const action = target.closest("[data-report-do]")?.dataset.reportDo;
  if (action) ACTIONS[action]();
});

// Signing takes what is written now: save first, and stop where that did not work. A
// draft that nobody touched is saved as it stands, since the signer has read it.
document.addEventListener(
  "submit",
  async (event) => {
    const { target } = event;
    if (target.matches(".report-form")) {
      event.preventDefault();
      return save();
    }
    if (!target.matches(".report-sign")) return;
    if (!form() || (!isDirty() && part("version").value !== "0")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form().dataset.dirty = "true";
    await save();
    if (!isDirty()) target.requestSubmit();
  },
  true,
);

// A draft that was asked for earlier may arrive while somebody writes: it waits.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target?.id !== "report" || detail.requestConfig.verb !== "get" || !isInUse()) return;
  detail.shouldSwap = false;
  stale = true;
});

// A refusal is shown where it happened, in words.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const inside = detail.target?.closest?.("#report, #critical-results");
  if (inside && detail.xhr.status >= 400 && detail.xhr.status < 500 && !detail.xhr.getResponseHeader("Content-Type")?.includes("json")) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

// A verdict changes what an untouched draft says.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.elt?.id === "report") begin();
  if (detail.elt?.id === "findings") renew();
});

addEventListener("beforeunload", (event) => isDirty() && event.preventDefault());
begin();
