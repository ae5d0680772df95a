"""The next period of a ward begins where one ends."""

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from scheduling.exports.export import published_cells
from scheduling.holidays import holidays_in, with_holidays
from scheduling.importing import next_period
from scheduling.models import Roster, SourceFormat
from scheduling.past_work import keys_of, past_work
from scheduling.problems import cells_of, instance_of
from scheduling.saying.sentences import why_refused
from scheduling.selectors.laws import law_known
from scheduling.services.editing import require_editor
from scheduling.services.imports import tie_accounts
from scheduling.services.rosters import Problem, create_roster
from scheduling.solver.errors import SolverError
from scheduling.solver.formats import to_json
from scheduling.solver.laws import law_in


class PeriodThere(Conflict):
    """The next period was made already; `roster` is it."""

    def __init__(self, roster: Roster) -> None:
        super().__init__(
            _("There is a roster of this name for these days already: here it is."),
            code="period_there",
        )
        self.roster = roster


@transaction.atomic
def make_next_period(*, roster: Roster, author: User, name: str, days: int) -> Roster:
    """Return a new draft of the days after a roster, whose cells are its past.

    What is published counts as worked; of a draft, the working copy. Accounts stay tied.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        PeriodThere: There is a roster of that name and first day.
        InvalidInput: The law of the old roster is not in force any more.
    """
    row = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    require_editor(author, row.department_id)
    before = instance_of(row)
    start = before.date_of(before.days)
    there = Roster.objects.filter(department=row.department_id, start=start, name=name)
    if known := there.first():
        raise PeriodThere(known)
    cells = published_cells(row) if row.current_id else cells_of(row)
    law = law_known(law_in(before))
    try:
        instance = next_period(
            with_holidays(before),
            cells,
            name=name,
            days=days,
            holidays=holidays_in(start, days),
            law=law,
            past=past_work(
                law,
                department=row.department,
                start=start,
                keys=keys_of(row),
                draft=row,
                drafted=cells,
            ),
        )
    except SolverError as error:
        raise InvalidInput(why_refused(error), code="impossible_problem") from error
    made = create_roster(
        author=author,
        department=row.department,
        name=name,
        problem=Problem(SourceFormat.ANJI, data=to_json(instance)),
    )
    tied = row.people.filter(user__isnull=False).values_list("key", "user__pk")
    tie_accounts(made, dict(tied))
    return made
