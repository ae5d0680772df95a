// Boxes and polygons in image pixels: (0, 0) is the outer corner of the first pixel.
export const SMALLEST = 2; // pixels that a box measures at least while it is drawn
const USUAL_SHARE = 0.25; // of the image, for a box placed by the keyboard

const between = (value, low, high) => Math.min(Math.max(value, low), high);
const whole = ([x, y]) => [Math.round(x), Math.round(y)];
const tenth = ([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10];

export const onFrame = (mark, frame) => mark.sop_instance_uid === frame.sop_instance_uid && mark.frame === frame.frame;

export function bounds({ points }) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export function boxBetween(a, b, { rows, columns }) {
  const [left, right] = [a[0], b[0]].sort((x, y) => x - y);
  const [top, bottom] = [a[1], b[1]].sort((x, y) => x - y);
  const from = whole([between(left, 0, columns - SMALLEST), between(top, 0, rows - SMALLEST)]);
  const to = whole([between(right, from[0] + SMALLEST, columns), between(bottom, from[1] + SMALLEST, rows)]);
  return [from, to];
}

export function usualBox({ rows, columns }) {
  const [width, height] = [columns * USUAL_SHARE, rows * USUAL_SHARE];
  const from = [(columns - width) / 2, (rows - height) / 2];
  return boxBetween(from, [from[0] + width, from[1] + height], { rows, columns });
}

// The whole mark, as far as the image goes.
export function moved(mark, dx, dy, { rows, columns }) {
  const [left, top, right, bottom] = bounds(mark);
  const x = between(dx, -left, columns - right);
  const y = between(dy, -top, rows - bottom);
  return mark.points.map((point) => tenth([point[0] + x, point[1] + y]));
}

// A box's second corner, so that the first stays where it is.
export function resized(mark, dx, dy, { rows, columns }) {
  const [[left, top], [right, bottom]] = mark.points;
  return [
    [left, top],
    [between(right + dx, left + SMALLEST, columns), between(bottom + dy, top + SMALLEST, rows)],
  ];
}

// One corner pulled to a place: a box's four are counted clockwise from the upper left.
export function pulled(mark, corner, [x, y], size) {
  if (mark.kind === "polygon") {
    const place = tenth([between(x, 0, size.columns), between(y, 0, size.rows)]);
    return mark.points.map((point, index) => (index === corner ? place : point));
  }
  const corners = outline(mark);
  return boxBetween(corners[(corner + 2) % 4], [x, y], size);
}

export function outline(mark) {
  if (mark.kind === "polygon") return mark.points;
  const [left, top, right, bottom] = bounds(mark);
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

export const within = ([x, y], { rows, columns }) => tenth([between(x, 0, columns), between(y, 0, rows)]);
