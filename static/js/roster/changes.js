// Changes of cells: shown at once, sent in order with the version they were made on, taken
// back by undo. The server's answer is the new verdict, cover and what is to be published.
import { cellOf, current, focus, frame, grid, isLocked, mark, nameOf, paintHeads, root, say, show, verdict, words } from "./grid.js";

const STEPS_KEPT = 100;
const memory = () => `anji-roster-${root().dataset.roster}`;
const done = [];
const undone = [];
const pending = []; // changes on their way to the server, oldest first
let isForgotten = false; // whether another hand took steps away
let queue = Promise.resolve();
export const enqueue = (work) => (queue = queue.then(work).catch(() => location.reload())); // rather than a grid that only seems kept
let begin = () => {};
export const onRefresh = (work) => (begin = work);

// A change is [{person, day}, each with a shift, or whether it is locked, or both]. What one
// cell holds now; nothing is known of those that are not shown.
function shownIn({ person, day }) {
  const cell = cellOf(person, day);
  return cell ? { person, day, shift: cell.dataset.shift, locked: isLocked(cell) } : {};
}

function held(changes) {
  return changes.map((one) => {
    const now = shownIn(one);
    return Object.fromEntries(Object.keys(one).map((name) => [name, now[name]]));
  });
}

function holds(changes, here = shownIn) {
  return changes.every((one) => {
    const now = here(one);
    return Object.entries(one).every(([name, value]) => now[name] === value);
  });
}

const showAll = (changes) => changes.forEach((one) => show(cellOf(one.person, one.day), one));

// A step is [before, after]; of its cells, those that are shown follow at once. It leaves
// one list for the other, and comes back where the server does not take it.
function go(step, changes, back, { from = [], onto, note = "" }) {
  const work = { step, changes, back, from, onto, note };
  showAll(changes);
  onto.push(step);
  pending.push(work);
  paint();
  enqueue(() => send(work));
}

export function change(changes, { note } = {}) {
  const before = held(changes);
  undone.length = 0;
  go([before, changes], changes, before, { onto: done, note });
}

export function undo() {
  const step = done.pop();
  if (step) go(step, step[0], step[1], { from: done, onto: undone });
  else if (isForgotten) say(words("forgotten"));
}

export function redo() {
  const step = undone.pop();
  if (step) go(step, step[1], step[0], { from: undone, onto: done });
  else if (isForgotten) say(words("forgotten"));
}

function end(work) {
  pending.splice(pending.indexOf(work), 1);
  return work;
}

function giveUp({ step, from, onto }) {
  if (onto.includes(step)) onto.splice(onto.indexOf(step), 1);
  from.push(step);
}

// Another hand changed the roster: what it left stays. Ours goes on only where the cells
// still hold what it began with, and only such steps are kept as still fit each other.
function giveWay() {
  const late = pending.filter((work) => {
    if (!holds(work.back)) return true;
    showAll(work.changes);
    return false;
  });
  late.map(end).forEach(giveUp);
  const count = done.length + undone.length;
  done.splice(0, done.length, ...fitting(done, 1));
  undone.splice(0, undone.length, ...fitting(undone, 0));
  const isLess = done.length + undone.length < count;
  isForgotten ||= isLess;
  keepSteps();
  return late.length ? "stale" : isLess ? "forgotten" : "";
}

// The steps of a list that can be gone one after another, the last one first, from what
// the cells hold now; `left` is the side of a step that its cells must hold for that.
function fitting(steps, left) {
  const now = new Map();
  const name = ({ person, day }) => `${day} ${person}`;
  const holding = (one) => now.get(name(one)) ?? shownIn(one);
  const kept = [...steps].reverse().filter((step) => {
    if (!holds(step[left], holding)) return false;
    for (const one of step[1 - left]) now.set(name(one), { ...holding(one), ...one });
    return true;
  });
  return kept.reverse();
}

// Another week of the same roster is another page: the steps wait for it in this tab, as
// long as nobody changed the roster meanwhile.
function keepSteps() {
  sessionStorage.setItem(memory(), JSON.stringify({ version: verdict().dataset.version, done: done.slice(-STEPS_KEPT), undone: undone.slice(-STEPS_KEPT) }));
}

export function findSteps() {
  const kept = JSON.parse(sessionStorage.getItem(memory()) ?? "{}");
  if (kept.version !== verdict().dataset.version) return;
  done.push(...kept.done);
  undone.push(...kept.undone);
}

// Sets shifts: [[cell, shift]], all in one step. Locked cells stay, and that is said.
export function set(wanted) {
  const other = wanted.filter(([cell, shift]) => cell.dataset.shift !== shift);
  const free = other.filter(([cell]) => !isLocked(cell));
  const kept = other.length - free.length;
  const note = kept ? words(kept === 1 ? "lockedWords" : "lockedCount", { count: kept }) : "";
  if (free.length) change(free.map(([cell, shift]) => ({ ...nameOf(cell), shift })), { note });
  else if (note) say(note);
}

// Locks cells, or opens them where every one is locked already.
export function lock(cells) {
  const locked = !cells.every(isLocked);
  const other = cells.filter((cell) => isLocked(cell) !== locked);
  if (other.length) change(other.map((cell) => ({ ...nameOf(cell), locked })));
}

export function paint() {
  for (const [name, list] of [["undo", done], ["redo", undone]]) {
    const button = document.querySelector(`[data-roster-do="${name}"]`);
    if (button) button.disabled = !list.length;
  }
  paintHeads();
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

async function send(work) {
  if (!pending.includes(work)) return; // another hand was first
  const form = new FormData();
  form.set("version", verdict().dataset.version);
  form.set("cells", JSON.stringify(work.changes));
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true", "HX-Current-URL": location.href, Accept: "text/html" };
  const answer = await ask(root().dataset.cells, { method: "POST", headers, body: form });
  end(work);
  if (answer?.status === 200) return take(await answer.text(), work.note);
  showAll(work.back);
  giveUp(work);
  paint();
  await refresh();
  say(words(answer?.status === 412 ? "stale" : "lost"));
}

function take(html, note) {
  const before = Number(verdict().dataset.objective);
  const answer = document.createElement("template");
  answer.innerHTML = html;
  const written = inForms();
  for (const id of ["roster-verdict", "roster-cover", "roster-publish"]) {
    document.getElementById(id).replaceWith(answer.content.getElementById(id));
    window.htmx?.process(document.getElementById(id));
  }
  for (const each of written) writeAgain(each);
  document.querySelector("[data-until-changed]")?.remove();
  const { objective, hard, version } = verdict().dataset;
  for (const field of document.querySelectorAll("[data-keeps-version] [name=version]")) field.value = version;
  const difference = Number(objective) - before;
  const cost = words("cost", { cost: objective, change: `${difference > 0 ? "+" : difference < 0 ? "−" : "±"}${Math.abs(difference)}` });
  const broken = Number(hard) ? words(hard === "1" ? "brokenOne" : "brokenCount", { count: hard }) : "";
  say([note, cost, broken].filter(Boolean).join(" "));
  mark();
  keepSteps();
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

export async function refresh() {
  const answer = await ask(location.href, { headers: { "X-Background": "1" } });
  if (answer?.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { version } = verdict().dataset;
  const hadFocus = grid()?.contains(document.activeElement);
  const { scrollLeft, scrollTop } = frame();
  const written = inForms();
  root().replaceWith(document.adoptNode(page.getElementById("roster")));
  let told = "";
  if (verdict().dataset.version !== version) told = giveWay();
  else pending.forEach(({ changes }) => showAll(changes)); // made while the page was on its way
  for (const each of written) writeAgain(each);
  window.htmx?.process(root());
  frame().scrollTo(scrollLeft, scrollTop);
  begin();
  if (hadFocus) focus(current());
  if (told) say(words(told));
  document.dispatchEvent(new CustomEvent("htmx:afterSettle")); // whoever watches the page's topics
}
