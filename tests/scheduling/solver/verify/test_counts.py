"""How much is worked within some days, judged by hand."""

import pytest

from scheduling.solver.rules import Count
from scheduling.solver.verify import verify
from tests.scheduling.solver.verify.wards import (
    alone,
    judged,
    only_violation,
    roster,
)

MOST_THREE = Count(name="most", at_most=3, weight=5)
FEWEST_THREE = Count(name="fewest", at_least=3, weight=5)
MOST_NIGHTS = Count(name="nights", shifts=frozenset("N"), at_most=1, weight=7)
MINUTES = Count(name="minutes", unit="minutes", at_least=900, at_most=1000, weight=1)
SUNDAYS = Count(name="Sundays", days=(6, 13), at_most=1, weight=3)
SUNDAYS_BOTH = Count(name="Sundays", days=(6, 13), at_least=2, weight=4)
SIX_IN_SEVEN = Count(name="rolling", window=7, at_most=6, weight=1)
WEEKLY = Count(name="weekly", window=7, step=7, at_least=2, weight=4)


@pytest.mark.parametrize(
    ("rule", "row", "breaches"),
    [
        (MOST_THREE, "EEE----", []),
        (MOST_THREE, "EEELN--", [(10, (0, 1, 2, 3, 4))]),
        (FEWEST_THREE, "EEE----", []),
        (FEWEST_THREE, "E------", [(10, (1, 2, 3, 4, 5, 6))]),
        (FEWEST_THREE, "EE", [(5, (0, 1))]),  # every day is worked, and too few
        (SUNDAYS_BOTH, "-------------E-------E", [(4, (6,))]),
        (SUNDAYS_BOTH, "------E", [(4, (6,))]),
        (MOST_NIGHTS, "NEEELE-", []),
        (MOST_NIGHTS, "NENLN--", [(14, (0, 2, 4))]),
        (MINUTES, "EL-----", []),
        (MINUTES, "E------", [(420, (1, 2, 3, 4, 5, 6))]),
        (MINUTES, "NL-----", [(50, (0, 1))]),
        (SUNDAYS, "-------------E", []),
        (SUNDAYS, "EEEEEEEEEEEEEE", [(3, (6, 13))]),
        (SIX_IN_SEVEN, "EEEEEEE", [(1, (0, 1, 2, 3, 4, 5, 6))]),
        (
            SIX_IN_SEVEN,
            "EEEEEEEE-",
            [(1, (0, 1, 2, 3, 4, 5, 6)), (1, (1, 2, 3, 4, 5, 6, 7))],
        ),
        (SIX_IN_SEVEN, "EEEEEE", []),
        (WEEKLY, "EE-----------E", [(4, (7, 8, 9, 10, 11, 12))]),
        (WEEKLY, "EE------------------", [(8, tuple(range(7, 14)))]),
    ],
)
def test_breaches(
    rule: Count, row: str, breaches: list[tuple[int, tuple[int, ...]]]
) -> None:
    assert judged(rule, row) == breaches


def test_what_was_worked_before_counts_by_the_rule_alone() -> None:
    before = Count(name="year", at_most=3, before=2, weight=1)

    assert judged(before, "EE-----") == [(1, (0, 1))]
    assert judged(MOST_THREE, "EEE----", history="EEEE") == []


TWO_IN_SEVEN = Count(name="rolling", window=7, at_most=2, weight=1)
MINUTES_IN_THREE = Count(
    name="rolling", unit="minutes", window=3, at_most=900, weight=1
)


@pytest.mark.parametrize(
    ("rule", "history", "row", "breaches"),
    [
        (SIX_IN_SEVEN, "EEEEEE", "E------", [(1, (0,))]),
        (SIX_IN_SEVEN, "EEEEEE", "-EEEEEE", []),
        (SIX_IN_SEVEN, "-EEEEE", "EE-----", [(1, (0, 1))]),
        (SIX_IN_SEVEN, "EEE", "EEEE---", [(1, (0, 1, 2, 3))]),
        (SIX_IN_SEVEN, "EEEEEE-", "EEEEEE-", []),
        (TWO_IN_SEVEN, "EEEE", "-------", []),  # the past alone is not told again
        (TWO_IN_SEVEN, "EEEE---", "E------", [(1, (0,)), (1, (0,))]),
        (MINUTES_IN_THREE, "E", "L-----", [(30, (0,))]),
        (MINUTES_IN_THREE, "-E-", "-L----", []),
        (FEWEST_THREE, "-------", "EEE----", []),
        (WEEKLY, "-------", "EE-----", []),
    ],
)
def test_a_window_that_began_before_counts_what_was_worked_there(
    rule: Count, history: str, row: str, breaches: list[tuple[int, tuple[int, ...]]]
) -> None:
    assert judged(rule, row, history=history) == breaches


def test_a_window_longer_than_the_horizon_is_judged_with_the_history() -> None:
    month = Count(name="month", window=28, at_most=20, weight=1)

    assert judged(month, "EEEEEEE", history="EE-----" * 3) == []
    assert judged(month, "EEEEEEE", history="EEEEEE-" * 3) == [(5, tuple(range(7)))]


def test_a_hard_count_is_told_in_words() -> None:
    rule = Count(name="most hours", unit="minutes", at_most=500)

    violation = only_violation(verify(alone(rule, days=7), roster("-E-L---")))

    assert violation.person == "ann"
    assert violation.rule == "most hours"
    assert violation.days == (1, 3)
    assert violation.message == (
        "Ann works 15.5 of at most 8.33 h from 2026-03-02 to 2026-03-08."
    )
