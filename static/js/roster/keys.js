// Keys in the grid: arrows move (with Shift they choose a range), a shift's key sets it,
// Delete clears, the space bar locks, Ctrl+Z takes back; copying and pasting go through the
// clipboard as a spreadsheet's cells do.
import { lock, redo, set, undo } from "./changes.js";
import { at, block, current, focus, grid, say, words } from "./grid.js";

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

// One copied cell fills the whole range; several go down and right from its first cell.
export function pasted(event) {
  const rows = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map((row) => row.split("\t").map((one) => one.trim()));
  const unknown = rows.flat().find((one) => one && !document.querySelector(`[data-look="${CSS.escape(one)}"]`));
  event.preventDefault();
  if (unknown !== undefined) return say(words("noShift", { shift: unknown.slice(0, 20) }));
  if (rows.length === 1 && rows[0].length === 1) return setChosen(rows[0][0]);
  const first = block()[0]?.[0] ?? current();
  const [row, day] = [Number(first.dataset.row), Number(first.dataset.day)];
  set(rows.flatMap((shifts, down) => shifts.map((shift, across) => [at(row + down, day + across), shift])).filter(([cell]) => cell));
}

export const inGrid = (work) => (event) => grid()?.contains(document.activeElement) && work(event);
