"""Who works where: a roster by shift instead of by person, and a day of every ward."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduling.hours import zone_of
from scheduling.models import PublishedShift, Roster, RosterPerson
from scheduling.problems import instance_of
from scheduling.showing.board import (
    Board,
    CoverRow,
    Day,
    Look,
    covers_of,
    days_of,
    looks_of,
)

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShiftCell:
    day: Day
    people: tuple[RosterPerson, ...]


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One shift over all days shown."""

    look: Look
    cells: tuple[ShiftCell, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """Who works one shift together.

    Attributes:
        look: How the shift is shown; None for one that the problem no longer has.
        is_since_yesterday: It began the evening before.
        is_now: It is being worked.
    """

    shift: str
    look: Look | None
    people: tuple[RosterPerson, ...]
    is_since_yesterday: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """One day of a published roster; `missing` are needs of the day that lack people."""

    roster: Roster
    teams: tuple[Team, ...]
    missing: tuple[CoverRow, ...]


def shift_rows(board: Board) -> tuple[ShiftRow, ...]:
    """Return who works each shift on each day of a board, in the order of its rows."""
    return tuple(
        ShiftRow(
            look,
            tuple(
                ShiftCell(day, tuple(_working(board, look, place)))
                for place, day in enumerate(board.days)
            ),
        )
        for look in board.looks
    )


def duty_of(
    roster: Roster,
    shifts: Iterable[PublishedShift],
    on: date,
    *,
    now: datetime,
    tells_gaps: bool,
) -> Duty:
    """Return who works a roster's shifts on a day.

    Args:
        roster: Which is published.
        shifts: Its shifts in force, of that day and the one before.
        on: The day, by the ward's calendar.
        now: A moment with its zone; shifts that are being worked then are marked.
        tells_gaps: With the needs of the day that lack people.
    """
    worked = list(shifts)
    days = [day for day in days_of(roster) if day.date == on]
    cells = {(one.person.key, one.day): one.shift for one in worked}
    covers = covers_of(instance_of(roster), cells, tuple(days)) if tells_gaps else ()
    return Duty(
        roster,
        tuple(_teams(roster, worked, on, now)),
        tuple(row for row in covers if row.missing and not row.is_reserve),
    )


def _working(board: Board, look: Look, place: int) -> Iterator[RosterPerson]:
    for row in board.rows:
        worked = row.cells[place].look
        if worked and worked.id == look.id:
            yield row.person


def _teams(
    roster: Roster, shifts: list[PublishedShift], on: date, now: datetime
) -> Iterator[Team]:
    """Yield the teams in the order of the roster's shifts, last night's first."""
    midnight = datetime.combine(on, time.min, tzinfo=zone_of(roster))
    looks = {look.id: look for look in looks_of(roster)}
    names = [*looks, *sorted({one.shift for one in shifts} - set(looks))]
    for begun in (on - A_DAY, on):
        for name in names:
            members = [
                one
                for one in shifts
                if (one.shift, one.date) == (name, begun)
                and (begun == on or (one.ends and one.ends > midnight))
            ]
            if members:
                yield Team(
                    name,
                    looks.get(name),
                    tuple(one.person for one in members),
                    is_since_yesterday=begun < on,
                    is_now=any(_goes_on(one, now) for one in members),
                )


def _goes_on(shift: PublishedShift, now: datetime) -> bool:
    if shift.starts is None or shift.ends is None:
        return False
    return shift.starts <= now < shift.ends
