"""The sheets of leave and of requests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from scheduling.importing.days import tell_outside
from scheduling.importing.headings import plain
from scheduling.importing.shifts import Shifts
from scheduling.importing.table import Line, Table
from scheduling.importing.ward import Period, Wish
from scheduling.solver.rules import MAX_WEIGHT

OFF = frozenset({"off", "free", "dayoff", "no", "休", "休息", "不上班", "否"})
ON = frozenset({"on", "work", "yes", "上班", "上", "工作", "是"})


@dataclass(frozen=True, slots=True)
class _Days:
    """Whose days of the period a row is about."""

    number: str
    days: range


def leave_of(
    table: Table, numbers: frozenset[str], period: Period
) -> dict[str, frozenset[int]]:
    """Return the days on which people work nothing, by staff number."""
    leave: dict[str, frozenset[int]] = {}
    for line in table:
        for one in _days(line, numbers, period):
            known = leave.get(one.number, frozenset())
            leave[one.number] = known | frozenset(one.days)
    return leave


def wishes_of(
    table: Table,
    numbers: frozenset[str],
    shifts: Shifts,
    leave: Mapping[str, frozenset[int]],
    period: Period,
) -> tuple[Wish, ...]:
    """Return the wishes for days that are no leave."""
    wishes: dict[tuple[str, int], Wish] = {}
    for line in table:
        is_on, named = _wish(line), _shifts(line, shifts)
        weight = line.whole("weight", most=MAX_WEIGHT)
        for one in _days(line, numbers, period):
            free = [day for day in one.days if day not in leave.get(one.number, ())]
            if len(free) < len(one.days):
                line.tell("wish_on_leave", "first", is_error=False, value=one.number)
            if is_on is not None and named:
                for day in free:
                    wishes[one.number, day] = Wish(
                        number=one.number,
                        day=day,
                        shifts=named,
                        is_on=is_on,
                        weight=weight,
                    )
    return tuple(wishes.values())


def _days(line: Line, numbers: frozenset[str], period: Period) -> Iterator[_Days]:
    """Yield the row's person and days; nothing, which is told, where it has none."""
    number = line.needed("number")
    if number and number not in numbers:
        tell_unknown(line, "number", number, period)
    first, last = line.day("first"), line.day("last")
    if line.value("first") is None:
        line.needed("first")
    if first is None or (last is None and line.value("last") is not None):
        return
    last = last or first
    if last < first:
        line.tell(
            "last_before_first", "last", first=first.isoformat(), last=last.isoformat()
        )
        return
    begin, end = max(first, period.start), min(last, period.last)
    if begin > end:
        value = f"{first.isoformat()} – {last.isoformat()}"
        tell_outside(line, "first", value if last > first else str(first), period)
    elif number in numbers:
        day = (begin - period.start) // timedelta(days=1)
        yield _Days(number, range(day, day + (end - begin).days + 1))


def tell_unknown(line: Line, column: str, number: str, period: Period) -> None:
    """Tell somebody who is not among the people; who just left them is no error."""
    if number in period.known:
        line.tell("person_left", column, is_error=False, value=number[:30])
    else:
        line.tell("unknown_person", column, value=number[:30])


def _wish(line: Line) -> bool | None:
    """Return whether the row asks to work; a row without a word asks for a day off."""
    word = plain(line.text("wish"))
    if word in ON:
        return True
    if word and word not in OFF:
        line.tell("no_wish", "wish", value=line.text("wish")[:30])
        return None
    return False


def _shifts(line: Line, shifts: Shifts) -> frozenset[str]:
    """Return the shift of a wish; all of them where none is named."""
    name = line.text("shift")
    if not name:
        return shifts.ids
    shift = shifts.find(name)
    if not shift:
        line.tell("unknown_shift", "shift", value=name[:30], known=shifts.known)
        return frozenset()
    return frozenset({shift})
