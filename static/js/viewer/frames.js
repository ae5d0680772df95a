// Frames into Cornerstone images: one WADO-RS request a frame, uncompressed pixels back.
// What is not plain grey or RGB (palettes, subsampled colour, PNG and JPEG files) is
// shown from the server's rendering instead.
const PLAIN = new Set(["MONOCHROME1", "MONOCHROME2", "RGB"]);
const RAW = 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1';
const MULTIPART_END = [13, 10, 13, 10];

export const frames = new Map(); // image id -> what the server told of the frame
const early = new Map(); // address -> answer asked for before the viewer stood

// Ask for a frame's pixels while Cornerstone is still starting.
export function askEarly(frame) {
  if (isPlain(frame)) early.set(frame.pixels, fetch(frame.pixels, { headers: { Accept: RAW } }));
}

export function loadFrame(imageId) {
  const frame = frames.get(imageId);
  const stop = new AbortController();
  const load = isPlain(frame) ? rawImage : renderedImage;
  return {
    promise: load(imageId, frame, stop.signal),
    cancelFn: () => stop.abort(),
    decache: () => {},
  };
}

const isPlain = (frame) =>
  !frame.rendered_only && PLAIN.has(frame.photometric) && [8, 16].includes(frame.bits_allocated);

async function rawImage(imageId, frame, signal) {
  const answer = await ask(frame.pixels, RAW, signal);
  const body = new Uint8Array(await answer.arrayBuffer());
  const count = frame.rows * frame.columns * frame.samples;
  const bytes = count * (frame.bits_allocated / 8);
  const start = bodyStart(body, answer.headers.get("Content-Type") || "");
  const raw = body.slice(start, start + bytes);
  if (raw.length < bytes) throw new Error(`The frame is shorter than its header says: ${frame.pixels}`);
  if (frame.samples > 1) return image(imageId, frame, interleaved(raw, frame), { color: true });
  return image(imageId, frame, grey(raw, frame, count), {});
}

function grey(raw, frame, count) {
  const Type = frame.bits_allocated === 8 ? (frame.is_signed ? Int8Array : Uint8Array) : frame.is_signed ? Int16Array : Uint16Array;
  const stored = new Type(raw.buffer, 0, count);
  const spare = frame.bits_allocated - frame.bits_stored;
  if (spare > 0) {
    // Bits above Bits Stored may hold anything (PS3.5 8.1.1): shift them away.
    for (let i = 0; i < count; i++) stored[i] = frame.is_signed ? (stored[i] << (spare + 32 - frame.bits_allocated)) >> (spare + 32 - frame.bits_allocated) : stored[i] & (2 ** frame.bits_stored - 1);
  }
  return rescaled(stored, frame, count);
}

// Modality values (HU for CT), whole numbers where the rescale is whole.
function rescaled(stored, { slope, intercept }, count) {
  if (slope === 1 && intercept === 0) return stored;
  const whole = Number.isInteger(slope) && Number.isInteger(intercept);
  const values = new Float32Array(count);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = stored[i] * slope + intercept;
    values[i] = value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return whole && low >= -32768 && high <= 32767 ? Int16Array.from(values) : values;
}

function interleaved(raw, frame) {
  const pixels = frame.rows * frame.columns;
  if (frame.planar !== 1) return raw;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = raw[c * pixels + i];
  }
  return rgb;
}

async function renderedImage(imageId, frame, signal) {
  const answer = await ask(frame.rendered, "image/png, image/jpeg;q=0.9", signal);
  const bitmap = await createImageBitmap(await answer.blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const size = { ...frame, rows: bitmap.height, columns: bitmap.width, bits_allocated: 8, slope: 1, intercept: 0 };
  const pixels = data.length / 4;
  let isGrey = true;
  for (let i = 0; i < data.length && isGrey; i += 4) isGrey = data[i] === data[i + 1] && data[i] === data[i + 2];
  const out = new Uint8Array(isGrey ? pixels : pixels * 3);
  for (let i = 0; i < pixels; i++) {
    if (isGrey) out[i] = data[4 * i];
    else out.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  }
  // The server has already applied the window: show its grey levels as they are.
  return image(imageId, { ...size, photometric: isGrey ? "MONOCHROME2" : "RGB", center: 127.5, width: 255 }, out, { color: !isGrey });
}

function image(imageId, frame, data, { color = false }) {
  let low = data[0] ?? 0;
  let high = low;
  for (let i = 1; i < data.length; i++) {
    if (data[i] < low) low = data[i];
    else if (data[i] > high) high = data[i];
  }
  const [row, column] = frame.spacing_mm || [1, 1];
  const windowed = frame.width > 0 && frame.center !== null;
  Object.assign(frames.get(imageId), { rows: frame.rows, columns: frame.columns });
  return {
    imageId,
    minPixelValue: low,
    maxPixelValue: high,
    slope: 1,
    intercept: 0,
    windowCenter: color ? 127.5 : windowed ? frame.center : (low + high + 1) / 2,
    windowWidth: color ? 255 : windowed ? frame.width : Math.max(high - low + 1, 1),
    voiLUTFunction: "LINEAR",
    getPixelData: () => data,
    rows: frame.rows,
    columns: frame.columns,
    height: frame.rows,
    width: frame.columns,
    color,
    rgba: false,
    numberOfComponents: color ? 3 : 1,
    rowPixelSpacing: row,
    columnPixelSpacing: column,
    sliceThickness: frame.thickness_mm ?? undefined,
    invert: frame.photometric === "MONOCHROME1",
    photometricInterpretation: color ? "RGB" : frame.photometric,
    sizeInBytes: data.byteLength,
    dataType: data.constructor.name,
    imageFrame: {},
  };
}

async function ask(url, accept, signal) {
  const asked = early.get(url);
  early.delete(url);
  const answer = await (asked || fetch(url, { headers: { Accept: accept }, signal }));
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => null);
  throw new Error(problem?.detail || `${answer.status} ${url}`);
}

function bodyStart(body, type) {
  if (!type.startsWith("multipart/")) return 0;
  for (let i = 0; i < Math.min(body.length, 2000); i++) {
    if (MULTIPART_END.every((byte, k) => body[i + k] === byte)) return i + 4;
  }
  return 0;
}

// What Cornerstone asks about a frame, by the module's name.
export function frameMetadata(type, imageId) {
  const frame = frames.get(imageId);
  if (!frame) return undefined;
  const [row, column] = frame.spacing_mm || [1, 1];
  const isColor = frame.samples > 1;
  switch (type) {
    case "imagePixelModule":
      return {
        bitsAllocated: isColor ? 8 : frame.bits_allocated,
        bitsStored: frame.bits_stored,
        highBit: frame.bits_stored - 1,
        samplesPerPixel: frame.samples,
        photometricInterpretation: frame.photometric,
        pixelRepresentation: frame.is_signed || frame.intercept < 0 ? 1 : 0,
        rows: frame.rows,
        columns: frame.columns,
      };
    case "imagePlaneModule":
      return {
        frameOfReferenceUID: frame.frame_of_reference || frame.instance,
        rows: frame.rows,
        columns: frame.columns,
        rowPixelSpacing: row,
        columnPixelSpacing: column,
        pixelSpacing: [row, column],
        usingDefaultValues: !frame.spacing_mm,
        sliceThickness: frame.thickness_mm ?? undefined,
        ...orientation(frame),
      };
    case "generalSeriesModule":
      return { modality: frame.modality, seriesInstanceUID: frame.series };
    case "generalImageModule":
      return { instanceNumber: frame.number, sopInstanceUID: frame.instance };
    case "sopCommonModule":
      return { sopInstanceUID: frame.instance };
    case "voiLutModule":
      return frame.width > 0 && !isColor ? { windowCenter: [frame.center], windowWidth: [frame.width] } : undefined;
    case "modalityLutModule":
      return { rescaleSlope: 1, rescaleIntercept: 0 }; // applied as the frame was read
    default:
      return undefined;
  }
}

function orientation(frame) {
  const cosines = frame.orientation || [1, 0, 0, 0, 1, 0];
  const position = frame.position_mm || [0, 0, frame.index];
  return {
    imageOrientationPatient: cosines,
    rowCosines: cosines.slice(0, 3),
    columnCosines: cosines.slice(3),
    imagePositionPatient: position,
  };
}
