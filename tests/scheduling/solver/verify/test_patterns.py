"""Sequences of days that should not occur, judged by hand."""

import pytest

from scheduling.solver.rules import OFF, Pattern
from scheduling.solver.verify import verify
from tests.scheduling.solver.verify.wards import (
    alone,
    judged,
    only_violation,
    roster,
)

ANY = frozenset("ELN")
LATE_EARLY = Pattern(name="late early", days=(frozenset("L"), frozenset("E")), weight=2)
FREE_FRIDAY = Pattern(
    name="free Friday",
    days=(frozenset({OFF}), ANY, ANY),
    weekdays=frozenset({4}),
    weight=3,
)
THIS_NIGHT = Pattern(
    name="the clocks change",
    days=(frozenset("N"), frozenset("E")),
    start_days=frozenset({2, -1}),
    weight=4,
)
NEVER_LATE = Pattern(name="never late", days=(frozenset("L"),), weight=1)


@pytest.mark.parametrize(
    ("rule", "history", "row", "breaches"),
    [
        (LATE_EARLY, "", "LELEE--", [(2, (0, 1)), (2, (2, 3))]),
        (LATE_EARLY, "", "------L", []),
        (LATE_EARLY, "L", "E------", [(2, (0,))]),
        (LATE_EARLY, "LE", "-------", []),
        (FREE_FRIDAY, "", "----" + "-EL", [(3, (4, 5, 6))]),
        (FREE_FRIDAY, "", "-EE-EEE", []),
        (FREE_FRIDAY, "", "----" + "-E-", []),
        (THIS_NIGHT, "", "NENENE-", [(4, (2, 3))]),
        (THIS_NIGHT, "N", "E------", [(4, (0,))]),
        (NEVER_LATE, "LL", "L-L----", [(1, (0,)), (1, (2,))]),
    ],
)
def test_breaches(
    rule: Pattern, history: str, row: str, breaches: list[tuple[int, tuple[int, ...]]]
) -> None:
    assert judged(rule, row, history=history) == breaches


def test_a_pattern_may_leave_the_history_alone() -> None:
    rule = Pattern(name="p", days=LATE_EARLY.days, uses_history=False, weight=1)

    assert judged(rule, "E------", history="L") == []


def test_a_hard_pattern_is_told_in_words() -> None:
    rule = Pattern(name="rest", days=(frozenset("N"), frozenset({OFF}), ANY))

    violation = only_violation(verify(alone(rule, days=7), roster("-N-E---")))

    assert violation.days == (1, 2, 3)
    assert (
        violation.message
        == "Ann: N, -, E from 2026-03-03 should not follow each other."
    )
