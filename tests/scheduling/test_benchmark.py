"""What the benchmark of rosters makes of its runs."""

from typing import Any

import pytest

from tests.benchmarks.rosters import median_of

LEGAL = {"objective": 110, "hard_violations": 0, "bound": 90.0, "first_feasible_s": 0.5}
ILLEGAL = LEGAL | {"objective": 50, "hard_violations": 1}
NOTHING = {"objective": None, "bound": None}


@pytest.mark.parametrize(
    ("runs", "without", "excess", "first_s"),
    [
        ([LEGAL, LEGAL, LEGAL], 0, 0.1, 0.5),
        ([LEGAL, ILLEGAL, LEGAL], 1, 0.1, 0.5),
        ([LEGAL, ILLEGAL, NOTHING], 2, None, 0.5),
        ([LEGAL, NOTHING, NOTHING], 2, None, None),
    ],
)
def test_a_seed_without_a_legal_roster_is_the_worst_of_them(
    runs: list[dict[str, Any]],
    without: int,
    excess: float | None,
    first_s: float | None,
) -> None:
    timed = [{**run, "seconds": 10.0, "peak_mb": 1.0} for run in runs]

    result = median_of("ours", 10.0, timed, known=100.0)

    assert (result.without_roster, result.excess) == (without, excess)
    assert result.first_feasible_s == first_s


def test_the_slowest_seed_tells_how_far_the_limit_was_passed() -> None:
    timed = [{**LEGAL, "seconds": taken, "peak_mb": 1.0} for taken in (9.0, 11.0, 10.0)]

    result = median_of("ours", 10.0, timed, known=100.0)

    assert (result.seconds, result.over_limit) == (10.0, pytest.approx(0.1))
