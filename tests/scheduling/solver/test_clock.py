"""How long nights and rests really are."""

from datetime import date

import pytest

from scheduling.solver.clock import is_even, rest_minutes, worked_minutes
from scheduling.solver.errors import InstanceError
from tests.scheduling.solver.laws.ward import EARLY, LATE, NIGHT, ward

SPRING = date(2026, 3, 27)  # a Friday; clocks go forward on Sunday at 2 in Berlin
AUTUMN = date(2026, 10, 23)  # a Friday; clocks go back on Sunday at 3


@pytest.mark.parametrize(
    ("start", "timezone", "hours"),
    [
        (SPRING, "Europe/Berlin", [8, 7, 8]),
        (AUTUMN, "Europe/Berlin", [8, 9, 8]),
        (SPRING, "Asia/Shanghai", [8, 8, 8]),
        (SPRING, "", [8, 8, 8]),
    ],
)
def test_a_night_has_the_hours_that_pass(
    start: date, timezone: str, hours: list[int]
) -> None:
    instance = ward(start=start, days=3, timezone=timezone)

    minutes = [worked_minutes(instance, NIGHT, day=day) for day in range(3)]

    assert minutes == [60 * one for one in hours]


def test_a_rest_has_the_hours_that_pass() -> None:
    instance = ward(start=SPRING, days=3, timezone="Europe/Berlin")

    rests = [rest_minutes(instance, LATE, EARLY, day=day, after=1) for day in range(3)]

    assert rests == [9 * 60, 8 * 60, 9 * 60]


def test_only_the_night_of_the_change_is_uneven() -> None:
    instance = ward(start=SPRING, days=5, timezone="Europe/Berlin")

    uneven = [day for day in range(5) if not is_even(instance, day=day, days=1)]

    assert uneven == [2]


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(InstanceError, match="'Mars/Olympus' is not known"):
        ward(timezone="Mars/Olympus")
