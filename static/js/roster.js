// The roster's page: its grid listens, its buttons act, and it follows what others change
// and how a search goes.
import { enqueue, findSteps, lock, onRefresh, paint, redo, refresh, undo } from "./roster/changes.js";
import { dragged, dropped, grabbed, neared, release } from "./roster/drag.js";
import { arrived, at, cellOf, current, focus, grid, root, under, verdict } from "./roster/grid.js";
import { copied, inGrid, lockChosen, pasted, pressed, setChosen } from "./roster/keys.js";

const acts = { undo, redo, lock: lockChosen };
const canEdit = () => grid() && grid().getAttribute("aria-readonly") !== "true";

function begin() {
  if (!canEdit()) return;
  document.querySelector("[data-roster-tools]").hidden = false;
  grid().addEventListener("keydown", pressed);
  grid().addEventListener("focusin", ({ target }) => target.matches("[data-row]") && arrived(target));
  grid().addEventListener("click", ({ target, shiftKey }) => {
    const head = target.closest("[data-head]");
    if (head) lock(under(head));
    focus(target.closest("[data-row]"), { extends: shiftKey && !head });
  });
  grid().addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault()); // the range begins where one was
  grid().addEventListener("pointerover", neared);
  root().addEventListener("pointerdown", grabbed);
  root().addEventListener("anji:event", ({ detail }) => {
    const { roster, version } = detail.data;
    if (roster !== root().dataset.roster) return;
    enqueue(() => (Number(version) > Number(verdict().dataset.version) || detail.event === "solved" || detail.event === "solving" ? refresh() : null));
  });
  paint();
}

document.addEventListener("pointermove", dragged);
document.addEventListener("pointerup", dropped);
document.addEventListener("pointercancel", release);
document.addEventListener("keydown", ({ key }) => key === "Escape" && release());
document.addEventListener("copy", inGrid(copied));
document.addEventListener("cut", inGrid(copied));
document.addEventListener("paste", inGrid(pasted));

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-roster-do]")?.dataset.rosterDo;
  const shift = canEdit() && event.target.closest("button[data-look]");
  if (act) acts[act]();
  if (shift) setChosen(shift.dataset.look);
  if (act === "lock" || shift) focus(current());
  const link = event.target.closest("[data-cell-day]");
  if (!link || link.dataset.cellDay === "") return;
  const cell = link.dataset.cellKey ? cellOf(link.dataset.cellKey, link.dataset.cellDay) : at(0, link.dataset.cellDay);
  if (!cell) return; // not among what is shown: the link leads to the whole roster
  event.preventDefault();
  focus(cell);
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

onRefresh(begin);
if (canEdit()) findSteps();
begin();
