"""From stored values to modality values to display intensities.

Loads numpy: decoder children, workers and commands only.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


class WindowError(ValueError):
    """A window or rescale that cannot be applied."""


def rescale(
    stored: NDArray[np.generic], *, slope: float, intercept: float
) -> FloatArray:
    """Return modality values, HU for CT: stored value x slope + intercept.

    Args:
        stored: Any shape.
        slope: Finite, not zero.
        intercept: Finite.

    Raises:
        WindowError: The slope is zero, or either number is not finite.

    References:
        DICOM PS3.3 C.11.1.1.2.
    """
    if not (np.isfinite(slope) and np.isfinite(intercept)) or slope == 0:
        message = f"slope {slope} and intercept {intercept} rescale nothing"
        raise WindowError(message)
    values = stored.astype(np.float32)
    values *= np.float32(slope)
    values += np.float32(intercept)
    return values


def window(values: NDArray[np.generic], *, center: float, width: float) -> FloatArray:
    """Return display intensity in [0, 1] by the linear function.

    Args:
        values: Any shape, modality values (HU for CT).
        center: Window center.
        width: Window width, at least 1.

    Raises:
        WindowError: The width is below 1 or a number is not finite.

    References:
        DICOM PS3.3 C.11.2.1.2.1.
    """
    if not (np.isfinite(center) and np.isfinite(width)) or width < 1:
        message = f"window center {center}, width {width}: the width must be at least 1"
        raise WindowError(message)
    display = values.astype(np.float32)
    if width == 1:
        return (display > center - 0.5).astype(np.float32)
    display -= np.float32(center - 0.5)
    display /= np.float32(width - 1)
    display += np.float32(0.5)
    return np.clip(display, 0.0, 1.0, out=display)


def full_range_window(values: NDArray[np.generic]) -> tuple[float, float]:
    """Return the (center, width) that shows every finite value."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return 0.5, 1.0
    low, high = float(finite.min()), float(finite.max())
    width = max(high - low + 1.0, 1.0)
    return low + width / 2, width


def invert(display: FloatArray) -> FloatArray:
    """Return the intensities of a MONOCHROME1 image as shown: low values bright."""
    return np.float32(1.0) - display
