"""Teaches a model what its images look like, and what merely resembles them.

There are no examples of all that a model must not answer. So images are made of the
learned ones that keep one property and lose the rest: the spectrum without the shapes,
the pieces without their places, a part without the whole.

References:
    Hendrycks et al., Deep anomaly detection with outlier exposure, ICLR 2019.
    Sun et al., Out-of-distribution detection with deep nearest neighbors, ICML 2022.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import (
    LogisticRegression,
)

from diagnosis.inference.appearance import (
    APPEARANCE_FILE,
    Known,
    appearance,
    distances,
    raised,
    standardised,
)
from diagnosis.inference.preprocess import squared

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
FOLDS = 5
QUANTILE = 0.985  # of the known images' own answers, each out of its fold, for either
PIECES = 4  # on each side
REGULARISATION = 0.002


def fit_known(squares: FloatArray, *, groups: Sequence[str], seed: int = 0) -> Known:
    """Return what known images look like, with limits from images out of fold.

    Args:
        squares: Shape (N, S, S), in [0, 1]; ten at least, of five patients.
        groups: Whose each is: a patient's images never judge each other.
        seed: Of the made images.
    """
    values, made = appearance(squares), appearance(resembling(squares, seed=seed))
    names = sorted(set(groups))
    fold_of = {name: number % FOLDS for number, name in enumerate(names)}
    fold = np.array([fold_of[group] for group in groups])
    parts = len(made) // len(values)
    far, odd = np.empty(len(values)), np.empty(len(values))
    for number in np.unique(fold):
        held = fold == number
        known = _fitted(values[~held], made[np.repeat(~held, parts)])
        x = standardised(values[held], known)
        far[held] = distances(x, known.learned)
        odd[held] = raised(x) @ known.weights + known.bias
    known = _fitted(values, made)
    return Known(
        known.mean,
        known.deviation,
        known.learned,
        known.weights,
        known.bias,
        limits=(float(np.quantile(far, QUANTILE)), float(np.quantile(odd, QUANTILE))),
        spread=max(float(odd.std()), 1e-6),
    )


def write_known(known: Known, folder: Path) -> None:
    """Write what is known into an entry's folder, in half precision where it is large."""
    np.savez_compressed(
        folder / APPEARANCE_FILE,
        mean=known.mean,
        deviation=known.deviation,
        learned=known.learned.astype(np.float16),
        weights=known.weights,
        bias=np.array(known.bias),
        limits=np.array(known.limits),
        spread=np.array(known.spread),
    )


def resembling(squares: FloatArray, *, seed: int) -> FloatArray:
    """Return three images made of each square, one after the other."""
    generator = np.random.default_rng(seed)
    size = squares.shape[1]
    made = [
        squared(make(square, generator), size=size)
        for square in squares
        for make in (without_shapes, without_places, without_the_whole)
    ]
    return np.stack(made)


def without_shapes(square: FloatArray, generator: np.random.Generator) -> FloatArray:
    """Return the spectrum of a square with the phases of noise."""
    noise = np.fft.fft2(generator.normal(size=square.shape))
    mixed = np.abs(np.fft.fft2(square)) * np.exp(1j * np.angle(noise))
    grey = np.real(np.fft.ifft2(mixed))
    low, high = np.quantile(grey, [0.01, 0.99])
    shown: FloatArray = ((grey - low) / max(high - low, 1e-6)).clip(0, 1)
    return shown.astype(np.float32)


def without_places(square: FloatArray, generator: np.random.Generator) -> FloatArray:
    """Return the pieces of a square, put together anyhow."""
    side = len(square) // PIECES
    whole = square[: side * PIECES, : side * PIECES]
    pieces = whole.reshape(PIECES, side, PIECES, side).swapaxes(1, 2)
    order = generator.permutation(PIECES**2)
    mixed: FloatArray = pieces.reshape(-1, side, side)[order].reshape(pieces.shape)
    return mixed.swapaxes(1, 2).reshape(whole.shape)


def without_the_whole(square: FloatArray, generator: np.random.Generator) -> FloatArray:
    """Return a fifth to a half of a square's side, from anywhere."""
    side = int(generator.integers(len(square) // 5, len(square) // 2))
    y, x = generator.integers(0, len(square) - side, size=2)
    return square[y : y + side, x : x + side]


def _fitted(values: Array, made: Array) -> Known:
    mean, deviation = values.mean(axis=0), values.std(axis=0) + 1e-3
    empty = np.zeros(0)
    bare = Known(mean, deviation, empty, empty, 0.0, (1.0, 1.0), 1.0)
    learned, others = standardised(values, bare), standardised(made, bare)
    model = LogisticRegression(C=REGULARISATION, max_iter=1000, class_weight="balanced")
    model.fit(
        np.concatenate([raised(learned), raised(others)]),
        np.r_[np.zeros(len(learned)), np.ones(len(others))],
    )
    return Known(
        mean,
        deviation,
        learned,
        model.coef_[0].astype(np.float64),
        float(model.intercept_[0]),
        (1.0, 1.0),
        1.0,
    )
