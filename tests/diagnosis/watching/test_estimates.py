"""Intervals by hand and from their papers."""

import pytest

from diagnosis.watching.estimates import (
    drift,
    is_surely_beyond,
    is_within,
    mean,
    quantile,
    quantile_estimate,
    share,
)


def test_a_share_has_wilsons_interval() -> None:
    found = share(8, 10)  # Wilson 1927, as statistics packages give it

    assert found is not None
    assert found.value == 0.8
    assert (found.low, found.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert share(0, 0) is None


def test_a_mean_knows_that_a_patients_values_go_together() -> None:
    values = [0.0, 1.0] * 20

    alone = mean(values, list(range(40)))
    paired = mean(sorted(values), [number // 2 for number in range(40)])

    assert alone is not None
    assert paired is not None
    assert alone.value == paired.value == 0.5
    assert alone.high - alone.value == pytest.approx(1.96 * 0.5 / 39**0.5, rel=1e-3)
    assert paired.high - paired.low > 1.3 * (alone.high - alone.low)
    assert mean([0.5, 0.6], ["one", "one"]) is None


def test_drift_is_the_largest_gap_between_two_distributions() -> None:
    half = drift([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0])
    apart = drift([2.0] * 100, [1.0] * 100)
    same = drift([1.0, 2.0] * 500, [1.0, 2.0] * 500)

    assert half is not None
    assert half.value == 0.5
    assert (half.low, half.high) == (0.0, 1.0)  # four values say little
    assert apart is not None
    assert apart.low == pytest.approx(1 - 2 * 1.4803 / 10, abs=1e-3)
    assert same is not None
    assert same.low == 0.0
    assert drift([], [1.0]) is None


def test_a_quantile_lies_between_two_values() -> None:
    values = [float(number) for number in range(101)]
    found = quantile_estimate(values, 0.95)

    assert quantile([1.0, 3.0], 0.5) == 2.0
    assert found is not None
    assert found.value == 95.0
    assert found.low == 91.0
    assert found.high == 100.0
    assert quantile_estimate([], 0.5) is None


@pytest.mark.parametrize(
    ("count", "told"), [(3, (True, False)), (7, (False, False)), (9, (False, True))]
)
def test_only_a_whole_interval_beyond_the_bound_is_beyond_it(
    count: int, told: tuple[bool, bool]
) -> None:
    found = share(count, 10)

    assert found is not None
    surely = is_surely_beyond(found, 0.8, is_upper=False)
    assert (surely, is_within(found, 0.8, is_upper=False)) == told
