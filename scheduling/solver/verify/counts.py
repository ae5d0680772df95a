"""Judges how much is worked within some days."""

from collections.abc import Iterator
from itertools import accumulate

from scheduling.solver.message import hours
from scheduling.solver.rules import OFF, Count
from scheduling.solver.verify import words
from scheduling.solver.verify.row import Cells, Row, RowJudge
from scheduling.solver.verify.verdict import Breach, Stake, Values


def count_judge(rule: Count, row: Row) -> RowJudge:
    """Return the judge of a count for one person's cells."""
    worth = _worth_by_shift(rule, row)
    odd = _odd_cells(rule, row)
    counted = _counted_days(rule, row.instance.days)
    windows = _windows(rule, row.instance.days)
    stake = Stake(rule.name, rule.tier, rule.weight)

    def judge(cells: Cells) -> Iterator[Breach]:
        amounts = [
            worth.get(cell, 0) if does_count else 0
            for cell, does_count in zip(cells, counted, strict=True)
        ]
        for (day, shift), worked in odd.items():
            if cells[day] == shift and counted[day]:
                amounts[day] = worked
        sums = [0, *accumulate(amounts)]
        for first, end in windows:
            total = rule.before + sums[end] - sums[first]
            if rule.at_most is not None and total > rule.at_most:
                days = [day for day in range(first, end) if amounts[day]]
                yield _told(rule, stake, row, (first, end), total, days)
            elif rule.at_least is not None and total < rule.at_least:
                within = [day for day in range(first, end) if counted[day]]
                free = [day for day in within if not amounts[day]]
                yield _told(rule, stake, row, (first, end), total, free or within)

    return judge


def _worth_by_shift(rule: Count, row: Row) -> dict[str, int]:
    """Return what a day in each counted shift adds."""
    return {
        shift.id: max(0, shift.minutes - rule.beyond) if rule.unit == "minutes" else 1
        for shift in row.instance.shift_types
        if shift.id != OFF and (not rule.shifts or shift.id in rule.shifts)
    }


def _odd_cells(rule: Count, row: Row) -> dict[tuple[int, str], int]:
    """Return what cells add whose shift lasts longer or shorter as clocks change."""
    if rule.unit != "minutes":
        return {}
    return {
        (day, shift): row.instance.minutes(shift, day=day, beyond=rule.beyond)
        for day, shift in row.instance.clock_changes
        if not rule.shifts or shift in rule.shifts
    }


def _counted_days(rule: Count, days: int) -> list[bool]:
    if not rule.days:
        return [True] * days
    wanted = frozenset(rule.days)
    return [day in wanted for day in range(days)]


def _windows(rule: Count, days: int) -> list[tuple[int, int]]:
    """Return the first day and the day after the last of every window."""
    if not rule.window:
        return [(0, days)]
    return [
        (first, first + rule.window)
        for first in range(0, days - rule.window + 1, rule.step)
    ]


def _told(
    rule: Count,
    stake: Stake,
    row: Row,
    window: tuple[int, int],
    total: int,
    days: list[int],
) -> Breach:
    is_above = rule.at_most is not None and total > rule.at_most
    limit = (rule.at_most if is_above else rule.at_least) or 0
    template = {
        ("shifts", True): words.SHIFTS_ABOVE,
        ("shifts", False): words.SHIFTS_BELOW,
        ("minutes", True): words.HOURS_ABOVE,
        ("minutes", False): words.HOURS_BELOW,
    }[rule.unit, is_above]
    if rule.beyond:
        template = words.BEYOND_ABOVE if is_above else words.BEYOND_BELOW
    first, end = window
    return stake.breach(
        template,
        person=row.person.id,
        days=days,
        units=abs(total - limit),
        values=(
            ("person", row.name),
            ("count", total),
            ("limit", limit),
            ("first", row.date(first)),
            ("last", row.date(end - 1)),
            *(_hours(rule, total, limit) if rule.unit == "minutes" else ()),
        ),
    )


def _hours(rule: Count, total: int, limit: int) -> Values:
    """Return what a sentence tells instead of minutes, which programs read."""
    return (
        ("hours", hours(total)),
        ("limit_hours", hours(limit)),
        ("beyond_hours", hours(rule.beyond)),
    )
