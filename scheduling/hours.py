"""When a shift starts and ends by the ward's own clocks."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone

from scheduling.models import Roster
from scheduling.solver.instance import ShiftType

Hours = tuple[datetime | None, datetime | None]
SATURDAY = 5
MINUTES_AN_HOUR = 60


def zone_of(roster: Roster) -> tzinfo:
    """Return the zone in which the ward works, by default the hospital's."""
    if roster.timezone:
        return ZoneInfo(roster.timezone)
    return timezone.get_default_timezone()


def hours_of(shift: ShiftType, on: date, *, zone: tzinfo) -> Hours:
    """Return start and end of a shift that begins on a day; None where nobody says.

    A night in which the clocks change is an hour shorter or longer: neither its start
    nor its end on the clock is moved.
    """
    if shift.start_minute is None or shift.end_minute is None:
        return None, None
    midnight = datetime.combine(on, datetime.min.time(), tzinfo=zone)
    return (
        midnight + timedelta(minutes=shift.start_minute),
        midnight + timedelta(minutes=shift.end_minute),
    )


def is_weekend(on: date) -> bool:
    return on.weekday() >= SATURDAY


def clock(minute: int | None) -> str:
    """Return minutes after midnight as a clock shows them; empty where nobody says."""
    if minute is None:
        return ""
    return f"{minute // MINUTES_AN_HOUR % 24:02d}:{minute % MINUTES_AN_HOUR:02d}"
