// Keys in the grid: arrows move (with Shift they choose a range), a shift's key sets it,
// Delete clears, the space bar locks, Ctrl+Z takes back; copying and pasting go through the
// clipboard as a spreadsheet's cells do.
import { lock, redo, set, undo } from "./changes.js";
import { at, block, current, focus, grid, root, say, words } from "./grid.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FREE = "";

export const setChosen = (shift) => set(block().flat().map((cell) => [cell, shift]));
export const lockChosen = () => lock(block().flat());

// From a row's head the first cell is the next one, whichever day is shown first.
function neighbour(from, [down, across]) {
  const [row, day] = [Number(from.dataset.row), Number(from.dataset.day)];
  if (day === -1 && across > 0) return from.closest("tr").querySelector(".cell");
  return at(row + down, day + across) ?? (across < 0 ? at(row, -1) : null);
}

export function pressed(event) {
  const { key } = event;
  const cell = event.target.closest?.("[data-row]");
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && "zy".includes(key.toLowerCase())) {
    (key.toLowerCase() === "y" || event.shiftKey ? redo : undo)();
  } else if (isCommand || event.altKey || !cell) return;
  else if (STEPS[key]) step(neighbour(cell, STEPS[key]), event.shiftKey);
  else if (!cell.matches(".cell")) return;
  else if (key === "Home") step(cell.parentElement.querySelector(".cell"), event.shiftKey);
  else if (key === "End") step([...cell.parentElement.querySelectorAll(".cell")].at(-1), event.shiftKey);
  else if (key === "Escape") focus(cell);
  else if (key === "Delete" || key === "Backspace") setChosen(FREE);
  else if (key === " ") lockChosen();
  else {
    const legend = key.length === 1 && document.querySelector(`[data-key="${CSS.escape(key.toUpperCase())}"]`);
    if (!legend) return;
    setChosen(legend.dataset.look);
  }
  event.preventDefault();
  event.stopPropagation(); // the shell's own keys rest while one is in the grid
}

function step(to, isMore) {
  if (to?.matches(".cell") || !isMore) focus(to, { extends: isMore });
}

export function copied(event) {
  if (!block().length) return;
  event.clipboardData.setData("text/plain", block().map((row) => row.map((cell) => cell.dataset.shift).join("\t")).join("\n"));
  event.preventDefault();
  if (event.type === "cut") setChosen(FREE);
}

// The shifts that texts of other tables mean, undefined where a text means none: a shift as
// it is written here, or one of the ways to write it that the page knows.
function meant(rows) {
  const written = new Map(Object.entries(JSON.parse(root().dataset.written)));
  const isHere = (text) => document.querySelector(`[data-look="${CSS.escape(text)}"]`);
  return rows.map((row) => row.map((text) => (isHere(text) ? text : written.get(text.toLowerCase()))));
}

// One copied cell fills the whole range; several go down and right from its first cell.
export function pasted(event) {
  const rows = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map((row) => row.split("\t").map((one) => one.trim()));
  const shifts = meant(rows);
  const unknown = rows.flat().find((_text, place) => shifts.flat()[place] === undefined);
  event.preventDefault();
  if (unknown !== undefined) return say(words("noShift", { shift: unknown.slice(0, 20) }));
  if (rows.length === 1 && rows[0].length === 1) return setChosen(shifts[0][0]);
  const first = block()[0]?.[0] ?? current();
  const [row, day] = [Number(first.dataset.row), Number(first.dataset.day)];
  set(shifts.flatMap((line, down) => line.map((shift, across) => [at(row + down, day + across), shift])).filter(([cell]) => cell));
}

export const inGrid = (work) => (event) => grid()?.contains(document.activeElement) && work(event);
