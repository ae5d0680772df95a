"""Rest between shifts and in each week, as patterns of days that must not occur.

Days on which clocks change are judged by real time and get patterns of their own, so
the same two shifts may be legal on every other day but not on that one.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise, product

from scheduling.solver.clock import is_even, rest_minutes
from scheduling.solver.instance import MINUTES_A_DAY, Instance
from scheduling.solver.laws.clauses import DailyRest, WeeklyRest
from scheduling.solver.laws.duty import counted_of, rest_of, work_of
from scheduling.solver.rules import OFF, Count, Pattern, Rule

Blocks = tuple[
    tuple[frozenset[str], frozenset[str]], ...
]  # any of these, then of those

DAYS_A_WEEK = 7
MONDAY, SUNDAY = 0, 6
MAX_WEEK_PATTERNS = 300  # beyond it all short rests are taken for one


def daily_rest(clause: DailyRest, instance: Instance) -> tuple[Rule, ...]:
    """Return the pairs of shifts that lie too near each other, as hard patterns."""
    longest = max((shift.end_minute or 0 for shift in instance.shift_types), default=0)
    furthest = (longest + clause.hours * 60) // MINUTES_A_DAY
    return tuple(
        rule
        for after in range(1, furthest + 1)
        for rule in _pair_patterns(clause, instance, after=after)
    )


def _pair_patterns(
    clause: DailyRest, instance: Instance, *, after: int
) -> Iterator[Pattern]:
    between = (instance.all_shifts | {OFF},) * (after - 1)
    starts = range(-after, instance.days - after)
    for blocks, days in _by_blocks(
        instance, starts, rest=clause.hours * 60, after=after
    ).items():
        for first, then in blocks:
            yield Pattern(
                name=clause.name, days=(first, *between, then), start_days=days
            )


def _by_blocks(
    instance: Instance, starts: range, *, rest: int, after: int
) -> dict[Blocks, frozenset[int]]:
    """Return the days on which each set of short rests holds; no days for all of them."""
    uneven = [day for day in starts if not is_even(instance, day=day, days=after + 2)]
    found: dict[Blocks, set[int]] = {}
    for day in uneven:
        blocks = short_rests(instance, day=day, rest=rest, after=after)
        found.setdefault(blocks, set()).add(day)
    even = set(starts) - set(uneven)
    if even:
        blocks = short_rests(instance, day=min(even), rest=rest, after=after)
        found.setdefault(blocks, set()).update(even)
    if len(found) == 1:
        return {blocks: frozenset() for blocks in found}
    return {blocks: frozenset(days) for blocks, days in found.items()}


def short_rests(instance: Instance, *, day: int, rest: int, after: int) -> Blocks:
    """Return which shifts of a day and of `after` days later lie too near each other."""
    by_then: dict[frozenset[str], set[str]] = {}
    working = [one for one in instance.shift_types if one.on_call != "home"]
    for first in working:
        then = frozenset(
            shift.id
            for shift in working
            if (gap := rest_minutes(instance, first, shift, day=day, after=after))
            is not None
            and gap < rest
        )
        if then:
            by_then.setdefault(then, set()).add(first.id)
    return tuple((frozenset(first), then) for then, first in by_then.items())


def weekly_rest(clause: WeeklyRest, instance: Instance) -> tuple[Rule, ...]:
    """Return what forbids a week, Monday to Sunday, without a long enough free day.

    A free day is long enough when the rest around it is, and so are two in a row; a rest
    belongs to the week of its free day. The week in which the horizon begins is judged
    with what people's history knows of it; the one in which it ends, by who follows.
    """
    if not work_of(instance):
        return ()
    if clause.hours == 0:
        return _some_free_day(clause, instance)
    weeks: dict[tuple[Blocks, ...], list[int]] = {}
    for monday in (*_monday_before(instance), *_mondays(instance)):
        gaps = tuple(
            short_rests(instance, day=day - 1, rest=clause.hours * 60, after=2)
            for day in range(monday, monday + DAYS_A_WEEK)
        )
        weeks.setdefault(gaps, []).append(monday)
    return tuple(
        rule
        for gaps, mondays in weeks.items()
        for rule in _week_patterns(
            clause, instance, gaps, only=mondays if len(weeks) > 1 else []
        )
    )


def _some_free_day(clause: WeeklyRest, instance: Instance) -> tuple[Rule, ...]:
    work = work_of(instance)
    begun = (
        Pattern(
            name=clause.name,
            days=(work,) * DAYS_A_WEEK,
            start_days=frozenset({monday}),
        )
        for monday in _monday_before(instance)
    )
    weeks = (
        Count(
            name=clause.name,
            shifts=counted_of(instance),
            days=tuple(range(monday, monday + DAYS_A_WEEK)),
            at_most=DAYS_A_WEEK - 1,
        )
        for monday in _mondays(instance)
    )
    return (*begun, *weeks)


def _monday_before(instance: Instance) -> Iterator[int]:
    """Yield the first day of the week that begins before the horizon and ends in it."""
    first = MONDAY - instance.weekday(0)
    if first < 0 < first + DAYS_A_WEEK <= instance.days:
        yield first


def _mondays(instance: Instance) -> range:
    """Return the first days of all weeks that lie in the horizon as a whole."""
    first = (MONDAY - instance.weekday(0)) % DAYS_A_WEEK
    return range(first, instance.days - DAYS_A_WEEK + 1, DAYS_A_WEEK)


def _week_patterns(
    clause: WeeklyRest,
    instance: Instance,
    gaps: tuple[Blocks, ...],
    *,
    only: list[int],
) -> Iterator[Pattern]:
    """Yield each week in which every free day stands alone and is too short."""
    found = list(_short_weeks(instance, gaps))
    if len(found) > MAX_WEEK_PATTERNS:
        found = list(_short_weeks(instance, tuple(_merged(blocks) for blocks in gaps)))
    for begins_before, days in found:
        yield Pattern(
            name=clause.name,
            days=days,
            weekdays=frozenset({SUNDAY if begins_before else MONDAY}),
            start_days=frozenset(day - begins_before for day in only),
        )


def _merged(blocks: Blocks) -> Blocks:
    """Return one block that holds all: stricter, and far fewer patterns."""
    if not blocks:
        return ()
    firsts, thens = zip(*blocks, strict=True)
    return ((frozenset().union(*firsts), frozenset().union(*thens)),)


def _short_weeks(
    instance: Instance, gaps: tuple[Blocks, ...]
) -> Iterator[tuple[int, tuple[frozenset[str], ...]]]:
    """Yield the sets of each day, and 1 where the first is the Sunday before."""
    work, free_day = work_of(instance), rest_of(instance)
    for size in range(DAYS_A_WEEK // 2 + 2):
        for free in combinations(range(1, DAYS_A_WEEK + 1), size):
            if any(two - one == 1 for one, two in pairwise(free)):
                continue
            for chosen in product(*(gaps[position - 1] for position in free)):
                days = [work] * (DAYS_A_WEEK + 2)
                for position, (before, then) in zip(free, chosen, strict=True):
                    days[position - 1] &= before
                    days[position] = free_day
                    days[position + 1] &= then
                if all(days):
                    begin = 0 if 1 in free else 1
                    end = None if DAYS_A_WEEK in free else -1
                    yield 1 - begin, tuple(days[begin:end])
