"""What mends a problem, in words."""

import pytest

from scheduling.solver.mending.changes import changes_for
from scheduling.solver.rules import Count, Weekends
from tests.scheduling.solver.verify.wards import alone, roster

CONTRACT = "most hours in some days"


@pytest.mark.parametrize(
    ("rule", "row", "told"),
    [
        (
            Count(name=CONTRACT, unit="minutes", window=7, at_most=2880),
            "NNNNNN-",
            "Raise most hours in some days of Ann from 48 h to 60 h.",
        ),
        (
            Count(name=CONTRACT, unit="minutes", at_least=930),
            "L------",
            "Lower most hours in some days of Ann from 15.5 h to 7.5 h.",
        ),
        (
            Count(name="shifts in seven days", window=7, at_most=5),
            "NNNNNN-",
            "Raise shifts in seven days of Ann from 5 to 6.",
        ),
    ],
)
def test_a_limit_of_minutes_is_moved_in_hours(rule: Count, row: str, told: str) -> None:
    instance = alone(rule, days=7)

    (change,) = changes_for(instance, roster(row))

    assert change.message(instance).text == told
    assert {change.before, change.after} <= {2880, 3600, 930, 450, 5, 6}


@pytest.mark.parametrize(
    ("rule", "row", "days", "told"),
    [
        (
            Count(name="shifts of the period", at_least=9),
            "NNNNNNN",
            tuple(range(7)),
            "Lower shifts of the period of Ann from 9 to 7.",
        ),
        (
            Weekends(name="weekends", at_least=2),
            "-----N-",
            (5, 6),
            "Lower weekends of Ann from 2 to 1.",
        ),
        (
            Count(name="Sundays", days=(13,), at_least=1),
            "-------",
            (),
            "Lower Sundays of Ann from 1 to 0.",
        ),
    ],
)
def test_a_minimum_that_no_day_is_left_for_is_lowered(
    rule: Count | Weekends, row: str, days: tuple[int, ...], told: str
) -> None:
    instance = alone(rule, days=7)

    (change,) = changes_for(instance, roster(row))

    assert change.days == days
    assert change.message(instance).text == told
