"""Judges what is asked of weekends."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from scheduling.solver.instance import Instance
from scheduling.solver.rules import OFF, Weekends
from scheduling.solver.verify import words
from scheduling.solver.verify.row import Cells, Row, RowJudge
from scheduling.solver.verify.verdict import Breach, Stake, Values

_WEEK = 7
Weekend = tuple[int, ...]


def weekends_of(instance: Instance, weekdays: Sequence[int]) -> list[Weekend]:
    """Return the days of each weekend that lie in the horizon, oldest first."""
    shape = [(weekday - weekdays[0]) % _WEEK for weekday in weekdays]
    first_start = (weekdays[0] - instance.weekday(0)) % _WEEK - _WEEK
    weekends = (
        tuple(day for step in shape if 0 <= (day := start + step) < instance.days)
        for start in range(first_start, instance.days, _WEEK)
    )
    return [weekend for weekend in weekends if weekend]


def weekend_judge(rule: Weekends, row: Row) -> RowJudge:
    """Return the judge of a weekend rule for one person's cells."""
    weekends = weekends_of(row.instance, rule.weekdays)
    stake = Stake(rule.name, rule.tier, rule.weight)
    judges = {
        "count": _count_breaches,
        "run": _run_breaches,
        "complete": _incomplete,
        "identical": _mixed,
    }
    breaches = judges[rule.measure]

    def judge(cells: Cells) -> Iterator[Breach]:
        return breaches(rule, row, stake, weekends, cells)

    return judge


def _count_breaches(
    rule: Weekends, row: Row, stake: Stake, weekends: list[Weekend], cells: Cells
) -> Iterator[Breach]:
    worked = [weekend for weekend in weekends if _is_worked(weekend, cells)]
    total = rule.before + len(worked)
    if rule.at_most is not None and total > rule.at_most:
        yield stake.breach(
            words.WEEKENDS_ABOVE,
            person=row.person.id,
            days=_worked_days(worked, cells),
            units=total - rule.at_most,
            values=_counted(row, total, rule.at_most),
        )
    if rule.at_least is not None and total < rule.at_least:
        free = [weekend for weekend in weekends if weekend not in worked]
        yield stake.breach(
            words.WEEKENDS_BELOW,
            person=row.person.id,
            days=[day for weekend in free or weekends for day in weekend],
            units=rule.at_least - total,
            values=_counted(row, total, rule.at_least),
        )


def _run_breaches(
    rule: Weekends, row: Row, stake: Stake, weekends: list[Weekend], cells: Cells
) -> Iterator[Breach]:
    for first, end in _worked_runs(rule, weekends, cells):
        length = end - first + (rule.before if first == 0 else 0)
        run = weekends[first:end]
        days = _worked_days(run, cells) or list(weekends[0])
        last = (("last", row.date(days[-1])),)
        if rule.at_most is not None and length > rule.at_most and run:
            yield stake.breach(
                words.WEEKENDS_LONG,
                person=row.person.id,
                days=days,
                units=min(length - rule.at_most, len(run)),
                values=_counted(row, length, rule.at_most) + last,
            )
        if rule.at_least is not None and length < rule.at_least:
            yield stake.breach(
                words.WEEKENDS_SHORT,
                person=row.person.id,
                days=days,
                units=rule.at_least - length,
                values=_counted(row, length, rule.at_least) + last,
            )


def _worked_runs(
    rule: Weekends, weekends: list[Weekend], cells: Cells
) -> Iterator[tuple[int, int]]:
    """Yield first and end of each run of worked weekends; (0, 0) ends one of before."""
    first = 0 if rule.before else -1
    for place, weekend in enumerate(weekends):
        if _is_worked(weekend, cells):
            if first < 0:
                first = place
        elif first >= 0:
            yield first, place
            first = -1
    if first >= 0 and weekends:
        yield first, len(weekends)


def _incomplete(
    rule: Weekends, row: Row, stake: Stake, weekends: list[Weekend], cells: Cells
) -> Iterator[Breach]:
    for weekend in weekends:
        worked = sum(cells[day] != OFF for day in weekend)
        if 0 < worked < len(weekend):
            yield stake.breach(
                words.WEEKEND_BROKEN,
                person=row.person.id,
                days=weekend,
                units=1,
                values=(("person", row.name), ("date", row.date(weekend[0]))),
            )


def _mixed(
    rule: Weekends, row: Row, stake: Stake, weekends: list[Weekend], cells: Cells
) -> Iterator[Breach]:
    for weekend in weekends:
        changes = sum(cells[day] != cells[after] for day, after in pairwise(weekend))
        if changes:
            yield stake.breach(
                words.WEEKEND_MIXED,
                person=row.person.id,
                days=weekend,
                units=changes,
                values=(("person", row.name), ("date", row.date(weekend[0]))),
            )


def _is_worked(weekend: Weekend, cells: Cells) -> bool:
    return any(cells[day] != OFF for day in weekend)


def _worked_days(weekends: list[Weekend], cells: Cells) -> list[int]:
    return [day for weekend in weekends for day in weekend if cells[day] != OFF]


def _counted(row: Row, count: int, limit: int) -> Values:
    return (("person", row.name), ("count", count), ("limit", limit))
