"""Real time: how long a shift and a rest last when clocks change."""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # an instance asks here how long its shifts last
    from scheduling.solver.instance import Instance, ShiftType

MINUTES_A_DAY = 1440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instants(instance: "Instance", *, day: int, minute: int) -> tuple[int, int]:
    """Return the first and last real minute that a local time may mean.

    They differ only in the hour that is there twice, or not at all, when clocks change.

    Args:
        instance: Gives the date and the time zone.
        day: Counted from 0; negative before the horizon.
        minute: Minutes after midnight by the clock on the wall, above 1440 for the next
            day.
    """
    if not instance.timezone:
        exact = day * MINUTES_A_DAY + minute
        return exact, exact
    midnight = datetime.combine(instance.date_of(day), time())
    wall = midnight + timedelta(minutes=minute)
    both = [
        (wall.replace(tzinfo=ZoneInfo(instance.timezone), fold=fold) - EPOCH)
        // timedelta(minutes=1)
        for fold in (0, 1)
    ]
    return min(both), max(both)


def worked_minutes(instance: "Instance", shift: "ShiftType", *, day: int) -> int | None:
    """Return how long the shift really lasts that day; None where its times are unknown."""
    if shift.start_minute is None or shift.end_minute is None:
        return None
    start, _ = instants(instance, day=day, minute=shift.start_minute)
    _, end = instants(instance, day=day, minute=shift.end_minute)
    return end - start


def rest_minutes(
    instance: "Instance", first: "ShiftType", then: "ShiftType", *, day: int, after: int
) -> int | None:
    """Return the real rest from one shift to another begun `after` days later."""
    if first.end_minute is None or then.start_minute is None:
        return None
    _, end = instants(instance, day=day, minute=first.end_minute)
    start, _ = instants(instance, day=day + after, minute=then.start_minute)
    return start - end


def clock_changes(instance: "Instance") -> dict[tuple[int, str], int]:
    """Return by day and shift the minutes that are worked more, or fewer, than usual.

    Only the days on which clocks change while the shift lasts are there.
    """
    longest = max((one.end_minute or 0 for one in instance.shift_types), default=0)
    reach = 1 + longest // MINUTES_A_DAY
    changes = {}
    for day in range(instance.days):
        if is_even(instance, day=day, days=reach):
            continue
        for shift in instance.shift_types:
            lasts = worked_minutes(instance, shift, day=day)
            usual = (shift.end_minute or 0) - (shift.start_minute or 0)
            if lasts is not None and lasts != usual:
                changes[day, shift.id] = lasts - usual
    return changes


def is_even(instance: "Instance", *, day: int, days: int) -> bool:
    """Whether no clock changes from the day's start over that many days."""
    if not instance.timezone:
        return True
    start, _ = instants(instance, day=day, minute=0)
    end, _ = instants(instance, day=day + days, minute=0)
    return end - start == days * MINUTES_A_DAY
