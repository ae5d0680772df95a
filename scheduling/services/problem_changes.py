"""A roster's problem changes, from the version that somebody saw."""

from collections.abc import Callable

from django.db import transaction

from hospital.accounts.models import User
from hospital.core.errors import InvalidInput
from scheduling.models import Roster
from scheduling.problems import instance_of
from scheduling.saying.sentences import why_refused
from scheduling.services.editing import check_version, roster_for_change
from scheduling.services.problem import put_problem
from scheduling.solver.errors import SolverError
from scheduling.solver.instance import Instance


@transaction.atomic
def change_problem(
    *,
    roster: Roster,
    author: User,
    expected_version: int | None,
    change: Callable[[Instance], Instance],
) -> Roster:
    """Return the roster with its problem changed; what is the same makes no version.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed.
        StaleRoster: The version is not the newest.
        InvalidInput: No problem comes of the change.
    """
    row = roster_for_change(roster, author=author)
    check_version(row, expected_version)
    before = instance_of(row)
    try:
        after = change(before)
    except SolverError as error:
        raise InvalidInput(why_refused(error), code="impossible_problem") from error
    if after != before:
        put_problem(row, after)
    return row
