"""A frame as a PNG or JPEG for people to look at.

Loads Pillow, numpy and pydicom: decoder children and workers only.
"""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.lookup import modality_values, palette_rgb
from diagnosis.dicom.pixels import decode_frame, rescale_of
from diagnosis.dicom.reading import OpenedFile
from diagnosis.dicom.validation import lift_functional_groups
from diagnosis.dicom.values import Values
from diagnosis.dicom.windowing import full_range_window, invert, rescale, window

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
JPEG_QUALITY = 90
MAX_SIDE = 4096


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a frame is shown: its window in modality values, its longest side."""

    frame: int = 1
    center: float | None = None
    width: float | None = None
    longest_side: int | None = None
    media_type: str = "image/png"


def render(opened: OpenedFile, options: RenderOptions) -> bytes:
    """Return the encoded picture of one frame.

    References:
        DICOM PS3.3 C.11 (grey scale), C.7.6.3.1.2 (photometric interpretation).
    """
    lift_functional_groups(opened.dataset)
    picture = Image.fromarray(_display(opened, options))
    if options.longest_side:
        side = min(options.longest_side, MAX_SIDE)
        picture.thumbnail((side, side), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    picture.save(buffer, FORMATS[options.media_type], quality=JPEG_QUALITY)
    return buffer.getvalue()


def _display(opened: OpenedFile, options: RenderOptions) -> NDArray[np.uint8]:
    frame = decode_frame(opened, options.frame)
    if frame.photometric_interpretation == "PALETTE COLOR":
        return palette_rgb(frame.stored, opened.dataset)
    if frame.stored.ndim == 3:
        return _colour(frame.stored)
    slope, intercept = rescale_of(opened.dataset)
    stored = modality_values(frame.stored, opened.dataset)
    values = rescale(stored, slope=slope, intercept=intercept)
    center, width = _window(opened, options, values)
    display = window(values, center=center, width=width)
    if frame.photometric_interpretation == "MONOCHROME1":
        display = invert(display)
    display *= 255.0
    return np.nan_to_num(display, nan=0.0).astype(np.uint8)


def _window(
    opened: OpenedFile, options: RenderOptions, values: NDArray[np.float32]
) -> tuple[float, float]:
    if options.center is not None and options.width is not None:
        return options.center, max(options.width, 1.0)
    own = Values(opened.dataset)
    center, width = own.number("WindowCenter"), own.number("WindowWidth")
    if center is not None and width is not None and width >= 1:
        return center, width
    return full_range_window(values)


def _colour(stored: NDArray[np.generic]) -> NDArray[np.uint8]:
    if stored.shape[-1] < 3:
        raise DicomRefused("pixels_unreadable", "(two samples)")
    rgb = stored[..., :3]
    if rgb.dtype.itemsize == 1:
        return np.ascontiguousarray(rgb).astype(np.uint8)
    highest = np.float32(256**rgb.dtype.itemsize - 1)
    return (rgb.astype(np.float32) / highest * 255).astype(np.uint8)
