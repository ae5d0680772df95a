"""After a sick call: the ways on, none of them done yet."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.core.errors import DomainError, InvalidInput
from scheduling.exports.export import published_cells
from scheduling.hours import zone_of
from scheduling.models import Roster, SourceFormat
from scheduling.problems import grid_of, instance_of, locked_cells, with_locks
from scheduling.repairing.running import (
    Call,
    Found,
    RepairingError,
    SickCallError,
    options_after,
)
from scheduling.saying.sentences import refused_sentence
from scheduling.solver.formats import to_json
from scheduling.solver.instance import MINUTES_A_DAY, Instance
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.rules import OFF

MINUTES_AN_HOUR = 60
WITHOUT_DATES = frozenset({SourceFormat.CURTOIS, SourceFormat.INRC2})

Moment = tuple[int, int]  # a day of the roster, and the minute after its midnight


class NotFound(DomainError):
    """No option could be looked for now."""

    status = 503


@dataclass(frozen=True, slots=True)
class SickCall:
    """Who is away on which days; what starts within `freeze_hours` of now stays.

    Of a published roster that is what was published, not what was drafted since.
    """

    absences: dict[str, list[int]]
    freeze_hours: int = 0
    from_day: int | None = None


def repair_options(*, roster: Roster, call: SickCall) -> list[Found]:
    """Return three to five legal ways on, the best cover first; nothing is changed.

    Raises:
        InvalidInput: The call names somebody or a day that the roster does not have,
            or the roster is over.
        NotFound: The machine is too busy to look for any.
    """
    drafted = grid_of(roster)
    day, minute = now_in(roster) if call.from_day is None else (call.from_day, 0)
    grid = as_published_soon(roster, drafted, (day, minute), hours=call.freeze_hours)
    instance = with_locks(instance_of(roster), grid, locked_cells(roster))
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
            )
        )
    except SickCallError as error:
        message = refused_sentence(error.told)
        raise InvalidInput(
            message, code="invalid", fields={"absences": [message]}
        ) from error
    except RepairingError as error:
        raise NotFound(
            _("The machine is too busy to look for a way on; try again in a moment."),
            code="repair_not_found",
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

    Raises:
        InvalidInput: The roster is over.
    """
    if roster.source_format in WITHOUT_DATES:
        return 0, 0
    now = timezone.now().astimezone(zone_of(roster))
    day = (now.date() - roster.start).days
    if day >= roster.days:
        message = _("This roster is over: nothing of it can change any more.")
        raise InvalidInput(message, code="invalid", fields={"from_day": [message]})
    return day, now.hour * MINUTES_AN_HOUR + now.minute
