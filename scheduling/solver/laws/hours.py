"""Limits on hours: of a shift, a week, a month, and on average."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scheduling.solver.clock import worked_minutes
from scheduling.solver.instance import Instance, Person
from scheduling.solver.laws.clauses import (
    AverageHours,
    DailyHours,
    Overtime,
    ShiftLength,
    WeeklyHours,
)
from scheduling.solver.laws.duty import counted_of, nights_of, work_of
from scheduling.solver.rules import Count, Pattern, Rule

DAYS_A_WEEK = 7
MINUTES_AN_HOUR = 60
SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWork:
    """What somebody worked before the horizon.

    Attributes:
        minutes: By day before the horizon, -1 for the last: what was worked, 0 on a free
            day. Leave, and days of which nothing is known, are not there.
        night_minutes: Of them those at night; free days may be missing.
    """

    minutes: dict[int, int] = field(default_factory=dict)
    night_minutes: dict[int, int] = field(default_factory=dict)


NO_PAST = PastWork()


def shift_length(clause: ShiftLength, instance: Instance) -> tuple[Rule, ...]:
    """Return each shift that is too long, on the days on which it is."""
    too_long: dict[frozenset[int], set[str]] = {}
    for shift in instance.shift_types:
        if shift.on_call == "home" or (clause.only_nights and not shift.is_night):
            continue
        days = frozenset(
            day
            for day in range(instance.days)
            if (worked_minutes(instance, shift, day=day) or 0)
            > clause.hours * MINUTES_AN_HOUR
        )
        if days:
            too_long.setdefault(days, set()).add(shift.id)
    return tuple(
        Pattern(
            name=clause.name,
            days=(frozenset(shifts),),
            start_days=days if len(days) < instance.days else frozenset(),
        )
        for days, shifts in too_long.items()
    )


def average_hours(
    clause: AverageHours,
    instance: Instance,
    *,
    person: Person | None = None,
    past: PastWork = NO_PAST,
) -> tuple[Rule, ...]:
    """Return the most minutes in each reference period.

    A horizon shorter than the reference period ends one, which reaches back into what is
    known of the past; a longer one has a period a week, the first of them begun before
    it. Leave, and days of which nothing is known, are no part of a period.
    """
    shifts = nights_of(instance) if clause.only_nights else counted_of(instance)
    if clause.only_nights and not shifts:
        return ()
    away = person.leave if person else frozenset()
    worked = past.night_minutes if clause.only_nights else past.minutes
    a_week = clause.hours_a_week * MINUTES_AN_HOUR
    rules = []
    for period in _periods(clause.weeks * DAYS_A_WEEK, instance, past):
        days = tuple(day for day in period if day >= 0)
        known = [day for day in period if day in past.minutes]
        before = sum(worked.get(day, 0) for day in known)
        counted = len(set(days) - away) + len(known)
        most = a_week * counted // DAYS_A_WEEK
        rules.append(
            Count(
                name=clause.name,
                shifts=shifts,
                days=days,
                unit="minutes",
                at_most=max(most, before),
                before=before,
            )
        )
    return tuple(rules)


def _periods(length: int, instance: Instance, past: PastWork) -> Iterator[range]:
    """Yield the days of each reference period, a week from one to the next."""
    if length >= instance.days:
        yield range(instance.days - length, instance.days)
        return
    oldest = max(min(past.minutes, default=0), DAYS_A_WEEK - length)
    earliest = oldest // DAYS_A_WEEK * DAYS_A_WEEK
    for first in range(earliest, instance.days - length + 1, DAYS_A_WEEK):
        yield range(first, first + length)


def weekly_hours(clause: WeeklyHours, instance: Instance) -> tuple[Rule, ...]:
    """Return the soft limit of each week that lies in the horizon as a whole."""
    first = -instance.weekday(0) % DAYS_A_WEEK
    mondays = range(first, instance.days - DAYS_A_WEEK + 1, DAYS_A_WEEK)
    if not mondays:
        return ()
    return (
        Count(
            name=clause.name,
            shifts=counted_of(instance),
            days=tuple(range(mondays[0], mondays[-1] + DAYS_A_WEEK)),
            window=DAYS_A_WEEK,
            step=DAYS_A_WEEK,
            unit="minutes",
            at_most=clause.hours * MINUTES_AN_HOUR,
            weight=-(-clause.weight_an_hour // MINUTES_AN_HOUR),
        ),
    )


def week_begun(
    clause: WeeklyHours, instance: Instance, *, past: PastWork
) -> tuple[Rule, ...]:
    """Return the soft limit of the week in which the horizon begins, by what is known."""
    end = -instance.weekday(0) % DAYS_A_WEEK
    known = [day for day in range(end - DAYS_A_WEEK, 0) if day in past.minutes]
    if not known or not 0 < end <= instance.days:
        return ()
    before = sum(past.minutes[day] for day in known)
    return (
        Count(
            name=clause.name,
            shifts=counted_of(instance),
            days=tuple(range(end)),
            unit="minutes",
            at_most=max(clause.hours * MINUTES_AN_HOUR, before),
            before=before,
            weight=-(-clause.weight_an_hour // MINUTES_AN_HOUR),
        ),
    )


def daily_hours(clause: DailyHours, instance: Instance) -> tuple[Rule, ...]:
    """Return the cost of what single shifts last beyond the hours of a day."""
    normal = clause.hours * MINUTES_AN_HOUR
    if not _is_exceeded(normal, instance):
        return ()
    return (
        Count(
            name=clause.name,
            shifts=counted_of(instance),
            unit="minutes",
            beyond=normal,
            at_most=0,
            weight=-(-clause.weight_an_hour // MINUTES_AN_HOUR),
        ),
    )


def overtime(
    clause: Overtime,
    instance: Instance,
    *,
    person: Person | None = None,
    past: PastWork = NO_PAST,
) -> tuple[Rule, ...]:
    """Return the most minutes in each month.

    A month that the horizon holds in part gives its share, and such shares are kept over
    the horizon as a whole: a single Sunday of the next month would allow nothing alone.
    The month in which the horizon begins is kept besides with what is known of its days
    before, so that two rosters do not each take their shares of it.
    Normal hours are those of Mondays to Fridays that are no holiday and no leave. A
    shift longer than normal hours is overtime whatever else is worked.
    """
    away = person.leave if person else frozenset()
    rules = [
        Count(
            name=clause.name,
            shifts=counted_of(instance),
            days=days,
            unit="minutes",
            at_most=_most_minutes(clause, instance, days, away=away),
        )
        for days in _overtime_periods(instance)
    ]
    begun = _month_begun(clause, instance, past=past, away=away)
    return (*rules, *_long_shifts(clause, instance), *begun)


def _month_begun(
    clause: Overtime, instance: Instance, *, past: PastWork, away: frozenset[int]
) -> Iterator[Count]:
    """Yield the most minutes, and the most overtime of shifts, of the month begun before."""
    days = _months(instance, range(instance.days))[0]
    length = _length(instance, days)
    begin = 1 - instance.start.day
    known = [day for day in range(begin, 0) if day in past.minutes]
    if not known or len(days) - begin < length:  # or it does not end in the horizon
        return
    a_day = clause.normal_hours_a_day * MINUTES_AN_HOUR
    share = (len(known) + len(days)) / length
    extra = int(clause.hours_a_month * MINUTES_AN_HOUR * share)
    working = sum(instance.weekday(day) < SATURDAY for day in known)
    normal = working * a_day + _normal_minutes(clause, instance, days, away=away)
    beyonds = [(0, normal + extra)]
    if _is_exceeded(a_day, instance):
        beyonds.append((a_day, extra))
    for beyond, most in beyonds:
        before = sum(max(0, past.minutes[day] - beyond) for day in known)
        yield Count(
            name=clause.name,
            shifts=counted_of(instance),
            days=days,
            unit="minutes",
            beyond=beyond,
            at_most=max(most, before),
            before=before,
        )


def _overtime_periods(instance: Instance) -> Iterator[tuple[int, ...]]:
    """Yield the days of each whole month, then all days where months lie there in part."""
    months = _months(instance, range(instance.days))
    whole = [days for days in months if len(days) == _length(instance, days)]
    yield from whole
    if len(whole) < len(months):
        yield tuple(range(instance.days))


def _months(instance: Instance, days: Iterable[int]) -> list[tuple[int, ...]]:
    """Return the days of each month."""
    months: dict[tuple[int, int], list[int]] = {}
    for day in days:
        on = instance.date_of(day)
        months.setdefault((on.year, on.month), []).append(day)
    return [tuple(month) for month in months.values()]


def _length(instance: Instance, days: tuple[int, ...]) -> int:
    """Return how many days the month has that these days belong to."""
    first = instance.date_of(days[0])
    return monthrange(first.year, first.month)[1]


def _most_minutes(
    clause: Overtime, instance: Instance, days: tuple[int, ...], *, away: frozenset[int]
) -> int:
    normal = _normal_minutes(clause, instance, days, away=away)
    return normal + _overtime_minutes(clause, instance, days)


def _normal_minutes(
    clause: Overtime, instance: Instance, days: tuple[int, ...], *, away: frozenset[int]
) -> int:
    working = sum(
        instance.weekday(day) < SATURDAY
        and day not in instance.holidays
        and day not in away
        for day in days
    )
    return working * clause.normal_hours_a_day * MINUTES_AN_HOUR


def _overtime_minutes(
    clause: Overtime, instance: Instance, days: tuple[int, ...]
) -> int:
    """Return the overtime of these days, by their shares of their months."""
    share = sum(
        len(month) / _length(instance, month) for month in _months(instance, days)
    )
    return int(clause.hours_a_month * MINUTES_AN_HOUR * share)


def _long_shifts(clause: Overtime, instance: Instance) -> Iterator[Count]:
    """Yield how much may be worked beyond the normal hours of single shifts."""
    normal = clause.normal_hours_a_day * MINUTES_AN_HOUR
    if not _is_exceeded(normal, instance):
        return
    for days in _overtime_periods(instance):
        yield Count(
            name=clause.name,
            shifts=counted_of(instance),
            days=days,
            unit="minutes",
            beyond=normal,
            at_most=_overtime_minutes(clause, instance, days),
        )


def _is_exceeded(minutes: int, instance: Instance) -> bool:
    """Whether any shift that is work can last longer."""
    longest = max(
        (
            instance.minutes(shift, day=day)
            for shift in work_of(instance)
            for day in {0, *(day for day, _shift in instance.clock_changes)}
        ),
        default=0,
    )
    return longest > minutes
