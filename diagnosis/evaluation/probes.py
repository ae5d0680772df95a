"""What predicts the label without showing the disease: the shortcut probe.

Each probe is a logistic regression on one kind of fact, asked about patients it did not
learn from. One near 0.5 betrays nothing; one far above says that a network could score
as much without looking at a lung.

References:
    DeGrave et al., AI for radiographic COVID-19 detection selects shortcuts over
    signal, Nature Machine Intelligence 2021.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import (
    StratifiedGroupKFold,
)

from diagnosis.inference.preprocess import squared
from diagnosis.training.manifest import LabelledImage, groups_of
from diagnosis.training.metrics import auroc, auroc_interval
from diagnosis.training.shortcuts import (
    control_probabilities,
    file_facts,
    grey_levels,
    lungs_blanked,
)

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
FOLDS = 5
RING = 0.06  # of the side: how wide a border is
PARTS = 8  # of each border
BLURRED = 8  # pixels of a side that say nothing of texture
CELLS = 4  # on each side, in which marks are counted
MARK = 0.35  # by how much a mark stands out from what is round it


@dataclass(frozen=True, slots=True)
class Probed:
    """How well one kind of fact tells the label; None without both kinds."""

    probe: str
    auroc: float | None
    ci95: tuple[float, float] | None


def probed(
    images: Sequence[LabelledImage],
    squares: FloatArray,
    sizes: Sequence[tuple[int, int]],
    *,
    positive: str,
    seed: int = 0,
) -> list[Probed]:
    """Return what each probe reaches on patients held out, five folds in turn.

    Args:
        images: Of a manifest.
        squares: Shape (N, S, S), in [0, 1].
        sizes: Rows and columns of each file.
        positive: The label that is told from the others.
        seed: Of the folds.
    """
    truth = np.array([image.label == positive for image in images])
    groups = groups_of(images)
    return [
        _probe(name, values, truth, groups, seed)
        for name, values in facts_of(images, squares, sizes).items()
    ]


def facts_of(
    images: Sequence[LabelledImage],
    squares: FloatArray,
    sizes: Sequence[tuple[int, int]],
) -> Mapping[str, Array]:
    """Return the facts of every probe, shape (N, F) each."""
    return {
        "file_facts": file_facts(images, sizes),
        "grey_levels": grey_levels(squares),
        "borders": borders(squares),
        "marks": marks(squares),
        "blurred": blurred(squares),
        "blurred_covered": blurred(lungs_blanked(squares)),
    }


def borders(squares: FloatArray) -> Array:
    """Return mean and spread of pieces of the four borders, shape (N, 8 x PARTS)."""
    width = max(round(squares.shape[1] * RING), 1)
    sides = (
        squares[:, :width],
        squares[:, -width:],
        squares[:, :, :width].swapaxes(1, 2),
        squares[:, :, -width:].swapaxes(1, 2),
    )
    pieces = [piece for side in sides for piece in np.array_split(side, PARTS, axis=2)]
    return np.stack(
        [
            value
            for piece in pieces
            for value in (piece.mean(axis=(1, 2)), piece.std(axis=(1, 2)))
        ],
        axis=1,
    ).astype(np.float64)


def marks(squares: FloatArray) -> Array:
    """Return the share of pixels that stand out as print does, cell by cell."""
    around = sum(
        np.roll(squares, (dy, dx), axis=(1, 2))
        for dy in (-2, 0, 2)
        for dx in (-2, 0, 2)
    )
    stands_out = np.abs(squares - around / 9) > MARK
    return np.stack(
        [
            cell.mean(axis=(1, 2))
            for rows in np.array_split(stands_out, CELLS, axis=1)
            for cell in np.array_split(rows, CELLS, axis=2)
        ],
        axis=1,
    ).astype(np.float64)


def blurred(squares: FloatArray) -> Array:
    """Return squares blurred to nothing but light and dark, shape (N, 64)."""
    small = np.stack([_means(square) for square in squares])
    return small.reshape(len(small), -1).astype(np.float64)


def _means(square: FloatArray) -> FloatArray:
    side = len(square) // BLURRED * BLURRED
    cut = squared(square, size=side) if side != len(square) else square
    step = side // BLURRED
    means: FloatArray = cut.reshape(BLURRED, step, BLURRED, step).mean(axis=(1, 3))
    return means


def _probe(
    name: str,
    values: Array,
    truth: NDArray[np.bool_],
    groups: Sequence[str],
    seed: int,
) -> Probed:
    names_of = [
        len({g for g, t in zip(groups, truth, strict=True) if t == kind})
        for kind in (True, False)
    ]
    if min(names_of) < 2:
        return Probed(name, None, None)
    p = np.zeros(len(truth))
    splitter = StratifiedGroupKFold(
        min(FOLDS, *names_of), shuffle=True, random_state=seed
    )
    for train, held in splitter.split(values, truth, list(groups)):
        if truth[train].all() or not truth[train].any():
            p[held] = truth[train].mean()
        else:
            p[held] = control_probabilities(values[train], truth[train], values[held])
    return Probed(
        name, auroc(p, truth), auroc_interval(p, truth, groups=groups, seed=seed)
    )
