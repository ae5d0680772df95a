"""A roster is put under a law profile, or under another, or under none."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import InvalidInput
from scheduling.models import Roster
from scheduling.past_work import keys_of, past_work
from scheduling.selectors.laws import law_known
from scheduling.services.problem_changes import change_problem
from scheduling.solver.instance import Instance
from scheduling.solver.laws import under_law, without_law


def choose_law(
    *,
    roster: Roster,
    author: User,
    profile: str,
    asked: Sequence[str] = (),
    expected_version: int | None,
) -> Roster:
    """Return the roster under a profile, "" for none; the one before goes.

    What the department published before counts in the averages that a law asks for.

    Args:
        roster: Whose problem changes.
        author: Who decides it.
        profile: A profile's id.
        asked: Names of its optional clauses that shall count too.
        expected_version: Which version was seen; None for any.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed.
        StaleRoster: The version is not the newest.
        InvalidInput: There is no such profile, or it is not in force then.
    """
    law = law_known(profile)
    if profile and law is None:
        message = _("There is no such law profile.")
        raise InvalidInput(message, code="invalid", fields={"profile": [message]})

    def change(instance: Instance) -> Instance:
        if law is None:
            return without_law(instance)
        past = past_work(
            law,
            department=roster.department,
            start=roster.start,
            keys=keys_of(roster),
        )
        return under_law(instance, law, past=past, asked=asked)

    return change_problem(
        roster=roster,
        author=author,
        expected_version=expected_version,
        change=change,
    )
