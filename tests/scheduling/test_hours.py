"""When a shift starts and ends by the ward's clocks."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.hours import hours_of
from scheduling.solver.instance import ShiftType

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = ShiftType(
    id="N", name="Night", start_minute=1320, end_minute=1800, minutes=480, is_night=True
)


@pytest.mark.parametrize(
    ("on", "hours"),
    [
        (date(2026, 3, 27), 8),
        (date(2026, 3, 28), 7),  # clocks go forward on Sunday at 2
        (date(2026, 10, 24), 9),  # clocks go back on Sunday at 3
    ],
)
def test_a_night_is_as_long_as_the_clocks_make_it(on: date, hours: int) -> None:
    starts, ends = hours_of(NIGHT, on, zone=BERLIN)

    assert starts is not None
    assert ends is not None
    assert (starts.hour, ends.hour) == (22, 6)
    assert ends.astimezone(UTC) - starts.astimezone(UTC) == timedelta(hours=hours)
