// The part of Cornerstone3D the study page uses, as one bundle.
// Frames come from the server uncompressed, so no codec (and no WebAssembly) is here.
export {
  cache,
  Enums,
  eventTarget,
  getRenderingEngine,
  imageLoader,
  imageLoadPoolManager,
  init as initCore,
  metaData,
  RenderingEngine,
  utilities,
} from "@cornerstonejs/core";
export {
  addTool,
  annotation,
  init as initTools,
  AngleTool,
  EllipticalROITool,
  Enums as ToolEnums,
  LengthTool,
  PanTool,
  StackScrollTool,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
} from "@cornerstonejs/tools";
