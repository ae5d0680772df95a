"""What is asked of weekends, judged by hand."""

from datetime import date

import pytest

from scheduling.solver.rules import Weekends
from scheduling.solver.verify import verify, weekends_of
from tests.scheduling.solver.verify.wards import (
    MONDAY,
    alone,
    judged,
    only_violation,
    roster,
)

SUNDAY = date(2026, 3, 1)
WEEK = "-----"
MOST = Weekends(name="most", at_most=1, weight=30)
FEWEST = Weekends(name="fewest", at_least=2, weight=30)
IN_A_ROW = Weekends(name="row", measure="run", at_most=1, weight=30)
AT_LEAST_TWO = Weekends(name="row", measure="run", at_least=2, weight=30)
COMPLETE = Weekends(name="complete", measure="complete", weight=30)
IDENTICAL = Weekends(name="identical", measure="identical", weight=30)
LONG = Weekends(name="long", measure="complete", weekdays=(5, 6, 0), weight=30)


def _weekends(*weekends: str) -> str:
    return "".join(WEEK + weekend for weekend in weekends)


@pytest.mark.parametrize(
    ("rule", "row", "breaches"),
    [
        (MOST, _weekends("E-", "--"), []),
        (MOST, _weekends("E-", "-L", "EE"), [(60, (5, 13, 19, 20))]),
        (FEWEST, _weekends("E-", "--"), [(30, (12, 13))]),
        (FEWEST, _weekends("E-", "-E"), []),
        (FEWEST, _weekends("E-"), [(30, (5, 6))]),  # there is no other weekend
        (IN_A_ROW, _weekends("E-", "--", "E-"), []),
        (IN_A_ROW, _weekends("E-", "-E", "EE"), [(60, (5, 13, 19, 20))]),
        (AT_LEAST_TWO, _weekends("E-", "--", "EE", "EE"), [(30, (5,))]),
        (AT_LEAST_TWO, _weekends("--", "--", "--", "EE"), [(30, (26, 27))]),
        (COMPLETE, _weekends("E-", "EL", "--", "-E"), [(30, (5, 6)), (30, (26, 27))]),
        (
            IDENTICAL,
            _weekends("EE", "EL", "--", "-E"),
            [(30, (12, 13)), (30, (26, 27))],
        ),
        (LONG, _weekends("EE") + "E-----" + "EE" + "-", [(30, (12, 13, 14))]),
    ],
)
def test_breaches(
    rule: Weekends, row: str, breaches: list[tuple[int, tuple[int, ...]]]
) -> None:
    row = row.ljust(len(row) + (-len(row)) % 7, "-") if rule is not LONG else row
    assert judged(rule, row) == breaches


def test_weekends_before_the_horizon_count() -> None:
    most = Weekends(name="most", at_most=2, before=2, weight=1)
    row = Weekends(name="row", measure="run", at_most=2, before=2, weight=1)
    short = Weekends(name="row", measure="run", at_least=3, before=2, weight=1)

    assert judged(most, _weekends("E-")) == [(1, (5,))]
    assert judged(row, _weekends("E-", "--", "EE")) == [(1, (5,))]
    assert judged(short, _weekends("--", "--")) == [(1, (5, 6))]
    assert judged(short, _weekends("EE", "--")) == []


def test_a_weekend_cut_by_the_horizon_is_judged_by_the_days_it_has() -> None:
    instance = alone(COMPLETE, days=7, start=SUNDAY)

    assert weekends_of(instance, (5, 6)) == [(0,), (6,)]
    assert judged(COMPLETE, "E------", start=SUNDAY) == []
    assert judged(MOST, "E-----E", start=SUNDAY) == [(30, (0, 6))]


def test_weekends_lie_where_their_weekdays_do() -> None:
    instance = alone(COMPLETE, days=14, start=MONDAY)

    assert weekends_of(instance, (5, 6)) == [(5, 6), (12, 13)]
    assert weekends_of(instance, (4, 5, 6)) == [(4, 5, 6), (11, 12, 13)]
    assert weekends_of(instance, (5, 6, 0)) == [(0,), (5, 6, 7), (12, 13)]


def test_a_hard_weekend_rule_is_told_in_words() -> None:
    rule = Weekends(name="most", at_most=0)

    violation = only_violation(verify(alone(rule, days=7), roster("-----L-")))

    assert violation.days == (5,)
    assert violation.message == "Ann works 1 weekends; at most 0."
