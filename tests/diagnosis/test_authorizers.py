from uuid import uuid4

import pytest

from diagnosis.authorizers import may_hear_studies
from hospital.accounts.models import Role
from tests.rows import make_department, make_principal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        (Role.NURSE, True, False),
        (Role.CLINICIAN, True, False),
        (Role.MANAGER, True, False),
        (Role.INTEGRATOR, True, False),
        (Role.ADMINISTRATOR, True, True),
        (Role.PATIENT, False, False),
    ],
)
def test_studies_are_heard_by_their_department(
    role: Role,
    own: bool,  # noqa: FBT001 (a table's column)
    other: bool,  # noqa: FBT001 (a table's column)
) -> None:
    department = make_department()
    principal = make_principal(role, department)

    heard = (
        may_hear_studies(principal, str(department.id)),
        may_hear_studies(principal, str(uuid4())),
    )

    assert heard == (own, other)
