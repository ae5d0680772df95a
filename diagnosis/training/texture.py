"""What a picture's texture alone says: the plain method a network has to beat.

References:
    Ojala et al., Multiresolution gray-scale and rotation invariant texture
    classification with local binary patterns, PAMI 2002.
    Haralick et al., Textural features for image classification, 1973.
    Dalal and Triggs, Histograms of oriented gradients, CVPR 2005.
    Geurts et al., Extremely randomized trees, Machine Learning 2006.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import (
    ExtraTreesClassifier,
)

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
AROUND = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
GREYS = 16
TREES = 500


def texture_features(squares: FloatArray) -> Array:
    """Return grey levels, local patterns, co-occurrences and edges of each square.

    Args:
        squares: Shape (N, S, S), in [0, 1].

    Returns:
        Shape (N, F).
    """
    return np.array([_features(square.astype(np.float64)) for square in squares])


def trees_margins(
    train: Array, truth: NDArray[np.bool_], held_out: Array, *, seed: int
) -> Array:
    """Return what a forest of random trees says of held-out images, in [0, 1]."""
    forest = ExtraTreesClassifier(
        TREES, min_samples_leaf=2, class_weight="balanced", random_state=seed
    )
    forest.fit(train, truth)
    p: Array = forest.predict_proba(held_out)[:, 1]
    return p


def _features(square: Array) -> Array:
    half = len(square) // 2
    quarters = (
        square[:half, :half],
        square[:half, half:],
        square[half:, :half],
        square[half:, half:],
    )
    grey = np.histogram(square, 32, (0.0, 1.0))[0] / square.size
    parts = [grey, *(_patterns(square, radius) for radius in (1, 2, 3))]
    parts += [_occurrences(square), _edges(square)]
    for quarter in quarters:
        parts += [_occurrences(quarter), np.array([quarter.mean(), quarter.std()])]
    return np.concatenate(parts)


def _patterns(square: Array, radius: int) -> Array:
    """Return shares of rotation-invariant local patterns, whole and in nine fields."""
    side = len(square)
    inner = square[radius:-radius, radius:-radius]
    bits = np.stack(
        [
            square[
                radius * (1 + dy) : side - radius * (1 - dy),
                radius * (1 + dx) : side - radius * (1 - dx),
            ]
            >= inner
            for dy, dx in AROUND
        ]
    )  # (8, S - 2r, S - 2r)
    changes = (bits != np.roll(bits, 1, axis=0)).sum(axis=0)
    codes = np.where(changes <= 2, bits.sum(axis=0), 9)
    fields = [codes]
    for rows in np.array_split(codes, 3):
        fields += np.array_split(rows, 3, axis=1)
    return np.concatenate(
        [np.bincount(field.ravel(), minlength=10) / field.size for field in fields]
    )


def _occurrences(square: Array) -> Array:
    """Return Haralick's figures at three distances, mean and spread over directions."""
    levels = np.minimum((square * GREYS).astype(int), GREYS - 1)
    H, W = levels.shape
    i, j = np.mgrid[:GREYS, :GREYS]
    result = []
    for d in (1, 2, 4):
        figures = []
        for dy, dx in ((0, d), (d, 0), (d, d), (d, -d)):
            one = levels[: H - dy, max(0, -dx) : W - max(0, dx)]
            other = levels[dy:, max(0, dx) : W - max(0, -dx)]
            counts = np.bincount((one * GREYS + other).ravel(), minlength=GREYS**2)
            both = counts.reshape(GREYS, GREYS) + counts.reshape(GREYS, GREYS).T
            figures.append(_haralick(both / both.sum(), i, j))
        result += [np.mean(figures, axis=0), np.std(figures, axis=0)]
    return np.concatenate(result)


def _haralick(p: Array, i: NDArray[np.intp], j: NDArray[np.intp]) -> list[float]:
    mean = (i * p).sum()
    variance = ((i - mean) ** 2 * p).sum() + 1e-9
    seen = p[p > 0]
    return [
        ((i - j) ** 2 * p).sum(),
        (np.abs(i - j) * p).sum(),
        (p / (1 + (i - j) ** 2)).sum(),
        (p**2).sum(),
        ((i - mean) * (j - mean) * p).sum() / variance,
        -(seen * np.log(seen)).sum(),
    ]


def _edges(square: Array, *, cells: int = 6, directions: int = 9) -> Array:
    """Return how edges run in each of 6 x 6 cells."""
    down, across = np.gradient(square)
    strength = np.hypot(down, across)
    angle = (np.arctan2(down, across) % np.pi) / np.pi * directions
    direction = np.minimum(angle.astype(int), directions - 1)
    result = []
    for rows in np.array_split(np.arange(len(square)), cells):
        for columns in np.array_split(np.arange(len(square)), cells):
            cell = np.ix_(rows, columns)
            histogram = np.bincount(
                direction[cell].ravel(), strength[cell].ravel(), directions
            )
            result.append(histogram / (np.linalg.norm(histogram) + 1e-6))
    return np.concatenate(result)
