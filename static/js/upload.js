// Studies come in: drop a folder, files or a ZIP; see each file's progress and fate.
// Everything of one drop goes as one request, so that a series is read when it is whole.
const form = document.querySelector("[data-upload]");
const words = form.dataset;
const list = document.querySelector("[data-upload-files]");
const summary = document.querySelector("[data-upload-summary]");
const total = document.querySelector("[data-upload-total]");
const outcome = document.querySelector("[data-upload-outcome]");
const SHOWN = 400; // lines; the rest is counted in the summary
let busy = null;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const megabytes = (bytes) => (bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

async function filesOf(entry, path = "") {
  if (entry.isFile) {
    return new Promise((done) =>
      entry.file(
        (file) => done([{ file, name: path + file.name }]),
        () => done([]),
      ),
    );
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const part = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!part.length) return found;
    for (const child of part) found.push(...(await filesOf(child, `${path}${entry.name}/`)));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, name: file.name }));
  const found = [];
  for (const entry of entries) found.push(...(await filesOf(entry)));
  return found;
}

const chosen = (input) =>
  [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));

function line({ name, file }) {
  const row = document.createElement("li");
  row.className = "upload-file";
  const label = document.createElement("span");
  label.className = "upload-name";
  label.textContent = name;
  const bar = document.createElement("progress");
  bar.max = Math.max(file.size, 1);
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  const state = document.createElement("span");
  state.className = "upload-state";
  state.textContent = fill(words.size, { size: megabytes(file.size) });
  row.append(label, bar, state);
  return row;
}

function send(items) {
  if (busy || !items.length) return;
  outcome.replaceChildren();
  const rows = items.slice(0, SHOWN).map(line);
  list.replaceChildren(...rows);
  list.hidden = false;
  total.hidden = false;
  const bytes = items.reduce((sum, { file }) => sum + file.size, 0);
  const data = new FormData();
  for (const name of ["patient", "priority"]) {
    const value = form.elements[name]?.value;
    if (value) data.set(name, value);
  }
  for (const { file, name } of items) data.append("files", file, name);
  const request = new XMLHttpRequest();
  busy = request;
  form.setAttribute("aria-busy", "true");
  request.open("POST", words.upload);
  request.responseType = "json";
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
  request.setRequestHeader("Idempotency-Key", crypto.randomUUID());
  request.upload.onprogress = ({ loaded, total: whole }) => paint(items, rows, (loaded / whole) * bytes, bytes);
  request.onload = () => finish(request, items, rows);
  request.onerror = () => fail(words.lost);
  request.onabort = () => fail(words.stopped);
  request.send(data);
  document.querySelector("[data-upload-cancel]").hidden = false;
}

function paint(items, rows, sent, bytes) {
  let before = 0;
  rows.forEach((row, index) => {
    const { size } = items[index].file;
    const bar = row.children[1];
    const part = Math.min(Math.max(sent - before, 0), size);
    bar.value = size ? part : 1;
    if (part >= size && !row.dataset.state) {
      row.dataset.state = "sent";
      row.children[2].textContent = words.sent;
    }
    before += size;
  });
  total.value = bytes ? sent / bytes : 1;
  summary.textContent = fill(sent < bytes ? words.sending : words.checking, {
    count: items.length,
    sent: megabytes(sent),
    size: megabytes(bytes),
  });
}

function finish(request, items, rows) {
  const answer = request.response;
  const rejected = answer?.rejected || answer?.errors?.rejected || [];
  for (const { file, message } of rejected) {
    const index = items.findIndex(({ name }) => name === file || name.endsWith(`/${file}`));
    const row = rows[index];
    if (row) mark(row, "rejected", message);
    else list.append(refusal(file, message));
  }
  for (const row of rows) if (row.dataset.state !== "rejected") mark(row, "taken", request.status < 300 ? words.taken : words.refused);
  list.hidden = false;
  if (request.status < 300 && answer) {
    const link = (href, text, primary) => {
      const a = document.createElement("a");
      a.className = "button";
      if (primary) a.dataset.variant = "primary";
      a.href = href;
      a.textContent = text;
      return a;
    };
    summary.textContent = fill(words.done, { studies: answer.studies.length, rejected: rejected.length });
    const links = answer.studies.slice(0, 5).map((id) => link(words.study.replace("00000000-0000-0000-0000-000000000000", id), words.open, true));
    outcome.replaceChildren(...links, link(words.worklist, words.list, !links.length));
    showJob(answer.job);
  } else summary.textContent = answer?.detail || fill(words.failed, { status: request.status });
  rest();
}

// The job's own component, so that reading is followed where it was started.
function showJob(job) {
  const id = typeof job === "string" ? job.split("/").filter(Boolean).at(-1) : job?.id;
  const place = document.querySelector("[data-upload-job]");
  if (!id || !place) return;
  const url = place.dataset.uploadJob.replace("00000000-0000-0000-0000-000000000000", id);
  window.htmx?.ajax("GET", url, { target: place, swap: "innerHTML" });
}

function refusal(file, message) {
  const row = document.createElement("li");
  row.className = "upload-file";
  const label = document.createElement("span");
  label.className = "upload-name";
  label.textContent = file;
  const state = document.createElement("span");
  state.className = "upload-state";
  row.append(label, document.createElement("span"), state);
  mark(row, "rejected", message);
  return row;
}

function mark(row, state, text) {
  row.dataset.state = state;
  row.children[2].textContent = text;
}

function fail(text) {
  summary.textContent = text;
  rest();
}

function rest() {
  busy = null;
  form.removeAttribute("aria-busy");
  document.querySelector("[data-upload-cancel]").hidden = true;
}

const drop = document.querySelector("[data-drop]");
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.toggleAttribute("data-over", true);
  });
}
for (const name of ["dragleave", "dragend"]) {
  document.addEventListener(name, (event) => {
    if (!event.relatedTarget) drop.removeAttribute("data-over");
  });
}
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.removeAttribute("data-over");
  send(await dropped(event.dataTransfer));
});
form.addEventListener("change", ({ target }) => {
  if (target.type !== "file") return;
  send(chosen(target));
  target.value = "";
});
document.querySelector("[data-upload-cancel]").addEventListener("click", () => busy?.abort());
addEventListener("beforeunload", (event) => busy && event.preventDefault());
for (const button of document.querySelectorAll("[data-picks]")) {
  button.addEventListener("click", () => form.elements[button.dataset.picks].click());
}
