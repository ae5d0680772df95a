"""Drafts and leave are heard by who makes rosters, the rest by the staff."""

from uuid import uuid4

import pytest

from hospital.accounts.models import Role
from scheduling.authorizers import may_hear_rosters, may_hear_shifts
from tests.rows import make_department, make_principal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "drafts", "shifts", "others"),
    [
        (Role.NURSE, False, True, False),
        (Role.CLINICIAN, False, True, False),
        (Role.MANAGER, True, True, False),
        (Role.INTEGRATOR, True, True, False),
        (Role.ADMINISTRATOR, True, True, True),
        (Role.PATIENT, False, False, False),
    ],
)
def test_events_of_a_ward_go_to_who_may_see_them(
    role: Role,
    drafts: bool,  # noqa: FBT001 (a table's column)
    shifts: bool,  # noqa: FBT001 (a table's column)
    others: bool,  # noqa: FBT001 (a table's column)
) -> None:
    department = make_department()
    principal = make_principal(role, department)
    own, other = str(department.id), str(uuid4())

    assert may_hear_rosters(principal, own) == drafts
    assert may_hear_shifts(principal, own) == shifts
    assert may_hear_rosters(principal, other) == others
    assert may_hear_shifts(principal, other) == others
