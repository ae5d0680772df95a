"""Which shifts serve a time of day, moment by moment between their starts and ends."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from scheduling.solver.instance import MINUTES_A_DAY, ShiftType

Times = tuple[int, int]  # minutes after midnight; the end above 1440 on the next day
NAMED = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stretch of a time of day through which the same shifts are worked.

    Attributes:
        times: Its start and end, counted like those of the whole.
        shifts: Shifts begun on its own day that last through it.
        shifts_before: Shifts begun the day before that do.
    """

    times: Times
    shifts: frozenset[str]
    shifts_before: frozenset[str]

    @property
    def days_after(self) -> int:
        """1 for a moment past the midnight that the time of day crosses."""
        return self.times[0] // MINUTES_A_DAY

    @property
    def serving(self) -> frozenset[tuple[str, bool]]:
        """Each shift, and whether it was begun the day before."""
        before = {(shift, True) for shift in self.shifts_before}
        return frozenset({(shift, False) for shift in self.shifts} | before)


def times_between(start: int, end: int) -> Times:
    """Return a time of day; one that ends no later than it starts ends the next day."""
    start %= MINUTES_A_DAY
    return start, end if end > start else end + MINUTES_A_DAY


def name_of(times: Times) -> str:
    """Return how the costs of a time of day are called: 07:00-10:00."""
    return "-".join(f"{at // 60 % 24:02d}:{at % 60:02d}" for at in times)


def times_named(name: str) -> Times | None:
    """Return the time of day that a need is called after; None for another name."""
    found = NAMED.fullmatch(name)
    if found is None:
        return None
    hour, minute, last_hour, last_minute = map(int, found.groups())
    return times_between(hour * 60 + minute, last_hour * 60 + last_minute)


def moments_of(times: Times, types: Iterable[ShiftType]) -> tuple[Moment, ...]:
    """Return the moments of a time of day in their order.

    Being on call at home serves nobody; nor does a shift without times.
    """
    worked = [one for one in types if one.on_call != "home"]
    first, last = times
    cuts = {first, last, MINUTES_A_DAY, *_cuts(worked)}
    inside = sorted(cut for cut in cuts if first <= cut <= last)
    return tuple(_moment((start, end), worked) for start, end in pairwise(inside))


def _cuts(types: list[ShiftType]) -> Iterator[int]:
    """Yield when shifts begun the day before, that day and the next start and end."""
    for one in types:
        if one.start_minute is not None and one.end_minute is not None:
            for days in (-1, 0, 1):
                yield one.start_minute + days * MINUTES_A_DAY
                yield one.end_minute + days * MINUTES_A_DAY


def _moment(times: Times, types: list[ShiftType]) -> Moment:
    midnight = times[0] // MINUTES_A_DAY * MINUTES_A_DAY

    def lasting(begun: int) -> frozenset[str]:
        start, end = (at - begun for at in times)
        return frozenset(
            one.id
            for one in types
            if one.start_minute is not None
            and one.end_minute is not None
            and one.start_minute <= start
            and end <= one.end_minute
        )

    return Moment(
        times=times,
        shifts=lasting(midnight),
        shifts_before=lasting(midnight - MINUTES_A_DAY),
    )
