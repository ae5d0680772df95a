"""Which labels cannot be ruled out, at a chosen coverage.

The plain score of one less the probability of the true label gives the smallest sets. A
score that adds up probabilities would, for two labels, let every set hold both as soon as
more than a tenth of the answers is wrong.

References:
    Sadinle, Lei and Wasserman, Least ambiguous set-valued classifiers, JASA 2019.
    Dunn, Wasserman and Ramdas, Distribution-free prediction sets for two-layer
    hierarchical models, JASA 2023 (one patient, several images).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.entry import Conformal

Array = NDArray[np.float64]
COVERAGE = 0.9  # where nobody chooses another
LEAST_COVERAGE, MOST_COVERAGE = 0.5, 0.99
COVERAGE_BOUNDS = f"must be {LEAST_COVERAGE} to {MOST_COVERAGE}, such as {COVERAGE}"
FOLDS = 5


def is_coverage(share: float) -> bool:
    """Whether a coverage may be asked for: of half the patients to nearly all."""
    return LEAST_COVERAGE <= share <= MOST_COVERAGE


def possible_labels(
    probabilities: Array, labels: Sequence[str], conformal: Conformal
) -> tuple[str, ...]:
    """Return the labels that cannot be ruled out, likeliest first; one at least.

    Args:
        probabilities: Shape (labels,).
        labels: Their names.
        conformal: Holds the limit.
    """
    order = np.argsort(-probabilities, kind="stable").tolist()
    kept = [i for i in order if 1 - probabilities[i] <= conformal.limit]
    return tuple(labels[index] for index in kept or order[:1])


def fit_conformal(
    probabilities: Array,
    truth: NDArray[np.int64],
    *,
    groups: Sequence[str],
    coverage: float,
) -> Conformal:
    """Return the limit below which labels are ruled out, patients counted once.

    Args:
        probabilities: Shape (N, labels), of images not learned from, each calibrated
            without that patient's images.
        truth: Shape (N,), indices.
        groups: Whose each image is.
        coverage: Wanted.
    """
    scores = 1 - probabilities[np.arange(len(truth)), truth]
    names, member = np.unique(np.array(groups), return_inverse=True)
    fold = member % FOLDS
    covered = np.zeros(len(truth), dtype=bool)
    for number in np.unique(fold):
        held = fold == number
        limit = _limit(scores[~held], member[~held], coverage) if held.sum() else 1.0
        top = probabilities[held].argmax(axis=1) == truth[held]
        covered[held] = (scores[held] <= limit) | top
    return Conformal(
        coverage=coverage,
        limit=_limit(scores, member, coverage),
        achieved=float(covered.mean()),
        patients=len(names),
    )


def _limit(scores: Array, member: NDArray[np.intp], coverage: float) -> float:
    """Return the quantile of the scores, each patient weighing one, a further one at 1."""
    if not len(scores):
        return 1.0
    _, number, images = np.unique(member, return_inverse=True, return_counts=True)
    weights = 1 / images[number] / (len(images) + 1)
    order = np.argsort(scores)
    reached = np.cumsum(weights[order])
    enough = np.flatnonzero(reached >= coverage - 1e-12)
    return float(scores[order[enough[0]]]) if len(enough) else 1.0
