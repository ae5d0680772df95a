"""What may happen to a picture on its way that changes no diagnosis, made on purpose.

Each keeps the picture's shape. A window of 1500 HU is one grey scale, so a hundredth of
it is 15 HU. Blur and sharpening stand for softer and harder reconstruction kernels.

References:
    Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.series import Picture, SeriesInput, SliceLoader
from diagnosis.training.shortcuts import lungs_blanked

FloatArray = NDArray[np.float32]
Change = Callable[[FloatArray], FloatArray]
PER_SIDE = 512  # pixels: a kernel's width is told for a picture of this side


def noisy(grey: FloatArray, *, deviation: float) -> FloatArray:
    """Return a picture with Gaussian noise; the same picture gets the same noise."""
    noise = np.random.default_rng(grey.size).normal(0, deviation, grey.shape)
    return _grey(grey + noise)


def shifted(grey: FloatArray, *, by: float) -> FloatArray:
    """Return a picture whose window lies lower, so that all is brighter, or higher."""
    return _grey(grey + by)


def stretched(grey: FloatArray, *, by: float) -> FloatArray:
    """Return a picture whose window is narrower, for by above 1, or wider."""
    return _grey((grey - 0.5) * by + 0.5)


def blurred(grey: FloatArray, *, deviation: float = 1.0) -> FloatArray:
    """Return a picture under a Gaussian, its deviation in pixels of a side of 512."""
    pixels = deviation * max(grey.shape) / PER_SIDE
    return _grey(_rows(_rows(grey, pixels).T, pixels).T)


def sharpened(grey: FloatArray) -> FloatArray:
    """Return a picture with what a blur would take away added once more."""
    return _grey(2 * grey - blurred(grey))


def turned(grey: FloatArray, *, degrees: float) -> FloatArray:
    """Return a picture turned about its middle; corners take its darkest grey."""
    image = Image.fromarray(np.ascontiguousarray(grey, dtype=np.float32))
    turned_image = image.rotate(
        degrees, Image.Resampling.BILINEAR, fillcolor=float(grey.min())
    )
    return _grey(np.asarray(turned_image))


def covered(grey: FloatArray) -> FloatArray:
    """Return a picture with the lungs covered: what remains is no finding."""
    return np.asarray(lungs_blanked(grey[None])[0])


CHANGES: Mapping[str, Change] = {
    "noise_2": lambda grey: noisy(grey, deviation=0.02),
    "noise_5": lambda grey: noisy(grey, deviation=0.05),
    "window_lower": lambda grey: shifted(grey, by=0.1),
    "window_higher": lambda grey: shifted(grey, by=-0.1),
    "contrast_less": lambda grey: stretched(grey, by=0.8),
    "contrast_more": lambda grey: stretched(grey, by=1.25),
    "kernel_soft": blurred,
    "kernel_hard": sharpened,
    "turned_left": lambda grey: turned(grey, degrees=10),
    "turned_right": lambda grey: turned(grey, degrees=-10),
}


def changed(series: SeriesInput, change: Change) -> SeriesInput:
    """Return a series every slice of which is changed before it is read."""

    def loader(load: SliceLoader) -> SliceLoader:
        def loaded(preprocessing: Preprocessing) -> Picture:
            picture = load(preprocessing)
            return replace(picture, grey=change(picture.grey))

        return loaded

    return replace(series, slices=tuple(loader(load) for load in series.slices))


def remembered(series: SeriesInput) -> SeriesInput:
    """Return a series that decodes each slice once, however often it is read."""
    loaders = tuple(lru_cache(maxsize=1)(load) for load in series.slices)
    return replace(series, slices=loaders)


def _rows(grey: FloatArray, deviation: float) -> FloatArray:
    reach = max(int(np.ceil(3 * deviation)), 1)
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-(steps**2) / (2 * deviation**2))
    padded = np.pad(grey, ((0, 0), (reach, reach)), mode="edge")
    width = grey.shape[1]
    total = sum(
        weight * padded[:, start : start + width]
        for start, weight in enumerate(weights / weights.sum())
    )
    return np.asarray(total, dtype=np.float32)


def _grey(values: NDArray[np.floating]) -> FloatArray:
    return values.clip(0, 1).astype(np.float32)
