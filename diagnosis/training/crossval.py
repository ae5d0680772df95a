"""How well a recipe does on patients it did not learn from, repeated over many splits.

Patients, never images, are dealt to the folds; texture with trees, and the same recipe
on covered lungs, are judged on the very same folds, so that differences are paired.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import (
    StratifiedGroupKFold,
)

from diagnosis.training.metrics import auroc, draws_of
from diagnosis.training.texture import trees_margins

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]
# Held-out margins of one split: learned from the first indices, asked about the second.
Learner = Callable[[Indices, Indices, int], Array]


@dataclass(frozen=True, slots=True)
class Area:
    """A mean AUROC over the repeats, each of all held-out images together.

    Attributes:
        auroc: Mean over the repeats.
        auroc_ci95: By a bootstrap over patients.
        repeats: Of each repeat.
    """

    auroc: float
    auroc_ci95: tuple[float, float]
    repeats: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """What was measured on the same folds.

    Attributes:
        hold_out: What a fold held out whole: each `patient`, or each `source`.
        model: The recipe.
        texture: Texture features with a forest of random trees.
        difference: Model less texture, and its interval.
        blanked: The recipe where it learns from and is asked about covered lungs.
        lungs: Model less covered lungs, and its interval.
    """

    folds: int
    images: int
    patients: int
    model: Area
    texture: Area
    difference: float
    difference_ci95: tuple[float, float]
    blanked: Area
    lungs: float
    lungs_ci95: tuple[float, float]
    hold_out: str = "patient"


def held_out_margins(
    learner: Learner,
    is_positive: Bools,
    groups: Sequence[str],
    *,
    repeats: int,
    folds: int,
    told: Callable[[float], None] = lambda _: None,
) -> Array:
    """Return each image's margin by a model that never saw its patient.

    Returns:
        Shape (repeats, N).
    """
    result = np.zeros((repeats, len(is_positive)))
    for repeat in range(repeats):
        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=repeat)
        parts = splitter.split(result[repeat], is_positive, list(groups))
        for number, (train, held) in enumerate(parts):
            result[repeat, held] = learner(train, held, repeat * folds + number)
            told((repeat * folds + number + 1) / (repeats * folds))
    return result


def trees_learner(texture: Array, is_positive: Bools) -> Learner:
    """Return the plain method as a learner."""

    def learn(train: Indices, held: Indices, seed: int) -> Array:
        return trees_margins(
            texture[train], is_positive[train], texture[held], seed=seed
        )

    return learn


def compared(
    model: Array,
    texture: Array,
    blanked: Array,
    *,
    is_positive: Bools,
    groups: Sequence[str],
    folds: int,
    hold_out: str = "patient",
    seed: int = 0,
) -> CrossValidation:
    """Return the areas of three methods and their differences, on the same draws.

    Args:
        model: Held-out margins, shape (repeats, N).
        texture: Likewise.
        blanked: Likewise.
        is_positive: Shape (N,).
        groups: Whose each image is.
        folds: Of each repeat.
        hold_out: What they were dealt by.
        seed: Of the bootstrap.
    """
    methods = (model, texture, blanked)
    draws = []
    for images in draws_of(groups, seed=seed):
        if is_positive[images].all() or not is_positive[images].any():
            continue
        draws.append([_mean_area(m[:, images], is_positive[images]) for m in methods])
    drawn = np.array(draws)  # (draws, 3)
    areas = [
        Area(
            _mean_area(margins, is_positive),
            _interval(drawn[:, index]),
            tuple(auroc(row, is_positive) or 0.0 for row in margins),
        )
        for index, margins in enumerate(methods)
    ]
    return CrossValidation(
        folds=folds,
        images=len(is_positive),
        patients=len(set(groups)),
        model=areas[0],
        texture=areas[1],
        difference=areas[0].auroc - areas[1].auroc,
        difference_ci95=_interval(drawn[:, 0] - drawn[:, 1]),
        blanked=areas[2],
        lungs=areas[0].auroc - areas[2].auroc,
        lungs_ci95=_interval(drawn[:, 0] - drawn[:, 2]),
        hold_out=hold_out,
    )


def _mean_area(margins: Array, is_positive: Bools) -> float:
    return float(np.mean([auroc(row, is_positive) for row in margins]))


def _interval(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
