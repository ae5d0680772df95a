"""Why somebody has a shift, asked of the working copy as it is."""

from django.utils.translation import gettext as _

from hospital.core.errors import DomainError, InvalidInput
from scheduling.explaining.running import (
    Answer,
    ExplainingError,
    QuestionError,
    why_now,
)
from scheduling.models import Roster
from scheduling.problems import grid_of, instance_of, locked_cells, with_locks
from scheduling.solver.formats import to_json


class NotExplained(DomainError):
    """No answer could be found now."""

    status = 503


def why_this_shift(*, roster: Roster, person: str, day: int) -> Answer:
    """Return what there is instead of one cell's shift; nothing is changed.

    Locked cells stay in every alternative, but for the one that is asked about.

    Raises:
        InvalidInput: Nothing is worked there.
        NotExplained: The machine is too busy.
    """
    grid = grid_of(roster)
    locks = locked_cells(roster) - {(person, day)}
    instance = with_locks(instance_of(roster), grid, locks)
    try:
        return why_now(to_json(instance), grid.rows, person=person, day=day)
    except QuestionError as error:
        raise InvalidInput(
            _("Nothing is worked in this cell."), code="invalid"
        ) from error
    except ExplainingError as error:
        raise NotExplained(
            _(
                "The machine is too busy to look for alternatives; try again in a moment."
            ),
            code="not_explained",
        ) from error
