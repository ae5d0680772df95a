"""Whether one model is better than another: the same images, the same patients drawn.

References:
    Efron and Tibshirani, An introduction to the bootstrap, 1993, chapter 16.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diagnosis.training.metrics import auroc, draws_of, interval

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """The AUROC of one model less that of another.

    Attributes:
        ci95: By a bootstrap over patients, each draw the same for both.
        better_share: Of the draws in which the first was ahead.
    """

    auroc: float
    against_auroc: float
    difference: float
    ci95: tuple[float, float]
    better_share: float
    n: int
    patients: int


def paired_difference(
    p: Array,
    against: Array,
    is_positive: NDArray[np.bool_],
    *,
    groups: Sequence[str],
    seed: int = 0,
) -> Difference | None:
    """Return how two models differ on the same images; None without both kinds.

    Args:
        p: Shape (N,), probability of the positive label by the one.
        against: Shape (N,), by the other.
        is_positive: Shape (N,).
        groups: Whose each image is.
        seed: Of the bootstrap.
    """
    first, second = auroc(p, is_positive), auroc(against, is_positive)
    if first is None or second is None:
        return None
    drawn = []
    for images in draws_of(groups, seed=seed):
        one = auroc(p[images], is_positive[images])
        other = auroc(against[images], is_positive[images])
        if one is not None and other is not None:
            drawn.append(one - other)
    ci95 = interval(drawn)
    if ci95 is None:
        return None
    return Difference(
        auroc=first,
        against_auroc=second,
        difference=first - second,
        ci95=ci95,
        better_share=float((np.array(drawn) > 0).mean()),
        n=len(p),
        patients=len(set(groups)),
    )
