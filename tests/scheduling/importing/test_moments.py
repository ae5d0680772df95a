"""Which shifts serve a time of day, worked out on the clock."""

import pytest

from scheduling.importing.moments import (
    Times,
    moments_of,
    name_of,
    times_between,
    times_named,
)
from scheduling.solver.instance import ShiftType

HOUR = 60
EARLY = ShiftType(id="E", start_minute=7 * HOUR, end_minute=15 * HOUR + 30)
SHORT = ShiftType(id="S", start_minute=8 * HOUR, end_minute=12 * HOUR)
LATE = ShiftType(id="L", start_minute=14 * HOUR, end_minute=22 * HOUR + 30)
NIGHT = ShiftType(id="N", start_minute=22 * HOUR, end_minute=31 * HOUR)
HOME = ShiftType(id="H", start_minute=0, end_minute=24 * HOUR, on_call="home")
UNTIMED = ShiftType(id="U", minutes=480)
TYPES = (EARLY, SHORT, LATE, NIGHT, HOME, UNTIMED)


def told(times: Times) -> list[tuple[str, str, str]]:
    """Return each moment: its clock, who serves, who began the day before."""
    return [
        (name_of(one.times), "".join(sorted(one.shifts)), "".join(one.shifts_before))
        for one in moments_of(times, TYPES)
    ]


def test_a_time_of_day_is_parted_where_shifts_start_and_end() -> None:
    assert told((6 * HOUR, 10 * HOUR)) == [
        ("06:00-07:00", "", "N"),
        ("07:00-08:00", "E", ""),
        ("08:00-10:00", "ES", ""),
    ]
    assert told((14 * HOUR, 15 * HOUR)) == [("14:00-15:00", "EL", "")]


def test_past_midnight_the_next_day_begins() -> None:
    moments = moments_of((21 * HOUR, 32 * HOUR), TYPES)

    assert told((21 * HOUR, 32 * HOUR)) == [
        ("21:00-22:00", "L", ""),
        ("22:00-22:30", "LN", ""),
        ("22:30-00:00", "N", ""),
        ("00:00-07:00", "", "N"),
        ("07:00-08:00", "E", ""),
    ]
    assert [one.days_after for one in moments] == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("start", "end", "times", "name"),
    [
        (420, 600, (420, 600), "07:00-10:00"),
        (1320, 360, (1320, 1800), "22:00-06:00"),
        (1320, 1440, (1320, 1440), "22:00-00:00"),
        (1440, 360, (0, 360), "00:00-06:00"),
        (0, 0, (0, 1440), "00:00-00:00"),
    ],
)
def test_a_time_of_day_is_found_by_the_name_of_its_costs(
    start: int, end: int, times: Times, name: str
) -> None:
    assert times_between(start, end) == times
    assert name_of(times) == name
    assert times_named(name) == times
    assert times_named(f"{name} cover") is None
