// The study page's viewer: its buttons, sliders and corners around one stack.
import { askEarly } from "./frames.js";
import { Saliency } from "./saliency.js";
import { openStack } from "./stack.js";
import { PRESETS } from "./windows.js";

const viewer = document.querySelector("[data-viewer]");
const part = (name) => viewer.querySelector(`[data-part="${name}"]`);
const all = (selector) => [...document.querySelectorAll(selector)];
const corners = { window: part("window"), place: part("place"), series: part("series") };
const slider = part("slice");
const failure = part("failure");
const saliency = new Saliency(part("stage"), part("opacity"), part("elsewhere"));
let stack = null;

async function start() {
  if (!viewer.dataset.series) return;
  const images = imagesOf(viewer.dataset.series);
  images.then((list) => list.length && askEarly(list[startOf(list)]));
  await begin();
  await show(await images);
}

async function begin() {
  stack = await openStack(part("canvas"), viewer.dataset.bundle);
  stack.on("IMAGE_RENDERED", paint);
  stack.on("CAMERA_MODIFIED", paint);
  stack.on("VOI_MODIFIED", paint);
  stack.onFailure(fail);
}

async function imagesOf(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return (await answer.json()).images;
}

const mapOf = (frames) => {
  const instances = new Set(frames.map(({ instance }) => instance));
  const finding = all("[data-saliency]").find(({ dataset }) => instances.has(dataset.instance));
  if (!finding) return null;
  const { saliency: url, instance, frame } = finding.dataset;
  return { url, instance, frame: Number(frame) };
};

const isAt = ({ instance, frame }) => (image) => image.instance === instance && image.frame === frame;

// The key image of the finding, else the image the server showed first, else the middle.
function startOf(frames) {
  const map = mapOf(frames);
  const key = map ? frames.findIndex(isAt(map)) : -1;
  if (key >= 0) return key;
  const first = frames.findIndex(isAt({ instance: viewer.dataset.first, frame: 1 }));
  return first >= 0 ? first : Math.floor(frames.length / 2);
}

async function show(frames) {
  failure.hidden = true;
  if (!frames.length) return fail(new Error(viewer.dataset.noImages));
  const map = mapOf(frames);
  saliency.choose(map);
  for (const control of all("[data-needs-map]")) control.hidden = !map;
  slider.max = frames.length - 1;
  slider.disabled = frames.length < 2;
  await stack.show(frames, startOf(frames));
  viewer.dataset.ready = "";
  performance.mark("viewer-ready");
  paint();
}

function paint() {
  const frame = stack?.frame;
  if (!frame) return;
  slider.value = stack.index;
  const place = `${stack.index + 1} / ${stack.frames.length}`;
  slider.parentElement.querySelector("output").textContent = place;
  slider.setAttribute("aria-valuetext", place);
  const [center, width] = stack.window || [];
  const zoom = Math.round(stack.viewport.getZoom() * 100);
  corners.window.textContent = width ? `W ${Math.round(width)}  L ${Math.round(center)}` : "";
  corners.place.textContent = `${place}  ·  ${zoom} %`;
  saliency.place(frame, (corner) => stack.corner(corner));
  viewer.dispatchEvent(new CustomEvent("viewer:painted", { detail: stack }));
}

function fail(error) {
  console.warn(error);
  failure.hidden = false;
  failure.querySelector("[data-part=reason]").textContent = error?.message || String(error);
}

const ACTIONS = {
  tool: (name) => {
    stack.use(name);
    for (const button of all("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === name));
  },
  preset: (name) => {
    stack.setWindow(PRESETS[name]);
    part("presets").value = name;
  },
  step: (by) => stack.go(stack.index + Number(by)),
  go: (where) => stack.go(where === "end" ? stack.frames.length - 1 : Number(where)),
  invert: () => stack.invert(),
  reset: () => {
    stack.reset();
    part("presets").value = "stored";
  },
  zoom: (factor) => stack.zoomBy(Number(factor)),
  saliency: () => saliency.toggle(),
  key: () => {
    const { map } = saliency;
    if (map) stack.go(stack.frames.findIndex(isAt(map)));
  },
  full: () => (document.fullscreenElement ? document.exitFullscreen() : viewer.requestFullscreen()),
};

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-tool], [data-view]");
  if (button && stack) {
    if (button.dataset.tool) ACTIONS.tool(button.dataset.tool);
    else {
      const [name, value] = button.dataset.view.split(":");
      ACTIONS[name](value);
    }
  }
  const tile = target.closest("[data-series-images]");
  if (tile && stack) {
    for (const other of all("[data-series-images]")) other.setAttribute("aria-pressed", String(other === tile));
    corners.series.textContent = tile.dataset.title;
    viewer.dataset.series = tile.dataset.seriesImages;
    await imagesOf(tile.dataset.seriesImages).then(show).catch(fail);
  }
});

part("presets")?.addEventListener("change", ({ target }) => stack && ACTIONS.preset(target.value));
slider.addEventListener("input", () => stack?.go(Number(slider.value)));

const KEYS = { ArrowDown: "step:1", ArrowUp: "step:-1", ArrowRight: "step:1", ArrowLeft: "step:-1", PageDown: "step:5", PageUp: "step:-5", Home: "go:0", End: "go:end", "+": "zoom:1.25", "=": "zoom:1.25", "-": "zoom:0.8" };
part("stage").addEventListener("keydown", (event) => {
  const action = KEYS[event.key];
  if (!action || !stack || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const [name, value] = action.split(":");
  ACTIONS[name](value);
});

// A verdict may change which map belongs to the series: look again after each swap.
document.addEventListener("htmx:afterSettle", () => {
  if (!stack?.frames.length) return;
  saliency.choose(mapOf(stack.frames));
  for (const control of all("[data-needs-map]")) control.hidden = !saliency.map;
  paint();
});

start().catch(fail);
