"""A roster is made from a problem, in one of the formats that the readers know."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts.models import Department, User
from hospital.core.errors import Conflict, InvalidInput
from scheduling.limits import LARGEST_TEXT
from scheduling.models import Roster, RosterPerson, RosterState
from scheduling.saying.sentences import why_refused
from scheduling.services.editing import next_version, require_editor, roster_for_change
from scheduling.services.events import tell_department
from scheduling.services.leave import enter_leave
from scheduling.services.stale import close_stale_swaps, close_swaps_of
from scheduling.solver.errors import FormatError, SolverError
from scheduling.solver.formats import read_document, read_instance, to_json
from scheduling.solver.instance import Instance
from scheduling.solver.message import phrase
from scheduling.solver.overlaps import need_pins_apart

LONGEST_PERSON = 100  # characters that the rows have for an id
LONGEST_SHIFT = 64


class UnreadableProblem(InvalidInput):
    """The problem is not what its format says; `line` is where, 0 where none is."""

    def __init__(self, error: SolverError, *, field: str) -> None:
        self.line = error.line if isinstance(error, FormatError) else 0
        super().__init__(
            _("The roster's problem could not be read: %(why)s")
            % {"why": why_refused(error)},
            code="format_error",
            fields={field: [why_refused(error)]},
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What came in: a text in a format, or the `anji` form as JSON already."""

    source_format: str
    text: str = ""
    data: Any = None  # Any: JSON that nobody has looked at yet


@transaction.atomic
def create_roster(
    *, author: User, department: Department, name: str, problem: Problem
) -> Roster:
    """Keep a new draft with its people; nobody is assigned yet.

    Raises:
        NotPermitted: The person makes no rosters of that department.
        UnreadableProblem: The problem is not what its format says.
    """
    require_editor(author, department.id)
    instance = read_problem(problem, name=name)
    roster = Roster.objects.create(
        department=department,
        name=name,
        start=instance.start,
        days=instance.days,
        timezone=instance.timezone,
        source_format=problem.source_format,
        instance=to_json(instance),
        created_by=author,
    )
    RosterPerson.objects.bulk_create(
        RosterPerson(
            roster=roster,
            key=person.id,
            name=person.name[:200],
            position=position,
            first_leave=sorted(person.leave),
        )
        for position, person in enumerate(instance.people)
    )
    tell_department(roster, "created")
    return roster


def read_problem(problem: Problem, *, name: str) -> Instance:
    """Return what came in as an instance.

    Raises:
        UnreadableProblem: It is not what its format says, or too large.
    """
    field = "instance" if problem.data is not None else "text"
    try:
        if problem.data is not None:
            return _fitting(need_pins_apart(read_document(problem.data)))
        if len(problem.text) > LARGEST_TEXT:
            message = phrase(
                "%(count)s characters: at most %(most)s are read.",
                count=len(problem.text),
                most=LARGEST_TEXT,
            )
            raise FormatError(message)
        return _fitting(
            read_instance(problem.text, format=problem.source_format, name=name)
        )
    except SolverError as error:
        raise UnreadableProblem(error, field=field) from error


@transaction.atomic
def tie_account(
    *, roster: Roster, author: User, key: str, user: User | None
) -> RosterPerson:
    """Say whose account a person of the roster is, or that it is nobody's.

    Raises:
        NotPermitted: The author makes no rosters of its department.
        InvalidInput: The account is no staff member's of the department.
        Conflict: The account is another person's of the roster.
    """
    row = roster_for_change(roster, author=author)
    person = RosterPerson.objects.get(roster=row, key=key)
    if user is not None:
        _require_colleague(user, row)
        if row.people.filter(user=user).exclude(pk=person.pk).exists():
            raise Conflict(
                _("This account belongs to somebody else in the roster already."),
                code="account_taken",
            )
    if person.user == user:
        return person
    close_swaps_of(row, [person])
    person.user = user
    person.save(update_fields=["user", "updated"])
    enter_leave(row, anew=[key])
    return person


@transaction.atomic
def close_roster(*, roster: Roster, author: User) -> Roster:
    """Close a published roster for good: its period is over.

    Raises:
        NotPermitted: The person makes no rosters of its department.
        Conflict: It is closed already, or was never published.
    """
    row = roster_for_change(roster, author=author)
    if row.current_id is None:
        raise Conflict(
            _("Publish the roster first: what nobody was told cannot be closed."),
            code="roster_not_published",
        )
    row.state = RosterState.LOCKED
    next_version(row, "state")
    close_stale_swaps(row)
    tell_department(row, "closed")
    return row


def _fitting(instance: Instance) -> Instance:
    """Refuse what the rows have no room for.

    Raises:
        FormatError: An id is longer than a row keeps.
    """
    people = [person.id for person in instance.people]
    shifts = [shift.id for shift in instance.shift_types]
    if (long := _too_long(people, LONGEST_PERSON)) is not None:
        message = phrase(
            "The person %(id)s: an id has at most %(room)s characters.",
            id=long,
            room=LONGEST_PERSON,
        )
        raise FormatError(message)
    if (long := _too_long(shifts, LONGEST_SHIFT)) is not None:
        message = phrase(
            "The shift %(id)s: an id has at most %(room)s characters.",
            id=long,
            room=LONGEST_SHIFT,
        )
        raise FormatError(message)
    return instance


def _too_long(ids: list[str], room: int) -> str | None:
    """Return the start of an id that a row cannot keep, as a refusal shows it."""
    wrong = (one for one in ids if len(one) > room or "\0" in one)
    return next((repr(one[:40]) for one in wrong), None)


def _require_colleague(user: User, roster: Roster) -> None:
    belongs = user.memberships.filter(department=roster.department_id).exists()
    if not user.is_hospital_staff or not belongs:
        message = _("This account is no staff member's of the department.")
        raise InvalidInput(message, code="invalid", fields={"user": [message]})
