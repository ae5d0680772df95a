"""The one way from stored pixels to the network's input, in training and in service.

Size, aspect ratio and bit depth never reach the network: every image becomes one square
of one channel a slice, because in collected images those facts betray the class.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diagnosis.dicom.windowing import rescale, window
from diagnosis.inference.entry import Preprocessing

FloatArray = NDArray[np.float32]
PixelArray = NDArray[np.generic]
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601


class PreprocessError(ValueError):
    """Pixels that make no input for a network."""


def grey_of_hu(hu: FloatArray, preprocessing: Preprocessing) -> FloatArray:
    """Return intensities in [0, 1] of slices in Hounsfield units.

    Args:
        hu: Shape (..., H, W), HU.
        preprocessing: Holds the window.
    """
    return window(
        hu,
        center=preprocessing.window_center_hu,
        width=preprocessing.window_width_hu,
    )


def hu_of_stored(stored: PixelArray, *, slope: float, intercept: float) -> FloatArray:
    """Return Hounsfield units of stored CT values, not finite ones as air."""
    hu = rescale(stored, slope=slope, intercept=intercept)
    return np.nan_to_num(hu, copy=False, nan=-1000.0, posinf=3071.0, neginf=-1024.0)


def grey_of_picture(picture: PixelArray) -> FloatArray:
    """Return intensities in [0, 1] of a picture such as a PNG or JPEG file.

    Args:
        picture: Shape (H, W) or (H, W, 3); 8-bit values keep their scale, others are
            stretched to their range.

    Raises:
        PreprocessError: The shape is another.
    """
    values = picture.astype(np.float32)
    if values.ndim == 3 and values.shape[-1] == 3:
        values = values @ LUMA
    if values.ndim != 2 or values.size == 0:
        message = f"a picture has shape (H, W) or (H, W, 3), not {picture.shape}"
        raise PreprocessError(message)
    if picture.dtype == np.uint8:
        return values / np.float32(255)
    low, high = float(values.min()), float(values.max())
    return (values - low) / np.float32(max(high - low, 1e-6))


def squared(grey: FloatArray, *, size: int) -> FloatArray:
    """Return one slice resized to a square, whatever its aspect ratio was.

    Args:
        grey: Shape (H, W), in [0, 1].
        size: Side of the square, pixels.
    """
    image = Image.fromarray(np.ascontiguousarray(grey, dtype=np.float32))
    resized = image.resize((size, size), Image.Resampling.BILINEAR)
    return np.asarray(resized, dtype=np.float32).clip(0.0, 1.0)


def network_input(squares: FloatArray, preprocessing: Preprocessing) -> FloatArray:
    """Return the batch that a network takes.

    Args:
        squares: Shape (B, S, S), or (B, slices, S, S) with neighbours, in [0, 1].
        preprocessing: Holds mean and standard deviation of the training images.

    Returns:
        Shape (B, slices, S, S): a slice without neighbours stands for them too.
    """
    normalized = (squares - np.float32(preprocessing.mean)) / np.float32(
        preprocessing.standard_deviation
    )
    if normalized.ndim == 3:
        normalized = normalized[:, None].repeat(preprocessing.slices, axis=1)
    return np.ascontiguousarray(normalized, dtype=np.float32)
