"""What a slice looks like, in few numbers, without any network.

A network that learned one kind of image maps everything else among what it knows: its
own features see least what is strange. These numbers are of the picture alone.

References:
    Oliva and Torralba, Modeling the shape of the scene, IJCV 2001 (layout and spectrum).
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

APPEARANCE_FILE = "appearance.npz"
NEIGHBOURS = 3
CUT = 8.0  # standard deviations: beyond, more is not stranger
FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
SIDE = 64  # pixels: larger squares are averaged down
CELLS = 8  # of the layout, on each side
LEVELS = 12  # of grey
RINGS = 10  # of the spectrum
ORIENTATIONS = 6


@dataclass(frozen=True, slots=True)
class Known:
    """What the images that a model learned from look like.

    Attributes:
        mean: Shape (F,), of their appearance; `deviation` likewise.
        learned: Shape (N, F), each image's own, standardised.
        weights: Shape (2F,), of a logistic regression between them and images that were
            made of them but are none (`training.strange`); on values and their squares.
        bias: Of the same.
        limits: Where a distance, and where a regression's answer, begins to be strange.
        spread: Of the regression's answers for images that are known.
    """

    mean: Array
    deviation: Array
    learned: Array
    weights: Array
    bias: float
    limits: tuple[float, float]
    spread: float


def strangeness(known: Known, squares: FloatArray) -> Array:
    """Return how strange squares look: above 1, stranger than what is known.

    Args:
        known: What a model learned from.
        squares: Shape (N, S, S), in [0, 1].

    Returns:
        Shape (N,).
    """
    x = standardised(appearance(squares), known)
    far = distances(x, known.learned) / known.limits[0]
    odd = 1 + (raised(x) @ known.weights + known.bias - known.limits[1]) / known.spread
    return np.maximum(far, odd)


def standardised(values: Array, known: Known) -> Array:
    return (values - known.mean) / known.deviation


def raised(x: Array) -> Array:
    """Return values and their squares, so that a line can close round the known."""
    cut = x.clip(-CUT, CUT)
    return np.concatenate([cut, cut**2 / 4], axis=1)


def distances(x: Array, learned: Array) -> Array:
    """Return the mean distance to the nearest images that were learned, shape (N,)."""
    squared = (x**2).sum(axis=1)[:, None] + (learned**2).sum(axis=1) - 2 * x @ learned.T
    nearest = np.sort(squared.clip(min=0), axis=1)[:, :NEIGHBOURS]
    result: Array = np.sqrt(nearest.mean(axis=1))
    return result


@lru_cache(maxsize=4)
def load_known(folder: Path, digest: str) -> Known | None:
    """Return what an entry knows of its images' looks; None where it keeps nothing.

    Args:
        folder: Of a verified entry.
        digest: Its own: another entry in the same place is read again.
    """
    path = folder / APPEARANCE_FILE
    if not digest or not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as kept:
        values = {name: kept[name].astype(np.float64) for name in kept.files}
    return Known(
        mean=values["mean"],
        deviation=values["deviation"],
        learned=values["learned"],
        weights=values["weights"],
        bias=float(values["bias"]),
        limits=(float(values["limits"][0]), float(values["limits"][1])),
        spread=float(values["spread"]),
    )


def appearance(squares: FloatArray) -> Array:
    """Return each square's layout, grey levels, spectrum, edges and symmetry.

    Args:
        squares: Shape (N, S, S), in [0, 1].

    Returns:
        Shape (N, F).
    """
    small = np.stack([_shrunk(square, SIDE) for square in squares])
    layout = small.reshape(len(small), CELLS, SIDE // CELLS, CELLS, SIDE // CELLS)
    means, spreads = layout.mean(axis=(2, 4)), layout.std(axis=(2, 4))
    parts = [
        means.reshape(len(small), -1),
        spreads.reshape(len(small), -1),
        _levels(small),
        _spectrum(small),
        _edges(small),
        _symmetry(small),
        _fineness(squares),
    ]
    return np.concatenate(parts, axis=1)


def _shrunk(square: FloatArray, side: int) -> Array:
    """Return a square averaged over a grid of its own rows and columns."""
    times = -(-side // len(square))  # a smaller one is enlarged first
    if times > 1:
        square = square.repeat(times, axis=0).repeat(times, axis=1)
    edges = np.linspace(0, len(square), side + 1).round().astype(int)
    counts = np.maximum(np.diff(edges), 1)
    rows = np.add.reduceat(square, edges[:-1], axis=0) / counts[:, None]
    shrunk: Array = np.add.reduceat(rows, edges[:-1], axis=1) / counts
    return shrunk


def _levels(small: Array) -> Array:
    counts = [np.histogram(s, LEVELS, (0.0, 1.0))[0] / s.size for s in small]
    levels: Array = np.sqrt(np.array(counts))
    return levels


def _spectrum(small: Array) -> Array:
    """Return the logarithm of the power on rings of frequency, shape (N, RINGS)."""
    power = np.abs(np.fft.fftshift(np.fft.fft2(small), axes=(1, 2))) ** 2
    y, x = np.indices((SIDE, SIDE)) - SIDE // 2
    ring = np.minimum(np.hypot(y, x) / (SIDE / 2) * RINGS, RINGS).astype(int)
    rings = [power[:, ring == number].mean(axis=1) for number in range(RINGS)]
    return np.log(np.stack(rings, axis=1) + 1e-6)


def _edges(small: Array) -> Array:
    """Return how much of the edges lies in each direction, and how many there are."""
    dy, dx = np.gradient(small, axis=(1, 2))
    size = np.hypot(dy, dx)
    direction = (np.arctan2(dy, dx) % np.pi / np.pi * ORIENTATIONS).astype(int)
    total = size.sum(axis=(1, 2)) + 1e-6
    shares = [
        (size * (direction % ORIENTATIONS == number)).sum(axis=(1, 2)) / total
        for number in range(ORIENTATIONS)
    ]
    return np.stack([*shares, size.mean(axis=(1, 2))], axis=1)


def _symmetry(small: Array) -> Array:
    """Return how alike left and right, top and bottom are, shape (N, 2)."""
    centred = small - small.mean(axis=(1, 2), keepdims=True)
    variance = (centred**2).mean(axis=(1, 2)) + 1e-6
    mirrored = [
        (centred * np.flip(centred, axis=axis)).mean(axis=(1, 2)) / variance
        for axis in (2, 1)
    ]
    return np.stack(mirrored, axis=1)


def _fineness(squares: FloatArray) -> Array:
    """Return what remains of each square beyond its neighbours' mean, shape (N, 1)."""
    middle = squares[:, 1:-1, 1:-1]
    around = squares[:, :-2, 1:-1] + squares[:, 2:, 1:-1]
    around = around + squares[:, 1:-1, :-2] + squares[:, 1:-1, 2:]
    residue = np.abs(middle - around / 4).mean(axis=(1, 2))
    fineness: Array = np.log(residue.astype(np.float64) + 1e-4)[:, None]
    return fineness
