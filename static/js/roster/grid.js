// The grid's cells: where they are, which are chosen, what they show. A chosen range is the
// rectangle between the current cell and where Shift began.
export const root = () => document.getElementById("roster");
export const grid = () => document.getElementById("roster-grid");
export const verdict = () => document.getElementById("roster-verdict");
export const frame = () => document.querySelector(".roster-frame");
export const isWide = () => "wide" in grid().dataset;

let place = null; // [row, day] of the current cell; heads are row or day -1
let anchor = null;

export const at = (row, day) => grid()?.querySelector(`[data-row="${row}"][data-day="${day}"]`);
export const cellOf = (key, day) => grid()?.querySelector(`.cell[data-person="${CSS.escape(key)}"][data-day="${day}"]`);
export const cells = () => [...grid().querySelectorAll(".cell")];
export const current = () => (place && at(...place)) || grid()?.querySelector(".cell");
export const isLocked = (cell) => "locked" in cell.dataset;
export const nameOf = (cell) => ({ person: cell.dataset.person, day: Number(cell.dataset.day) });
const placeOf = (cell) => [Number(cell.dataset.row), Number(cell.dataset.day)];

export const say = (text) => (document.querySelector("[data-roster-status]").textContent = text);
export const words = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), root().dataset[name]);

// The cells that an act is for, row by row; none while a head is current.
export function block() {
  const cell = current();
  if (!cell?.matches(".cell")) return [];
  const [[row, day], [otherRow, otherDay]] = [placeOf(cell), anchor ?? placeOf(cell)];
  const isIn = (value, one, other) => Math.min(one, other) <= value && value <= Math.max(one, other);
  const rows = new Map();
  for (const each of cells()) {
    const [itsRow, itsDay] = placeOf(each);
    if (!isIn(itsRow, row, otherRow) || !isIn(itsDay, day, otherDay)) continue;
    rows.set(itsRow, [...(rows.get(itsRow) ?? []), each]);
  }
  return [...rows.values()];
}

export function focus(cell, { extends: isMore = false } = {}) {
  if (!cell) return;
  const from = current();
  anchor = isMore && from?.matches(".cell") ? (anchor ?? placeOf(from)) : null;
  from?.setAttribute("tabindex", "-1");
  place = placeOf(cell);
  cell.setAttribute("tabindex", "0");
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  paintRange();
  const told = marks()[cell.dataset.person]?.[cell.dataset.day];
  if (told) say(told.join(" "));
}

export function arrived(cell) {
  if (cell === current()) return;
  place = placeOf(cell);
  anchor = null;
  paintRange();
}

function paintRange() {
  const range = new Set(anchor ? block().flat() : []);
  for (const cell of cells()) {
    if (range.has(cell)) cell.setAttribute("aria-selected", "true");
    else cell.removeAttribute("aria-selected");
  }
}

// What the legend shows of a shift, in a wide cell with its hours.
function look(shift) {
  const legend = shift && document.querySelector(`[data-look="${CSS.escape(shift)}"]`);
  if (!legend) return [];
  return [...legend.querySelectorAll(isWide() ? ".shift, .shift-hours" : ".shift")].map((part) => part.cloneNode(true));
}

export function show(cell, { shift, locked }) {
  if (!cell) return;
  if (shift !== undefined && shift !== null) {
    cell.dataset.shift = shift;
    cell.replaceChildren(...look(shift));
  }
  if (locked !== undefined && locked !== null) cell.toggleAttribute("data-locked", locked);
}

const marks = () => JSON.parse(verdict().dataset.marks);

// What the judge said: broken cells, and each row's sums.
export function mark() {
  const broken = marks();
  const sums = JSON.parse(verdict().dataset.sums);
  for (const cell of cells()) cell.toggleAttribute("data-broken", Boolean(broken[cell.dataset.person]?.[cell.dataset.day]));
  for (const row of grid().tBodies[0].rows) {
    const told = sums[row.querySelector(".cell").dataset.person];
    row.querySelectorAll(".roster-sum").forEach((sum, index) => (sum.textContent = told[index]));
  }
}

// A head is pressed while all that is shown of its row or day is locked.
export const under = (head) => cells().filter((cell) => cell.dataset[head.dataset.row === "-1" ? "day" : "row"] === head.dataset[head.dataset.row === "-1" ? "day" : "row"]);

export function paintHeads() {
  for (const head of grid().querySelectorAll("[data-head]")) head.setAttribute("aria-pressed", String(under(head).every(isLocked)));
}
