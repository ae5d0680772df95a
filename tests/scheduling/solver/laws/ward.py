"""A ward of one person, as small as a rule about hours needs it."""

from datetime import date

from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF

EARLY = ShiftType(id="E", start_minute=7 * 60, end_minute=15 * 60, minutes=480)
LATE = ShiftType(id="L", start_minute=14 * 60, end_minute=22 * 60, minutes=480)
NIGHT = ShiftType(
    id="N", start_minute=22 * 60, end_minute=30 * 60, minutes=480, is_night=True
)


def shift(name: str, start: int, end: int) -> ShiftType:
    """Return a shift by its full hours."""
    return ShiftType(
        id=name,
        start_minute=start * 60,
        end_minute=end * 60,
        minutes=(end - start) * 60,
    )


def ward(
    *,
    start: date = date(2026, 6, 1),
    days: int = 7,
    shifts: tuple[ShiftType, ...] = (EARLY, LATE, NIGHT),
    timezone: str = "",
    leave: frozenset[int] = frozenset(),
    holidays: frozenset[int] = frozenset(),
) -> Instance:
    return Instance(
        name="ward",
        start=start,
        days=days,
        shift_types=shifts,
        people=(Person(id="ann", leave=leave),),
        timezone=timezone,
        holidays=holidays,
    )


def row(cells: str) -> Roster:
    """Return the roster of one person, a letter a day, a dot for a free one."""
    return Roster((tuple(OFF if cell == "." else cell for cell in cells),))
