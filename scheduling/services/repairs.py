"""After a sick call: the ways on, none of them done yet."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from hospital.core.errors import InvalidInput
from scheduling.exports.export import published_cells
from scheduling.hours import zone_of
from scheduling.models import Roster, SourceFormat
from scheduling.problems import (
    grid_of,
    instance_now,
    instance_of,
    locked_cells,
    with_locks,
)
from scheduling.repairing.asking import Call, Found, SickCallError, options_after
from scheduling.saying.sentences import refused_sentence
from scheduling.solver.formats import to_json
from scheduling.solver.instance import MINUTES_A_DAY, Instance
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.rules import OFF

MINUTES_AN_HOUR = 60
WITHOUT_DATES = frozenset({SourceFormat.CURTOIS, SourceFormat.INRC2})

Moment = tuple[int, int]  # a day of the roster, and the minute after its midnight


@dataclass(frozen=True, slots=True)
class SickCall:
    """Who is away on which days; what starts within `freeze_hours` of now stays.

    Of a published roster that is what was published, not what was drafted since. The
    weights say what a changed cell and a person disturbed are worth in cover's cost.
    """

    absences: dict[str, list[int]]
    freeze_hours: int = 0
    from_day: int | None = None
    cell_weight: float | None = None
    person_weight: float | None = None


@dataclass(frozen=True, slots=True)
class WaysOn:
    """Three to five ways on, the best cover first.

    Attributes:
        note: How the call was read, where that is not what one expects.
    """

    options: list[Found]
    note: str


def repair_options(*, roster: Roster, call: SickCall) -> WaysOn:
    """Return the ways on; nothing is changed.

    Raises:
        InvalidInput: The call names somebody or a day that the roster does not have.
        Unanswered: No worker is free.
    """
    is_late = call.from_day is None and is_over(roster)
    if is_late:
        call = replace(call, from_day=min(chain(*call.absences.values())))
    return WaysOn(_options(roster, call), _late_note(roster, call) if is_late else "")


def _options(roster: Roster, call: SickCall) -> list[Found]:
    drafted = grid_of(roster)
    day, minute = now_in(roster) if call.from_day is None else (call.from_day, 0)
    grid = as_published_soon(roster, drafted, (day, minute), hours=call.freeze_hours)
    instance = instance_now(roster)
    instance = with_locks(instance, grid, locked_cells(roster))
    try:
        return options_after(
            Call(
                instance=to_json(instance),
                rows=grid.rows,
                drafted=drafted.rows,
                absences=call.absences,
                day=day,
                minute=minute,
                freeze_hours=call.freeze_hours,
                cell_weight=call.cell_weight,
                person_weight=call.person_weight,
            )
        )
    except SickCallError as error:
        message = refused_sentence(error.told)
        raise InvalidInput(
            message, code="invalid", fields={"absences": [message]}
        ) from error


def as_published_soon(
    roster: Roster, drafted: Grid, now: Moment, *, hours: int
) -> Grid:
    """Return the working copy, and what starts so soon as people were told it."""
    if not hours or roster.current_id is None:
        return drafted
    instance = instance_of(roster)
    told = Grid.of(instance, published_cells(roster))
    first = now[0] * MINUTES_A_DAY + now[1]
    soon = range(first, first + hours * MINUTES_AN_HOUR)
    grid = drafted
    for person, (row, told_row) in enumerate(zip(drafted.rows, told.rows, strict=True)):
        for day, (cell, told_cell) in enumerate(zip(row, told_row, strict=True)):
            is_changed = cell != told_cell
            if is_changed and any(
                _start(instance, one, day) in soon for one in (cell, told_cell)
            ):
                grid = grid.with_cell(person, day, told_cell)
    return grid


def _start(instance: Instance, cell: str, day: int) -> int:
    """Return the minute of the roster at which a cell's shift starts; -1 of a free day."""
    if cell == OFF:
        return -1
    return day * MINUTES_A_DAY + (instance.shift_by_id[cell].start_minute or 0)


def now_in(roster: Roster) -> Moment:
    """Return today and the minute in the roster's own days; below 0 before its start.

    A roster whose format has no dates is open from its first day.
    """
    if roster.source_format in WITHOUT_DATES:
        return 0, 0
    now = timezone.now().astimezone(zone_of(roster))
    day = (now.date() - roster.start).days
    return day, now.hour * MINUTES_AN_HOUR + now.minute


def is_over(roster: Roster) -> bool:
    return now_in(roster)[0] >= roster.days


def _late_note(roster: Roster, call: SickCall) -> str:
    first = roster.start + timedelta(days=call.from_day or 0)
    return _(
        "This roster is over. The call is read as if it were made at the start of "
        "%(day)s, the first day of absence: what lies before stays as it is."
    ) % {"day": formats.date_format(first, "DATE_FORMAT")}
