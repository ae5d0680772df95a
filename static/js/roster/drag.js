// Dragging by mouse or pen: a shift moves onto another cell, or changes places with what is
// there; with Alt, or from the legend, it is painted over cells; from a free cell a range is
// chosen. Fingers scroll, as everywhere.
import { change, set } from "./changes.js";
import { focus, grid, isLocked, nameOf, say, words } from "./grid.js";

const FAR_PX = 6; // before it, a press is a click
let drag = null; // {kind, from, shift, over, x, y, isLive}

const cellUnder = ({ clientX, clientY }) => document.elementFromPoint(clientX, clientY)?.closest("#roster-grid .cell");

// A pen that comes near draws; before it touches, or it would scroll.
export const neared = ({ pointerType }) => grid().toggleAttribute("data-pen", pointerType === "pen");

export function grabbed(event) {
  if (event.pointerType === "touch" || event.button !== 0 || event.shiftKey) return;
  const cell = event.target.closest(".cell");
  const legend = event.target.closest("[data-look]");
  if (!cell && !legend) return;
  const shift = legend ? legend.dataset.look : cell.dataset.shift;
  const kind = legend || event.altKey ? "paint" : shift ? "move" : "choose";
  drag = { kind, from: cell, shift, over: new Set(), x: event.clientX, y: event.clientY, isLive: false };
}

export function dragged(event) {
  if (!drag || (!drag.isLive && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR_PX)) return;
  if (!drag.isLive && drag.from) focus(drag.from);
  drag.isLive = true;
  const cell = cellUnder(event);
  if (!cell) return;
  if (drag.kind === "choose") return focus(cell, { extends: true });
  if (drag.kind === "move") clear();
  if (cell !== drag.from) drag.over.add(cell);
  cell.setAttribute("data-drop", isLocked(cell) ? "locked" : "");
  drag.from?.setAttribute("data-drag", "");
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function dropped() {
  const was = drag;
  const cells = [...(was?.over ?? [])];
  release();
  if (!was?.isLive || !cells.length) return;
  if (was.kind === "move") move(was.from, cells[0]);
  else set(cells.map((cell) => [cell, was.shift]));
  focus(cells.at(-1));
}

export function release() {
  if (drag) clear();
  drag = null;
}

function clear() {
  for (const cell of grid()?.querySelectorAll("[data-drop], [data-drag]") ?? []) {
    cell.removeAttribute("data-drop");
    cell.removeAttribute("data-drag");
  }
  drag.over.clear();
}

// The shift goes to the other cell; what it held comes back in its place.
function move(from, to) {
  if (isLocked(from) || isLocked(to)) return say(words("lockedMove"));
  if (from.dataset.shift === to.dataset.shift) return;
  change([
    { ...nameOf(from), shift: to.dataset.shift },
    { ...nameOf(to), shift: from.dataset.shift },
  ]);
}
