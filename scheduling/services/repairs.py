"""After a sick call: the ways on, none of them done yet."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.core.errors import DomainError, InvalidInput
from scheduling.hours import zone_of
from scheduling.models import Roster
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

MINUTES_AN_HOUR = 60


class NotFound(DomainError):
    """No option could be looked for now."""

    status = 503


@dataclass(frozen=True, slots=True)
class SickCall:
    """Who is away on which days; what starts within `freeze_hours` of now stays."""

    absences: dict[str, list[int]]
    freeze_hours: int = 0
    from_day: int | None = None


def repair_options(*, roster: Roster, call: SickCall) -> list[Found]:
    """Return three to five legal ways on, the best cover first; nothing is changed.

    Raises:
        InvalidInput: The call names somebody or a day that the roster does not have.
        NotFound: The machine is too busy to look for any.
    """
    grid = grid_of(roster)
    instance = with_locks(instance_of(roster), grid, locked_cells(roster))
    day, minute = _now(roster) if call.from_day is None else (call.from_day, 0)
    try:
        return options_after(
            Call(
                instance=to_json(instance),
                rows=grid.rows,
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


def _now(roster: Roster) -> tuple[int, int]:
    """Return today and the minute in the roster's own days.

    A roster that has not begun, or is over, is open from its first day.
    """
    now = timezone.now().astimezone(zone_of(roster))
    day = (now.date() - roster.start).days
    if not 0 <= day < roster.days:
        return 0, 0
    return day, now.hour * MINUTES_AN_HOUR + now.minute
