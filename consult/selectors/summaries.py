"""What an interview came to, as its own person reads it before anything of it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from consult.dialogue.interview import read_state, summary_of
from consult.models import Conversation, State
from consult.speaking import as_language
from hospital.accounts.models import Department


@dataclass(frozen=True, slots=True)
class BeforeVisit:
    """The summary before a visit.

    Attributes:
        lines: What the department reads, word for word.
        department: The one that gets it; None where the hospital has none of them.
        is_sent: Whether the person's record has it.
        may_send: Whether it can be sent: it is somebody's with a record here.
    """

    lines: tuple[str, ...]
    department: Department | None
    is_sent: bool
    may_send: bool


def summary_before_visit(
    row: Conversation, *, departments: Iterable[Department] | None = None
) -> BeforeVisit | None:
    """Return the summary of an interview with no open question; None before that.

    In a crisis a person is called, who writes it: nobody has to read or press anything.
    """
    state = read_state(row.interview)
    if not state.groups or state.open is not None or row.is_crisis:
        return None
    department = department_of(row, departments=departments)
    is_sent = row.encounter_id is not None
    return BeforeVisit(
        lines=tuple(summary_of(state).text(as_language(row.language)).split("\n")[1:]),
        department=department,
        is_sent=is_sent,
        may_send=not is_sent
        and row.patient_id is not None
        and department is not None
        and row.state != State.CLOSED,
    )


def department_of(
    row: Conversation, *, departments: Iterable[Department] | None = None
) -> Department | None:
    """Return where the person belongs: whom they wait for, else the first of the rules."""
    if row.department_id is not None:
        return row.department
    if departments is None:
        departments = Department.objects.filter(code__in=row.department_codes)
    known = {each.code: each for each in departments}
    return next((known[code] for code in row.department_codes if code in known), None)
