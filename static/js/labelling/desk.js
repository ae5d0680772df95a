// The labelling desk: marks are drawn by pointer or by keys, listed, and sent with the label.
import { boxBetween, moved, onFrame, pulled, resized, usualBox, within } from "./marks.js";
import { Overlay } from "./overlay.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAST = 5; // pixels a step while an arrow is held down

const desk = document.querySelector("[data-labelling]");
const viewer = desk.querySelector("[data-viewer]");
const part = (name) => desk.querySelector(`[data-part="${name}"]`);
const stage = part("stage");
const list = part("list");
const words = desk.dataset;
const mayDraw = words.tools === "yes";
const overlay = new Overlay(stage);
const state = {
  marks: JSON.parse(words.marks || "[]"),
  others: [...desk.querySelectorAll("[data-other]")].map((item) => JSON.parse(item.dataset.otherMarks)),
  selected: -1,
  tool: null,
  draft: null, // corners of a polygon so far
  cursor: null, // where the keyboard's cross is
};
let stack = null;
let drag = null;

const frame = () => stack?.frame;
const hint = () => part("hint") && (part("hint").textContent = words[{ box: "hintBox", polygon: "hintPolygon" }[state.tool] || (state.marks.length ? "hintNone" : "hintEmpty")]);

viewer.addEventListener("viewer:painted", ({ detail }) => {
  const isFirst = !stack;
  stack = detail;
  overlay.follow(stack);
  if (isFirst) refresh();
  else paint();
});

const paint = () => overlay.paint({ ...state, frame: frame() });

function refresh() {
  if (part("marks")) part("marks").value = JSON.stringify(state.marks);
  for (const button of desk.querySelectorAll("[data-draw]")) button.setAttribute("aria-pressed", String(button.dataset.draw === state.tool));
  if (list) fill();
  hint();
  paint();
}

function fill() {
  const focused = list.contains(document.activeElement) && document.activeElement.dataset.item;
  list.replaceChildren(...state.marks.map(item));
  if (focused) list.querySelector(`[data-item="${Math.min(focused, state.marks.length - 1)}"]`)?.focus();
}

function item(mark, index) {
  const row = document.createElement("li");
  const choose = document.createElement("button");
  choose.type = "button";
  choose.className = "button";
  choose.dataset.item = index;
  choose.setAttribute("aria-pressed", String(index === state.selected));
  choose.textContent = nameOf(mark, index);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "button";
  remove.dataset.shape = "icon";
  remove.dataset.remove = index;
  remove.textContent = "×";
  remove.setAttribute("aria-label", `${words.remove}: ${nameOf(mark, index)}`);
  row.append(choose, remove);
  return row;
}

function nameOf(mark, index) {
  const kind = mark.kind === "box" ? words.box : words.polygon;
  const label = part("mark-label").querySelector(`[value="${CSS.escape(mark.answer)}"]`)?.textContent || mark.answer;
  const image = stack ? stack.frames.findIndex((one) => onFrame(mark, one)) + 1 : 0;
  const pattern = image ? words.place : words.elsewhere;
  return pattern.replace("{kind}", kind).replace("{number}", index + 1).replace("{label}", label).replace("{image}", image);
}

function use(tool) {
  state.tool = state.tool === tool ? null : tool;
  state.draft = state.tool === "polygon" ? [] : null;
  state.cursor = null;
  if (state.tool) {
    state.selected = -1;
    stage.focus();
  }
  refresh();
}

function add(kind, points) {
  const { sop_instance_uid, frame: number } = frame();
  const answer = part("mark-label").value;
  state.marks.push({ kind, answer, sop_instance_uid, frame: number, points, series: viewer.dataset.series });
  state.selected = state.marks.length - 1;
  state.tool = state.draft = state.cursor = null;
  refresh();
  list.lastElementChild.firstElementChild.focus();
}

function remove(index) {
  state.marks.splice(index, 1);
  state.selected = -1;
  refresh();
  if (!state.marks.length) stage.focus();
}

function select(index) {
  state.selected = index;
  show(state.marks[index]);
  refresh();
}

// Bring the image of a mark into the viewer, of another series if need be.
function show(mark) {
  const index = stack ? stack.frames.findIndex((one) => onFrame(mark, one)) : -1;
  if (index >= 0) return stack.go(index);
  viewer.addEventListener("viewer:painted", () => (refresh(), stack.frames.some((one) => onFrame(mark, one)) && show(mark)), { once: true });
  desk.querySelector(`[data-series-images="${mark.series}"]`)?.click();
}

function closePolygon() {
  if (state.draft?.length >= 3) add("polygon", state.draft);
}

function point(place) {
  const last = state.draft.at(-1);
  if (!last || last[0] !== place[0] || last[1] !== place[1]) state.draft.push(place);
  refresh();
}

// --- By keys ---------------------------------------------------------------------
function step(event, [x, y]) {
  const by = event.repeat ? FAST : 1;
  if (state.tool === "polygon") {
    const from = state.cursor || [frame().columns / 2, frame().rows / 2];
    state.cursor = within([from[0] + x * by, from[1] + y * by], frame());
    return paint();
  }
  const mark = state.marks[state.selected];
  const change = event.shiftKey && mark.kind === "box" ? resized : moved;
  mark.points = change(mark, x * by, y * by, frame());
  refresh();
}

const isChosen = () => state.selected >= 0 && frame() && onFrame(state.marks[state.selected], frame());

const DRAWING = {
  box: { Enter: () => add("box", usualBox(frame())), " ": () => add("box", usualBox(frame())), Escape: () => use("box") },
  polygon: {
    Enter: closePolygon,
    " ": () => {
      state.cursor ||= [frame().columns / 2, frame().rows / 2];
      point([...state.cursor]);
    },
    Backspace: () => (state.draft.pop(), refresh()),
    Escape: () => use("polygon"),
  },
};
const CHOSEN = { Delete: () => remove(state.selected), Backspace: () => remove(state.selected), Escape: () => ((state.selected = -1), refresh()) };

function pressed(event) {
  const isItem = event.target.closest?.("[data-item]");
  if (!mayDraw || !frame() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target !== stage && !isItem) return;
  const arrow = ARROWS[event.key];
  const action = state.tool ? DRAWING[state.tool][event.key] : isChosen() && CHOSEN[event.key];
  if (arrow && (state.tool === "polygon" || (!state.tool && isChosen()))) step(event, arrow);
  else if (action) action();
  else return;
  event.preventDefault();
  event.stopPropagation(); // the stack does not move meanwhile
}
desk.addEventListener("keydown", pressed, { capture: true });

// --- By pointer ------------------------------------------------------------------
overlay.svg.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !frame() || !mayDraw) return;
  const place = overlay.pixel(event);
  if (state.tool === "polygon") return point(within(place, frame()));
  const { mark, corner } = event.target.dataset;
  if (state.tool === "box") drag = { from: place };
  else if (corner !== undefined) drag = { corner: Number(corner) };
  else if (mark !== undefined) {
    state.selected = Number(mark);
    drag = { last: place };
  } else return;
  event.preventDefault();
  overlay.svg.setPointerCapture(event.pointerId);
  refresh();
});

overlay.svg.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const place = overlay.pixel(event);
  const mark = state.marks[state.selected];
  if (drag.from) state.draft = boxBetween(drag.from, place, frame());
  else if (drag.corner !== undefined) mark.points = pulled(mark, drag.corner, place, frame());
  else {
    mark.points = moved(mark, Math.round(place[0] - drag.last[0]), Math.round(place[1] - drag.last[1]), frame());
    drag.last = [drag.last[0] + Math.round(place[0] - drag.last[0]), drag.last[1] + Math.round(place[1] - drag.last[1])];
  }
  if (drag.from) overlay.paint({ ...state, draft: ring(state.draft), frame: frame() });
  else paint();
});

overlay.svg.addEventListener("pointerup", () => {
  const drawn = drag?.from && state.draft;
  drag = null;
  if (drawn) add("box", drawn);
  else refresh();
});
overlay.svg.addEventListener("pointercancel", () => {
  drag = null;
  refresh();
});
overlay.svg.addEventListener("dblclick", closePolygon);

const ring = ([[left, top], [right, bottom]]) => [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];

function take(marks) {
  state.marks = structuredClone(marks);
  state.selected = -1;
  refresh();
}

// --- Buttons ---------------------------------------------------------------------
desk.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const { draw, item: chosen, remove: gone, goOther, takeOther, takeAll } = button.dataset;
  if (draw && frame()) use(draw);
  else if (chosen) select(Number(chosen));
  else if (gone) remove(Number(gone));
  else if (goOther) show(state.others[goOther - 1][0]);
  else if (takeOther) take(state.others[takeOther - 1]);
  else if (takeAll !== undefined) take(state.others.flat());
});
