"""Shares, means and shifts with 95 % intervals.

References:
    Wilson, Probable inference, JASA 1927 (shares).
    Cameron and Miller, A practitioner's guide to cluster-robust inference, 2015 (means).
    Massart, The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality, 1990.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log, sqrt

Z95 = 1.959963984540054
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the interval that chance leaves it, and of how many it is."""

    value: float
    low: float
    high: float
    n: int


def share(count: int, n: int) -> Estimate | None:
    """Return a share with Wilson's interval; None of nothing."""
    if n == 0:
        return None
    p, z2 = count / n, Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Estimate(p, max(middle - half, 0.0), min(middle + half, 1.0), n)


def mean(values: Sequence[float], groups: Sequence[Hashable]) -> Estimate | None:
    """Return a mean whose interval knows that a patient's values go together.

    Args:
        values: One a reading.
        groups: Whose each is.

    Returns:
        None for fewer than two patients.
    """
    residuals: dict[Hashable, float] = defaultdict(float)
    n = len(values)
    average = sum(values) / n if n else 0.0
    for value, group in zip(values, groups, strict=True):
        residuals[group] += value - average
    count = len(residuals)
    if count < 2:
        return None
    squares = sum(each**2 for each in residuals.values())
    half = Z95 * sqrt(squares * count / (count - 1)) / n
    return Estimate(average, average - half, average + half, n)


def drift(recent: Sequence[float], before: Sequence[float]) -> Estimate | None:
    """Return how far two distributions lie apart, from 0, the same, to 1, apart.

    The distance is Kolmogorov and Smirnov's: the largest gap between the shares of both
    that lie below any value. Its interval holds with at least 95 %, for any shape.
    """
    n, m = len(recent), len(before)
    if not n or not m:
        return None
    ours, theirs = sorted(recent), sorted(before)
    distance = max(
        abs(bisect_right(ours, value) / n - bisect_right(theirs, value) / m)
        for value in {*ours, *theirs}
    )
    reach = sqrt(log(4 / ALPHA) / 2)  # half of the 5 % for either distribution
    half = reach / sqrt(n) + reach / sqrt(m)
    low, high = max(distance - half, 0.0), min(distance + half, 1.0)
    return Estimate(distance, low, high, n)


def quantile(values: Sequence[float], at: float) -> float | None:
    """Return the value below which a share of the values lies; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = at * (len(ordered) - 1)
    lower = int(place)
    upper = min(lower + 1, len(ordered) - 1)
    return ordered[lower] + (ordered[upper] - ordered[lower]) * (place - lower)


def quantile_estimate(values: Sequence[float], at: float) -> Estimate | None:
    """Return a quantile between two of the values, whatever their distribution.

    References:
        Conover, Practical nonparametric statistics, 1999, section 3.2.
    """
    ordered = sorted(values)
    n = len(ordered)
    value = quantile(ordered, at)
    if value is None:
        return None
    half = Z95 * sqrt(n * at * (1 - at))
    low = ordered[max(floor(n * at - half), 0)]
    high = ordered[min(ceil(n * at + half), n - 1)]
    return Estimate(value, min(low, value), max(high, value), n)


def is_surely_beyond(estimate: Estimate, threshold: float, *, is_upper: bool) -> bool:
    """Whether the whole interval lies beyond a bound, so that it is no accident."""
    return estimate.low > threshold if is_upper else estimate.high < threshold


def is_within(estimate: Estimate, threshold: float, *, is_upper: bool) -> bool:
    """Whether the figure itself keeps to a bound."""
    return estimate.value <= threshold if is_upper else estimate.value >= threshold
