// Marks over the image: drawn as SVG where the viewer's camera has the image now.
import { onFrame, outline } from "./marks.js";

const SVG = "http://www.w3.org/2000/svg";
const HANDLE = 6; // screen pixels from a corner's middle to its edge

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export class Overlay {
  constructor(stage) {
    this.svg = shape("svg", { class: "labelling-overlay", "aria-hidden": "true" });
    stage.append(this.svg);
    this.matrix = null;
  }

  // Where the image's corners are on the canvas: an affine map from pixels.
  follow(stack) {
    const { frame } = stack;
    if (!frame?.columns || !frame.rows) return;
    const [x0, y0] = stack.corner([0, 0]);
    const [x1, y1] = stack.corner([frame.columns, 0]);
    const [x2, y2] = stack.corner([0, frame.rows]);
    this.matrix = new DOMMatrix([(x1 - x0) / frame.columns, (y1 - y0) / frame.columns, (x2 - x0) / frame.rows, (y2 - y0) / frame.rows, x0, y0]);
  }

  onScreen([x, y]) {
    const point = this.matrix.transformPoint({ x, y });
    return [point.x, point.y];
  }

  // The image pixel under the pointer.
  pixel(event) {
    const { left, top } = this.svg.getBoundingClientRect();
    const point = this.matrix.inverse().transformPoint({ x: event.clientX - left, y: event.clientY - top });
    return [point.x, point.y];
  }

  paint({ frame, marks, selected, others, draft, cursor, tool }) {
    if (!this.matrix || !frame) return;
    this.svg.toggleAttribute("data-drawing", Boolean(tool));
    const parts = [];
    for (const [reader, listed] of others.entries()) {
      for (const mark of listed) if (onFrame(mark, frame)) parts.push(this.region(mark, { "data-reader": reader + 1 }));
    }
    for (const [index, mark] of marks.entries()) {
      if (!onFrame(mark, frame)) continue;
      const isSelected = index === selected;
      parts.push(this.region(mark, { "data-mark": index, ...(isSelected && { "data-selected": "" }) }));
      parts.push(this.number(mark, index + 1));
      if (isSelected) parts.push(...outline(mark).map((point, corner) => this.handle(point, corner)));
    }
    if (draft?.length) parts.push(shape("polyline", { points: this.line(draft), class: "labelling-draft" }));
    if (cursor) parts.push(...this.cross(cursor));
    this.svg.replaceChildren(...parts);
  }

  line(points) {
    return points.map((point) => this.onScreen(point).map((value) => value.toFixed(1)).join()).join(" ");
  }

  region(mark, attributes) {
    return shape("polygon", { points: this.line(outline(mark)), ...attributes });
  }

  number(mark, words) {
    const [x, y] = this.onScreen(outline(mark)[0]);
    const label = shape("text", { x: x + 4, y: y - 6 });
    label.textContent = words;
    return label;
  }

  handle(point, corner) {
    const [x, y] = this.onScreen(point);
    return shape("rect", { x: x - HANDLE, y: y - HANDLE, width: 2 * HANDLE, height: 2 * HANDLE, "data-corner": corner });
  }

  cross(point) {
    const [x, y] = this.onScreen(point);
    return [
      shape("line", { x1: x - 12, x2: x + 12, y1: y, y2: y, class: "labelling-cross" }),
      shape("line", { x1: x, x2: x, y1: y - 12, y2: y + 12, class: "labelling-cross" }),
    ];
  }
}
