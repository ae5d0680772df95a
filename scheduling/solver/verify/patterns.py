"""Judges sequences of days that should not occur."""

from collections.abc import Iterator, Sequence

from scheduling.solver.rules import Pattern
from scheduling.solver.verify import words
from scheduling.solver.verify.row import Cells, Row, RowJudge
from scheduling.solver.verify.verdict import Breach, Stake


def pattern_judge(rule: Pattern, row: Row) -> RowJudge:
    """Return the judge of a pattern for one person's cells."""
    history = row.person.history if rule.uses_history else ()
    past = len(history)
    length = len(rule.days)
    starts = _starts(rule, row, past=past)
    opening = rule.days[0]
    stake = Stake(rule.name, rule.tier, rule.weight)

    def judge(cells: Cells) -> Iterator[Breach]:
        known = (*history, *cells)
        for start in starts:
            if known[start] not in opening:
                continue
            matched = known[start : start + length]
            if all(
                cell in wanted for cell, wanted in zip(matched, rule.days, strict=True)
            ):
                first = start - past
                yield stake.breach(
                    words.PATTERN if length > 1 else words.PATTERN_DAY,
                    person=row.person.id,
                    days=range(max(first, 0), first + length),
                    units=1,
                    values=(
                        ("person", row.name),
                        ("cells", ", ".join(row.shift(cell) for cell in matched)),
                        ("date", row.date(first)),
                    ),
                )

    return judge


def _starts(rule: Pattern, row: Row, *, past: int) -> Sequence[int]:
    """Return where in history and horizon the pattern may start, ending in the latter."""
    length = len(rule.days)
    places = range(max(past - length + 1, 0), past + row.instance.days - length + 1)
    if not rule.weekdays and not rule.start_days:
        return places
    return [place for place in places if _may_start(rule, row, place - past)]


def _may_start(rule: Pattern, row: Row, day: int) -> bool:
    is_weekday = not rule.weekdays or row.instance.weekday(day) in rule.weekdays
    return is_weekday and (not rule.start_days or day in rule.start_days)
