"""The sheet of pairs: who should share their shifts, and who should not meet."""

from collections.abc import Iterator

from scheduling.importing.headings import plain
from scheduling.importing.shifts import Shifts
from scheduling.importing.table import Line, Table
from scheduling.importing.values import names_in
from scheduling.importing.ward import Pairing, Period
from scheduling.importing.wishes import tell_unknown

TOGETHER = frozenset({"together", "with", "pair", "yes", "一起", "同班", "搭班"})
APART = frozenset({"apart", "avoid", "separate", "no", "分开", "避开", "不同班"})


def pairs_of(
    table: Table, numbers: frozenset[str], shifts: Shifts, period: Period
) -> tuple[Pairing, ...]:
    """Return the pairs of people whose staff numbers are known."""
    rows: dict[tuple[frozenset[str], str], int] = {}
    return tuple(
        pair
        for line in table
        for pair in _pair(line, numbers, shifts, period)
        if _is_new(line, pair, shifts, rows)
    )


def _pair(
    line: Line, numbers: frozenset[str], shifts: Shifts, period: Period
) -> Iterator[Pairing]:
    """Yield the row's pair; nothing, which is told, where it has none."""
    two = [line.needed(column) for column in ("first", "second")]
    for column, number in zip(("first", "second"), two, strict=True):
        if number and number not in numbers:
            tell_unknown(line, column, number, period)
    is_together = _is_together(line)
    named = _shifts(line, shifts)
    if two[0] and two[0] == two[1]:
        line.tell("pair_alone", "second", value=two[1][:30])
    elif numbers.issuperset(two) and is_together is not None and named is not None:
        yield Pairing(
            first=two[0], second=two[1], is_together=is_together, shifts=named
        )


def _is_together(line: Line) -> bool | None:
    written = line.needed("rule")
    word = plain(written)
    if written and word not in TOGETHER | APART:
        line.tell("no_pairing", "rule", value=written[:30])
        return None
    return word in TOGETHER if written else None


def _shifts(line: Line, shifts: Shifts) -> frozenset[str] | None:
    """Return the shifts that a row names; none for all, None where one is unknown."""
    names = names_in(line.value("shifts"))
    found = {name: shifts.find(name) for name in names}
    for name in names:
        if not found[name]:
            line.tell("unknown_shift", "shifts", value=name[:30], known=shifts.known)
    return frozenset(found.values()) if all(found.values()) else None


def _is_new(
    line: Line,
    pair: Pairing,
    shifts: Shifts,
    rows: dict[tuple[frozenset[str], str], int],
) -> bool:
    """Whether no row above speaks of these two and a shift of it; told otherwise."""
    two = frozenset({pair.first, pair.second})
    for shift in sorted(pair.shifts or shifts.ids):
        other = rows.setdefault((two, shift), line.number)
        if other != line.number:
            line.tell("pair_twice", "second", other=other)
            return False
    return True
