"""Judges how many days in a row something goes on."""

from collections.abc import Iterator

from scheduling.solver.rules import OFF, Run
from scheduling.solver.verify import words
from scheduling.solver.verify.row import Cells, Row, RowJudge, shifts_told
from scheduling.solver.verify.verdict import Breach, Stake

_LONG = {
    "work": words.WORK_LONG,
    "off": words.OFF_LONG,
    "shifts": words.SHIFTS_LONG,
}
_SHORT = {
    "work": words.WORK_SHORT,
    "off": words.OFF_SHORT,
    "shifts": words.SHIFTS_SHORT,
}


def stretches(cells: Cells, inside: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the start and the end (exclusive) of each run of matching cells."""
    start = -1
    for place, cell in enumerate(cells):
        if cell in inside:
            if start < 0:
                start = place
        elif start >= 0:
            yield start, place
            start = -1
    if start >= 0:
        yield start, len(cells)


def run_judge(rule: Run, row: Row) -> RowJudge:
    """Return the judge of a run for one person's cells.

    A run counts with the days it had before the horizon, but only what the horizon adds
    beyond the limit is a breach.
    """
    inside = _inside(rule, row)
    history = row.person.history
    past = len(history)

    def judge(cells: Cells) -> Iterator[Breach]:
        known = (*history, *cells)
        for start, end in stretches(known, inside):
            if end < past:  # over before the last day of the history
                continue
            length = end - start
            if rule.at_most is not None and length > rule.at_most:
                beyond = min(length - rule.at_most, end - past)
                if beyond > 0:
                    yield _long(rule, row, (start - past, end - past), beyond)
            if rule.at_least is not None and length < rule.at_least:
                is_open = (rule.open_start and start == 0) or (
                    rule.open_end and end == len(known)
                )
                if not is_open:
                    yield _short(rule, row, (start - past, end - past))

    return judge


def _inside(rule: Run, row: Row) -> frozenset[str]:
    if rule.of == "off":
        return frozenset({OFF})
    return row.instance.all_shifts if rule.of == "work" else rule.shifts


def _long(rule: Run, row: Row, run: tuple[int, int], beyond: int) -> Breach:
    start, end = run
    return _told(
        rule,
        row,
        template=_LONG[rule.of],
        run=run,
        days=range(max(start, 0), end),
        units=beyond,
    )


def _short(rule: Run, row: Row, run: tuple[int, int]) -> Breach:
    start, end = run
    return _told(
        rule,
        row,
        template=_SHORT[rule.of],
        run=run,
        days=range(max(start, 0), end) or range(1),  # day 0 broke a run of the history
        units=(rule.at_least or 0) - (end - start),
    )


def _told(
    rule: Run,
    row: Row,
    *,
    template: str,
    run: tuple[int, int],
    days: range,
    units: int,
) -> Breach:
    start, end = run
    limit = rule.at_least if template == _SHORT[rule.of] else rule.at_most
    return Stake(rule.name, rule.tier, rule.weight).breach(
        template,
        person=row.person.id,
        days=days,
        units=units,
        values=(
            ("person", row.name),
            ("count", end - start),
            ("limit", limit or 0),
            ("last", row.date(end - 1)),
            ("shifts", shifts_told(row.instance, rule.shifts)),
        ),
    )
