"""Why somebody has a shift, asked of the working copy as it is."""

from django.utils.translation import gettext as _

from hospital.core.errors import InvalidInput
from scheduling.explaining.running import Answer, QuestionError, why_now
from scheduling.models import Roster
from scheduling.problems import grid_of, instance_now, locked_cells, with_locks
from scheduling.solver.formats import to_json


def why_this_shift(*, roster: Roster, person: str, day: int) -> Answer:
    """Return what there is instead of one cell's shift; nothing is changed.

    Locked cells stay in every alternative, but for the one that is asked about.

    Raises:
        InvalidInput: Nothing is worked there.
        Unanswered: No worker is free.
    """
    grid = grid_of(roster)
    locks = locked_cells(roster) - {(person, day)}
    instance = with_locks(instance_now(roster), grid, locks)
    try:
        return why_now(to_json(instance), grid.rows, person=person, day=day)
    except QuestionError as error:
        raise InvalidInput(
            _("Nothing is worked in this cell."), code="invalid"
        ) from error
