// The roster's grid: arrow keys move, a shift's key sets it, Delete clears, the space bar
// locks, Ctrl+Z takes back. Each change goes to the server by itself, in order, with the
// version it was made on; its answer is the new verdict and cover, and marks what is broken.
const root = () => document.getElementById("roster");
const grid = () => document.getElementById("roster-grid");
const verdict = () => document.getElementById("roster-verdict");
const done = [];
const undone = [];
let queue = Promise.resolve();
const enqueue = (work) => (queue = queue.then(work).catch(() => location.reload())); // rather than a grid that only seems kept
let marks = {};
let place = null; // [row, day] of the current cell

const cellAt = (row, day) => grid()?.querySelector(`[data-row="${row}"][data-day="${day}"]`);
const cellOf = (key, day) => [...grid().querySelectorAll(`[data-day="${day}"]`)].find((cell) => cell.dataset.person === key);
const current = () => (place && cellAt(...place)) || grid()?.querySelector(".cell");
const isLocked = (cell) => "locked" in cell.dataset;
const say = (text) => (document.querySelector("[data-roster-status]").textContent = text);
const words = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), root().dataset[name]);

function look(shift) {
  const legend = [...document.querySelectorAll("[data-look]")].find((item) => item.dataset.look === shift);
  return legend ? [legend.querySelector(".shift").cloneNode(true)] : [];
}

function show(cell, { shift, locked }) {
  if (shift !== undefined && shift !== null) {
    cell.dataset.shift = shift;
    cell.replaceChildren(...look(shift));
  }
  if (locked !== undefined && locked !== null) cell.toggleAttribute("data-locked", locked);
}

function focus(cell) {
  if (!cell) return;
  current()?.setAttribute("tabindex", "-1");
  place = [Number(cell.dataset.row), Number(cell.dataset.day)];
  cell.setAttribute("tabindex", "0");
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  const told = marks[`${place[0]}-${place[1]}`];
  if (told) say(told.join(" "));
}

function mark() {
  marks = JSON.parse(verdict().dataset.marks);
  for (const cell of grid().querySelectorAll("[data-broken]")) cell.removeAttribute("data-broken");
  for (const at of Object.keys(marks)) cellAt(...at.split("-"))?.setAttribute("data-broken", "");
}

function take(html) {
  const before = Number(verdict().dataset.objective);
  const answer = document.createElement("template");
  answer.innerHTML = html;
  for (const id of ["roster-verdict", "roster-cover"]) {
    document.getElementById(id).replaceWith(answer.content.getElementById(id));
  }
  window.htmx?.process(verdict());
  const { objective, hard, version } = verdict().dataset;
  for (const field of document.querySelectorAll("[data-keeps-version] [name=version]")) field.value = version;
  const change = Number(objective) - before;
  const cost = words("cost", { cost: objective, change: `${change > 0 ? "+" : change < 0 ? "−" : "±"}${Math.abs(change)}` });
  say(Number(hard) ? `${cost} ${words(hard === "1" ? "brokenOne" : "brokenCount", { count: hard })}` : cost);
  mark();
}

// A change is [{person, day, shift, locked}]; its inverse is what the cells held before.
function inverse(changes) {
  return changes.map(({ person, day, shift, locked }) => {
    const cell = cellOf(person, day);
    return { person, day, shift: shift === undefined ? undefined : cell.dataset.shift, locked: locked === undefined ? undefined : isLocked(cell) };
  });
}

function change(changes, onto = done, fresh = true) {
  const back = inverse(changes);
  for (const one of changes) show(cellOf(one.person, one.day), one);
  onto.push(back);
  if (fresh) undone.length = 0;
  paint();
  enqueue(() => send(changes, back, onto));
}

// Asks the server; null where it gave no page. Where nobody may work here any more (locked,
// signed out), it names another page: this one goes there once, and does nothing further.
async function ask(address, options) {
  const answer = await fetch(address, options).catch(() => null);
  const elsewhere = answer?.headers.get("HX-Redirect");
  if (!elsewhere && !answer?.redirected) return answer;
  if (elsewhere) location.assign(elsewhere);
  else location.reload();
  return new Promise(() => {});
}

async function send(changes, back, onto) {
  const form = new FormData();
  form.set("version", verdict().dataset.version);
  form.set("cells", JSON.stringify(changes));
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true", "HX-Current-URL": location.href, Accept: "text/html" };
  const answer = await ask(root().dataset.cells, { method: "POST", headers, body: form });
  if (answer?.status === 200) return take(await answer.text());
  for (const one of back) show(cellOf(one.person, one.day), one);
  onto.splice(onto.indexOf(back), 1);
  paint();
  await refresh();
  say(words(answer?.status === 412 ? "stale" : "lost"));
}

// What somebody wrote into a form stands through a refresh, and so does their place in it.
const formFields = () => [...root().querySelectorAll("form :is(input:not([type=hidden]), textarea, select)")];
const isWritten = ({ type, options, checked, defaultChecked, value, defaultValue }) => (type === "checkbox" ? checked !== defaultChecked : options || value !== defaultValue);

function inForms() {
  return formFields()
    .filter((field) => isWritten(field) || field === document.activeElement)
    .map((field) => ({ action: field.form.action, name: field.name, value: field.value, checked: field.checked, isOpen: Boolean(field.closest("details[open]")), isHere: field === document.activeElement }));
}

function writeAgain({ action, name, value, checked, isOpen, isHere }) {
  const field = formFields().find((one) => one.form.action === action && one.name === name);
  if (!field) return;
  if (!field.options || [...field.options].some((option) => option.value === value)) field.value = value;
  field.checked = checked;
  if (isOpen) field.closest("details")?.setAttribute("open", "");
  if (isHere) field.focus({ preventScroll: true });
}

async function refresh() {
  const answer = await ask(location.href, { headers: { "X-Background": "1" } });
  if (answer?.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const hadFocus = grid()?.contains(document.activeElement);
  const { scrollLeft, scrollTop } = document.querySelector(".roster-frame");
  const written = inForms();
  root().replaceWith(document.adoptNode(page.getElementById("roster")));
  for (const each of written) writeAgain(each);
  window.htmx?.process(root());
  document.querySelector(".roster-frame").scrollTo(scrollLeft, scrollTop);
  begin();
  if (hadFocus) focus(current());
  document.dispatchEvent(new CustomEvent("htmx:afterSettle")); // whoever watches the page's topics
}

function paint() {
  for (const [name, list] of [["undo", done], ["redo", undone]]) {
    const button = document.querySelector(`[data-roster-do="${name}"]`);
    if (button) button.disabled = !list.length;
  }
}

function set(shift) {
  const cell = current();
  if (!cell || cell.dataset.shift === shift) return;
  if (isLocked(cell)) return say(words("lockedWords"));
  change([{ person: cell.dataset.person, day: Number(cell.dataset.day), shift }]);
}

const acts = {
  undo: () => done.length && change(done.pop(), undone, false),
  redo: () => undone.length && change(undone.pop(), done, false),
  lock() {
    const cell = current();
    if (cell) change([{ person: cell.dataset.person, day: Number(cell.dataset.day), locked: !isLocked(cell) }]);
  },
};

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function pressed(event) {
  const { key } = event;
  const cell = event.target.closest?.(".cell");
  if ((event.ctrlKey || event.metaKey) && "zy".includes(key.toLowerCase())) {
    acts[key.toLowerCase() === "y" || event.shiftKey ? "redo" : "undo"]();
  } else if (event.ctrlKey || event.metaKey || event.altKey || !cell) return;
  else if (STEPS[key]) focus(cellAt(Number(cell.dataset.row) + STEPS[key][0], Number(cell.dataset.day) + STEPS[key][1]));
  else if (key === "Home") focus(cellAt(cell.dataset.row, 0));
  else if (key === "End") focus([...cell.parentElement.querySelectorAll(".cell")].at(-1));
  else if (key === "Delete" || key === "Backspace") set("");
  else if (key === " ") acts.lock();
  else {
    const legend = key.length === 1 && document.querySelector(`[data-key="${CSS.escape(key.toUpperCase())}"]`);
    if (!legend) return;
    set(legend.dataset.look);
  }
  event.preventDefault();
  event.stopPropagation(); // the shell's own keys rest while one is in the grid
}

function begin() {
  if (!grid()) return;
  marks = JSON.parse(verdict().dataset.marks);
  if (grid().getAttribute("aria-readonly") === "true") return;
  document.querySelector("[data-roster-tools]").hidden = false;
  grid().addEventListener("keydown", pressed);
  grid().addEventListener("focusin", ({ target }) => target.matches(".cell") && (place = [Number(target.dataset.row), Number(target.dataset.day)]));
  grid().addEventListener("click", ({ target }) => focus(target.closest(".cell")));
  root().addEventListener("anji:event", ({ detail }) => {
    const { roster, version } = detail.data;
    if (roster !== root().dataset.roster) return;
    enqueue(() => (Number(version) > Number(verdict().dataset.version) || detail.event === "solved" || detail.event === "solving" ? refresh() : null));
  });
  paint();
}

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-roster-do]")?.dataset.rosterDo;
  if (act) {
    acts[act]();
    if (act === "lock") focus(current());
  }
  const link = event.target.closest("[data-cell-day]");
  if (!link || link.dataset.cellDay === "") return;
  event.preventDefault();
  focus(link.dataset.cellKey ? cellOf(link.dataset.cellKey, link.dataset.cellDay) : cellAt(0, link.dataset.cellDay));
});

// A search's figures as they come; its chart follows with the next fragment. One that ends
// without a roster is told only here: the page then offers the next search.
document.addEventListener("anji:event", ({ target, detail }) => {
  if (!target.matches?.("[data-run]")) return;
  for (const figure of target.querySelectorAll("[data-figure]")) {
    const value = detail.data[figure.dataset.figure];
    if (value !== undefined && value !== null) {
      figure.textContent = figure.dataset.figure === "gap" ? `${Math.round(value * 100)} %` : Math.round(value).toLocaleString(document.documentElement.lang);
    }
  }
  if (["failed", "cancelled"].includes(detail.data.state)) enqueue(refresh);
}, true);

begin();
