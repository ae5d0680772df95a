"""Departments and tokens reach only those whose they are."""

import pytest

from hospital.accounts.models import Role
from hospital.accounts.principal import principal_for
from hospital.accounts.selectors import api_tokens_visible_to, departments_visible_to
from hospital.accounts.services.tokens import create_api_token
from tests.rows import make_department, make_person, make_principal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "role", [Role.NURSE, Role.CLINICIAN, Role.MANAGER, Role.INTEGRATOR]
)
def test_staff_see_their_own_departments(role: Role) -> None:
    own, _other = make_department("own"), make_department("other")

    visible = departments_visible_to(make_principal(role, own))

    assert [row.code for row in visible] == ["own"]


def test_a_patient_sees_no_department() -> None:
    make_department("own")

    assert departments_visible_to(make_principal(Role.PATIENT)).count() == 0


def test_an_administrator_sees_every_department() -> None:
    make_department("own")
    make_department("other")

    assert departments_visible_to(make_principal(Role.ADMINISTRATOR)).count() == 2


@pytest.mark.parametrize("role", list(Role))
def test_nobody_sees_another_person_s_tokens(role: Role) -> None:
    department = make_department()
    other = make_person(Role.CLINICIAN, department)
    create_api_token(user=other, name="theirs", scopes=[])
    person = make_person(role, department)
    create_api_token(user=person, name="mine", scopes=[])

    visible = api_tokens_visible_to(principal_for(person))

    assert [row.name for row in visible] == ["mine"]
