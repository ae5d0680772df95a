"""Why a roster keeps no hard rules is asked, kept, and mended by a change of the problem."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from hospital.jobs.services import enqueue
from scheduling.models import CellLock, Explanation, Roster
from scheduling.problems import instance_of, leave_of
from scheduling.selectors.rosters import EXPLAIN, open_explanation
from scheduling.services.editing import next_version, require_editor
from scheduling.services.events import tell_department
from scheduling.services.problem_changes import change_problem
from scheduling.services.telling import tell_explained
from scheduling.solver.laws import is_law
from scheduling.solver.mending import OF_RULES, Change, mended

Told = Mapping[str, Any]  # Any: a change or a repair, as the child wrote it


@transaction.atomic
def ask_explanation(*, roster: Roster, author: User) -> Explanation:
    """Queue the question why no roster keeps every hard rule; one at a time.

    Raises:
        NotPermitted: The person makes no rosters of the department.
    """
    row = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    require_editor(author, row.department_id)
    return queue_explanation(row, author=author)


def queue_explanation(row: Roster, *, author: User | None) -> Explanation:
    """Return the explanation that is looked for; the caller holds the row's lock."""
    going = open_explanation(row)
    if going is not None:
        return going
    job = enqueue(
        kind=EXPLAIN,
        key=f"{row.pk}:{row.explanations.count()}",
        owner=author,
        subject_id=row.pk,
        department_id=row.department_id,
        payload={"roster": str(row.pk)},
    )
    return Explanation.objects.create(
        roster=row, job=job, asked_by=author, problem_version=row.problem_version
    )


@transaction.atomic
def end_explanation(
    *, explanation_id: UUID, problem_version: int, answer: dict[str, Any]
) -> Explanation:
    """Keep the answer, which speaks of one version of the problem."""
    row = Explanation.objects.select_related("roster").get(pk=explanation_id)
    row.status = answer["status"]
    row.problem_version = problem_version
    row.answer = {key: answer[key] for key in ("findings", "conflicts", "repairs")}
    row.save()
    tell_department(row.roster, "explained")
    tell_explained(row)
    return row


@transaction.atomic
def apply_repair(
    *,
    explanation: Explanation,
    author: User,
    number: int,
    expected_version: int | None,
) -> Roster:
    """Make a repair's changes in the problem, which becomes its next version.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed, or its problem is another one by now.
        StaleRoster: The version is not the newest.
        InvalidInput: There is no such repair, or it is nobody's to make here.
    """
    repairs = explanation.answer.get("repairs", [])
    if not 0 <= number < len(repairs):
        raise InvalidInput(_("The explanation has no such repair."), code="invalid")
    roster = Roster.objects.select_for_update(of=("self",)).get(
        pk=explanation.roster_id
    )
    if roster.problem_version != explanation.problem_version:
        raise Conflict(
            _("The roster's problem changed since this was found; ask again."),
            code="explanation_old",
        )
    repair = repairs[number]
    if not may_be_applied(repair, roster):
        raise InvalidInput(
            _(
                "A law, approved leave, or a licence that somebody lacks cannot be"
                " changed here."
            ),
            code="not_applicable",
        )
    changes = [_change(one) for one in repair["changes"]]
    is_unlocked = _unlock(roster, changes)
    row = change_problem(
        roster=roster,
        author=author,
        expected_version=expected_version,
        change=lambda instance: mended(instance, changes),
    )
    if is_unlocked and row.version == roster.version:
        next_version(row)
        tell_department(row, "changed")
    return row


def _unlock(roster: Roster, changes: Iterable[Change]) -> bool:
    """Open the locked cells that changes would no longer fix; return whether any."""
    fixed = [one for one in changes if one.kind == "pinned"]
    gone = 0
    for one in fixed:
        locks = CellLock.objects.filter(person__roster=roster, day__in=one.days)
        gone += locks.filter(person__key=one.person).delete()[0]
    return bool(gone)


def may_be_applied(repair: Told, roster: Roster) -> bool:
    """Whether a manager may decide here all that a repair changes.

    Approved leave is taken back among the leave: it would come again with a search.
    """
    away = leave_of(roster)
    lawful = {
        rule.name
        for contract in instance_of(roster).contracts
        if is_law(contract.id)
        for rule in contract.rules
    }
    return not any(
        change["kind"] == "skill"
        or any((change["person"], day) in away for day in _leave_in(change))
        or (
            change["person"] and change["kind"] in OF_RULES and change["rule"] in lawful
        )
        for change in repair["changes"]
    )


def _leave_in(change: Told) -> list[int]:
    """Return the days of leave that a change takes back."""
    return list(change["days"]) if change["kind"] == "leave" else []


def _change(told: Told) -> Change:
    return Change(
        kind=told["kind"],
        person=told["person"],
        rule=told["rule"],
        days=tuple(told["days"]),
        before=told["before"],
        after=told["after"],
        shifts=frozenset(told["shifts"]),
    )
