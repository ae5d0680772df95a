"""The sheet of shifts, and the shifts of a ward that gives none."""

from collections.abc import Iterable, Mapping

from scheduling.importing.flaws import Flaws, flaw
from scheduling.importing.headings import plain
from scheduling.importing.table import Line, Table
from scheduling.importing.ward import Period
from scheduling.solver.instance import MAX_SHIFT_TYPES, MINUTES_A_DAY, Duty, ShiftType

LONGEST_SHIFT = 64
HOUR = 60
NIGHT_HOURS = (23 * HOUR, 30 * HOUR)  # 23:00 to 06:00
NIGHT_MINUTES = 3 * HOUR  # of them, which make a shift night work (2003/88/EC Art. 2)
LONGEST_PAID_HOURS = 48
# What a ward without a sheet of shifts works: id, start, end; 8 h are paid.
ASSUMED = (
    ("E", 7 * HOUR, 15 * HOUR + 30),
    ("L", 14 * HOUR, 22 * HOUR + 30),
    ("N", 22 * HOUR, 31 * HOUR),
)
ASSUMED_MINUTES = 8 * HOUR
AT_HOME = frozenset({"home", "at home", "stand-by", "standby", "在家", "在家待命"})
ON_SITE = frozenset({"site", "on site", "at work", "yes", "在院", "在岗", "是"})
WORKED = frozenset({"", "no", "否"})
CALLED = {
    "E": ("early", "morning", "day", "早", "早班", "白班", "日班"),
    "L": ("late", "evening", "中", "中班", "晚", "晚班", "小夜"),
    "N": ("night", "夜", "夜班", "大夜"),
}


class Shifts:
    """The ward's shifts, found by id or name however it is spelled."""

    def __init__(
        self, types: Iterable[ShiftType], called: Mapping[str, Iterable[str]]
    ) -> None:
        self.types = tuple(types)
        self._ids: dict[str, str] = {}
        for shift in self.types:
            self._ids.setdefault(shift.id, shift.id)
        for shift in self.types:
            for name in (shift.id, shift.name, *called.get(shift.id, ())):
                self._ids.setdefault(plain(name), shift.id)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(shift.id for shift in self.types)

    @property
    def order(self) -> dict[str, int]:
        """The place of each shift."""
        return {shift.id: place for place, shift in enumerate(self.types)}

    @property
    def known(self) -> str:
        """The shifts as a sentence names them."""
        return ", ".join(shift.id for shift in self.types[:20])

    def find(self, name: str) -> str:
        """Return the id of a shift; empty for none."""
        return self._ids.get(name) or self._ids.get(plain(name), "")


def shifts_of(table: Table | None, period: Period, flaws: Flaws) -> Shifts:
    """Return the ward's shifts; the usual three, which is told, where it gives none."""
    if table is None:
        return _assumed(period, flaws)
    found: dict[str, ShiftType] = {}
    rows: dict[str, int] = {}
    for line in table:
        id_ = line.needed("shift", longest=LONGEST_SHIFT)
        if id_ in found:
            line.tell("shift_twice", "shift", value=id_, other=rows[id_])
        elif id_:
            found[id_] = _shift(line, id_)
            rows[id_] = line.number
    if len(found) > MAX_SHIFT_TYPES:
        count, most = len(found), MAX_SHIFT_TYPES
        flaws.add(
            flaw(
                "too_many_shifts",
                is_error=True,
                sheet=table.title,
                count=count,
                most=most,
            )
        )
    return Shifts(found.values(), {})


def _assumed(period: Period, flaws: Flaws) -> Shifts:
    types = [
        ShiftType(
            id=id_,
            name=name,
            start_minute=start,
            end_minute=end,
            minutes=ASSUMED_MINUTES,
            is_night=is_night(start, end),
        )
        for (id_, start, end), name in zip(ASSUMED, period.shift_names, strict=True)
    ]
    told = ", ".join(f"{one.id} {one.name}" for one in types)
    flaws.add(flaw("shifts_assumed", is_error=False, shifts=told))
    return Shifts(types, CALLED)


def _shift(line: Line, id_: str) -> ShiftType:
    start, end = _times(line, id_)
    paid = line.number_in("hours", least=0, most=LONGEST_PAID_HOURS)
    span = end - start if start is not None and end is not None else None
    if paid is None and span is None:
        line.tell("shift_without_hours", "hours", value=id_)
    minutes = round(paid * HOUR) if paid is not None else span or 0
    if span is not None and minutes > span:
        line.tell("more_paid_than_long", "hours", is_error=False, value=id_)
    said = line.answer("night")
    return ShiftType(
        id=id_,
        on_call=_on_call(line),
        name=line.text("name") or id_,
        start_minute=start,
        end_minute=end,
        minutes=minutes,
        is_night=is_night(start, end) if said is None else said,
    )


def _on_call(line: Line) -> Duty:
    """Return where somebody is on call; what says neither is told."""
    written = line.text("on_call")
    word = plain(written)
    if word in AT_HOME:
        return "home"
    if word in ON_SITE:
        return "site"
    if word not in WORKED:
        line.tell("no_duty", "on_call", value=written[:30])
    return ""


def _times(line: Line, id_: str) -> tuple[int | None, int | None]:
    """Return start and end; an end that is not later lies on the next day."""
    both = line.times("times")
    start, end = both or (line.clock("start"), line.clock("end"))
    if start is None or end is None:
        has_one = start is not None or end is not None
        if has_one:
            line.tell("shift_without_end", "end" if end is None else "start", value=id_)
        else:
            line.tell("shift_without_times", "start", is_error=False, value=id_)
        return None, None
    start %= MINUTES_A_DAY
    return start, end if end > start else end + MINUTES_A_DAY


def is_night(start: int | None, end: int | None) -> bool:
    """Whether three hours of a shift lie between 23:00 and 06:00."""
    if start is None or end is None:
        return False
    first, last = NIGHT_HOURS
    shared = sum(
        max(0, min(end, last + offset) - max(start, first + offset))
        for offset in (-MINUTES_A_DAY, 0)
    )
    return shared >= NIGHT_MINUTES
