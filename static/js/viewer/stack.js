// One stack of images on one element: Cornerstone's engine, tools and camera.
import { frameMetadata, frames, loadFrame } from "./frames.js";
import { centerWidth, rangeOf } from "./windows.js";

const SCHEME = "anji";
const AT_ONCE = 4; // frames fetched ahead at the same time
const VIEWPORT = "stack";
let cs = null;

export async function openStack(element, bundleUrl) {
  cs = await import(bundleUrl);
  await cs.initCore({ rendering: { webGlContextCount: 1 } });
  await cs.initTools();
  cs.imageLoader.registerImageLoader(SCHEME, loadFrame);
  cs.metaData.addProvider(frameMetadata, 1000);
  return new Stack(element);
}

class Stack {
  constructor(element) {
    this.element = element;
    this.engine = new cs.RenderingEngine("anji");
    this.engine.enableElement({ viewportId: VIEWPORT, type: cs.Enums.ViewportType.STACK, element });
    this.viewport = this.engine.getViewport(VIEWPORT);
    this.frames = [];
    this.generation = 0;
    this.bindTools();
    new ResizeObserver(() => this.frames.length && this.engine.resize(true, true)).observe(element);
  }

  bindTools() {
    const { MouseBindings } = cs.ToolEnums;
    const tools = [cs.WindowLevelTool, cs.PanTool, cs.ZoomTool, cs.StackScrollTool, cs.LengthTool, cs.AngleTool, cs.EllipticalROITool];
    this.group = cs.ToolGroupManager.createToolGroup("anji");
    for (const tool of tools) {
      cs.addTool(tool);
      this.group.addTool(tool.toolName);
    }
    this.group.addViewport(VIEWPORT, "anji");
    this.always = {
      [cs.StackScrollTool.toolName]: [{ mouseButton: MouseBindings.Wheel }],
      [cs.PanTool.toolName]: [{ mouseButton: MouseBindings.Auxiliary }, { numTouchPoints: 2 }],
      [cs.ZoomTool.toolName]: [{ mouseButton: MouseBindings.Secondary }],
    };
    this.names = {
      window: cs.WindowLevelTool.toolName,
      pan: cs.PanTool.toolName,
      zoom: cs.ZoomTool.toolName,
      scroll: cs.StackScrollTool.toolName,
      length: cs.LengthTool.toolName,
      angle: cs.AngleTool.toolName,
      ellipse: cs.EllipticalROITool.toolName,
    };
    this.use("window");
  }

  // Give a tool the primary button and one finger; the others keep their own bindings.
  use(tool) {
    const primary = [{ mouseButton: cs.ToolEnums.MouseBindings.Primary }, { numTouchPoints: 1 }];
    for (const name of Object.values(this.names)) this.group.setToolPassive(name, { removeAllBindings: true });
    for (const [name, bindings] of Object.entries(this.always)) this.group.setToolActive(name, { bindings });
    const name = this.names[tool];
    this.group.setToolActive(name, { bindings: [...primary, ...(this.always[name] || [])] });
    this.tool = tool;
  }

  async show(list, start) {
    const generation = ++this.generation;
    this.frames = list;
    this.ids = list.map((frame, index) => {
      const id = `${SCHEME}:${frame.id}`;
      frames.set(id, { ...frame, index });
      return id;
    });
    await this.viewport.setStack(this.ids, start);
    if (generation !== this.generation) return;
    this.viewport.resetCamera();
    this.viewport.render();
    this.fetchAhead(start, generation);
  }

  // The neighbours first, then outwards, a few at a time.
  fetchAhead(start, generation) {
    const order = [...this.ids.keys()].sort((a, b) => Math.abs(a - start) - Math.abs(b - start));
    const next = async () => {
      const index = order.shift();
      if (index === undefined || generation !== this.generation) return;
      await cs.imageLoader.loadAndCacheImage(this.ids[index]).catch(() => {});
      await next();
    };
    for (let i = 0; i < AT_ONCE; i++) next();
  }

  get index() {
    return this.viewport.getCurrentImageIdIndex();
  }

  get frame() {
    return frames.get(this.ids?.[this.index]);
  }

  go(index) {
    return this.viewport.setImageIdIndex(Math.min(Math.max(index, 0), this.ids.length - 1));
  }

  setWindow(preset) {
    if (preset) this.viewport.setProperties({ voiRange: rangeOf(preset) });
    else {
      const image = this.viewport.getCornerstoneImage();
      const first = (value) => (Array.isArray(value) ? value[0] : value);
      this.viewport.setProperties({ voiRange: rangeOf([first(image.windowCenter), first(image.windowWidth)]) });
    }
    this.viewport.render();
  }

  get window() {
    const range = this.viewport.getProperties().voiRange;
    return range ? centerWidth(range) : null;
  }

  invert() {
    this.viewport.setProperties({ invert: !this.viewport.getProperties().invert });
    this.viewport.render();
  }

  zoomBy(factor) {
    this.viewport.setZoom(this.viewport.getZoom() * factor);
    this.viewport.render();
  }

  reset() {
    cs.annotation.state.removeAllAnnotations();
    this.viewport.resetProperties();
    this.setWindow(null);
    this.viewport.resetCamera();
    this.viewport.render();
  }

  // Where a pixel's corner of the current image lies on the canvas.
  corner([x, y]) {
    const world = cs.utilities.imageToWorldCoords(this.ids[this.index], [x - 0.5, y - 0.5]);
    return this.viewport.worldToCanvas(world);
  }

  on(name, listener) {
    this.element.addEventListener(cs.Enums.Events[name], listener);
  }

  onFailure(listener) {
    cs.eventTarget.addEventListener(cs.Enums.Events.IMAGE_LOAD_FAILED, ({ detail }) => listener(detail.error));
    cs.eventTarget.addEventListener(cs.Enums.Events.IMAGE_LOAD_ERROR, ({ detail }) => listener(detail.error));
  }
}
