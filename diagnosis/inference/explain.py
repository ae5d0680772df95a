"""Where in the image the answer came from, as a map and as a picture to lay over it.

References:
    Selvaraju et al., Grad-CAM, ICCV 2017; for this network it equals CAM (`network`).
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FloatArray = NDArray[np.float32]
MAX_SIDE = 512
MAX_OPACITY = 200  # of 255: the tissue stays visible under the map
# Dark red to light yellow: lightness rises with the value, so it reads without colour.
RAMP = np.array(
    [[90, 0, 60], [180, 20, 60], [235, 90, 30], [250, 170, 40], [255, 245, 160]],
    dtype=np.float32,
)


def saliency(cam: FloatArray) -> FloatArray:
    """Return what speaks for a label, scaled so that the strongest place is 1.

    Args:
        cam: Shape (h, w), class activation map; what speaks against is dropped.

    Returns:
        Shape (h, w), in [0, 1]; zero everywhere when nothing speaks for the label.
    """
    positive = np.maximum(cam, 0).astype(np.float32)
    return positive / np.float32(max(float(positive.max()), 1e-6))


def overlay_png(saliency_map: FloatArray, *, rows: int, columns: int) -> bytes:
    """Return a transparent PNG in the aspect ratio of the image it is laid over.

    Args:
        saliency_map: Shape (h, w), in [0, 1].
        rows: Of the image.
        columns: Of the image.
    """
    scale = min(1.0, MAX_SIDE / max(rows, columns))
    size = (max(round(columns * scale), 1), max(round(rows * scale), 1))
    image = Image.fromarray(np.ascontiguousarray(saliency_map, dtype=np.float32))
    values = np.asarray(image.resize(size, Image.Resampling.BICUBIC)).clip(0, 1)
    stops = np.linspace(0, 1, len(RAMP))
    rgba = np.empty((*values.shape, 4), dtype=np.uint8)
    for channel in range(3):
        rgba[..., channel] = np.interp(values, stops, RAMP[:, channel])
    rgba[..., 3] = values * MAX_OPACITY
    buffer = io.BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
