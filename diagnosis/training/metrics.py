"""How good a classifier is, in figures that others can recompute.

References:
    Naeini et al., Obtaining well calibrated probabilities, AAAI 2015 (ECE).
    Brier, Verification of forecasts expressed in terms of probability, 1950.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    precision_recall_fscore_support,
)

Array = NDArray[np.float64]
ECE_BINS = 10
SPECIFICITY = 0.9
BOOTSTRAPS = 1000


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model said of labelled images.

    Attributes:
        probabilities: Shape (N, labels), rows sum to 1.
        truth: Shape (N,), index of the true label.
        groups: Whose each image is: the bootstrap draws patients, not images.
        abstained: Shape (N,).
    """

    probabilities: Array
    truth: NDArray[np.int64]
    groups: Sequence[str]
    abstained: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if not len(self.probabilities) == len(self.truth) == len(self.groups):
            message = "answers need one truth and one group an image"
            raise ValueError(message)
        if len(self.truth) == 0:
            message = "no figures without images"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures for the positive label; abstentions count in all but `abstained`.

    None where a figure does not exist, as AUROC without negatives.
    """

    n: int
    accuracy: float
    precision: float
    recall: float
    f1: float
    auroc: float | None
    auroc_ci95: tuple[float, float] | None
    sensitivity_at_90_specificity: float | None
    ece: float
    brier: float
    abstained: int


def figures(answers: Answers, *, positive: int, seed: int = 0) -> Figures:
    """Return every figure of the answers.

    Args:
        answers: Of N images.
        positive: Index of the label that counts as found.
        seed: Of the bootstrap.
    """
    is_positive = answers.truth == positive
    predicted = answers.probabilities.argmax(axis=1)
    precision, recall, f1, _ = precision_recall_fscore_support(
        is_positive, predicted == positive, average="binary", zero_division=0.0
    )
    p = answers.probabilities[:, positive]
    return Figures(
        n=len(answers.truth),
        accuracy=float((predicted == answers.truth).mean()),
        precision=float(precision),
        recall=float(recall),
        f1=float(f1),
        auroc=auroc(p, is_positive),
        auroc_ci95=auroc_interval(p, is_positive, groups=answers.groups, seed=seed),
        sensitivity_at_90_specificity=sensitivity_at(p, is_positive, SPECIFICITY),
        ece=expected_calibration_error(answers.probabilities, answers.truth),
        brier=float(((p - is_positive) ** 2).mean()),
        abstained=int(answers.abstained.sum()),
    )


def auroc(p: Array, is_positive: NDArray[np.bool_]) -> float | None:
    """Return the area under the ROC curve; None without both kinds.

    The share of pairs of a positive and a negative in the right order, ties for half:
    Hanley and McNeil, Radiology 1982.
    """
    if is_positive.all() or not is_positive.any():
        return None
    negatives, positives = np.sort(p[~is_positive]), p[is_positive]
    below = np.searchsorted(negatives, positives, side="left")
    up_to = np.searchsorted(negatives, positives, side="right")
    return float((below + up_to).mean() / (2 * len(negatives)))


def auprc(p: Array, is_positive: NDArray[np.bool_]) -> float | None:
    """Return the average precision, the area under precision over recall."""
    if is_positive.all() or not is_positive.any():
        return None
    order = np.argsort(-p, kind="stable")
    found = np.cumsum(is_positive[order])
    last = np.flatnonzero(np.diff(p[order], append=-np.inf))  # of each threshold
    gained = np.diff(found[last], prepend=0) / found[-1]
    return float((gained * found[last] / (last + 1)).sum())


def auroc_interval(
    p: Array, is_positive: NDArray[np.bool_], *, groups: Sequence[str], seed: int
) -> tuple[float, float] | None:
    """Return the 95 % interval of the AUROC by a bootstrap over patients."""
    areas = (
        auroc(p[drawn], is_positive[drawn]) for drawn in draws_of(groups, seed=seed)
    )
    return interval([area for area in areas if area is not None])


def draws_of(
    groups: Sequence[str], *, seed: int, count: int = BOOTSTRAPS
) -> Iterator[NDArray[np.intp]]:
    """Yield the images of as many patients as there are, drawn with replacement."""
    names, member = np.unique(np.array(groups), return_inverse=True)
    images_of = [np.flatnonzero(member == number) for number in range(len(names))]
    generator = np.random.default_rng(seed)
    for _ in range(count):
        chosen = generator.integers(len(names), size=len(names))
        yield np.concatenate([images_of[number] for number in chosen])


def interval(drawn: Sequence[float]) -> tuple[float, float] | None:
    """Return the middle 95 % of what was drawn; None of nothing."""
    if not len(drawn):
        return None
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def sensitivity_at(
    p: Array, is_positive: NDArray[np.bool_], specificity: float
) -> float | None:
    """Return the best sensitivity whose specificity is at least the one given."""
    if is_positive.all() or not is_positive.any():
        return None
    negatives = np.sort(p[~is_positive])[::-1]
    allowed = int(np.floor((1 - specificity) * len(negatives) + 1e-9))
    if allowed >= len(negatives):
        return 1.0
    return float((p[is_positive] > negatives[allowed]).mean())


def expected_calibration_error(
    probabilities: Array, truth: NDArray[np.int64], *, bins: int = ECE_BINS
) -> float:
    """Return how far confidence in the top label is from being right, on average.

    Args:
        probabilities: Shape (N, labels).
        truth: Shape (N,).
        bins: Of equal width over (0, 1]; each holds its upper edge.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    number = np.ceil(confidence * bins).astype(int).clip(1, bins) - 1
    error = 0.0
    for index in np.unique(number):
        inside = number == index
        gap = abs(float(right[inside].mean()) - float(confidence[inside].mean()))
        error += inside.mean() * gap
    return float(error)


def confusion(answers: Answers, *, labels: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return counts by true label, then by predicted label."""
    predicted = answers.probabilities.argmax(axis=1)
    return {
        true: {
            said: int(((answers.truth == i) & (predicted == j)).sum())
            for j, said in enumerate(labels)
        }
        for i, true in enumerate(labels)
    }
