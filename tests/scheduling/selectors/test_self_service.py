"""Who sees which requests, leave and swaps, and why or from what a roster came."""

from collections.abc import Callable
from typing import Any  # Any: rows of any of these models

import pytest
from django.db.models import QuerySet

from hospital.accounts.models import Department, Role, User
from hospital.accounts.principal import Principal, principal_for
from scheduling.selectors.rosters import (
    explanations_visible_to,
    past_rosters_visible_to,
)
from scheduling.selectors.self_service import (
    leaves_visible_to,
    request_periods_visible_to,
    requests_visible_to,
    swaps_visible_to,
)
from tests.rows import make_department, make_person, make_principal
from tests.scheduling.insights import make_explanation, make_past
from tests.scheduling.wards import make_asked, make_published

pytestmark = pytest.mark.django_db
Rule = Callable[[Principal], QuerySet[Any]]
OF_STAFF: list[Rule] = [
    leaves_visible_to,
    request_periods_visible_to,
    requests_visible_to,
    swaps_visible_to,
]
OF_MANAGERS: list[Rule] = [explanations_visible_to, past_rosters_visible_to]


def make_ward() -> tuple[Department, User]:
    """Return a ward with a row of each kind, and the nurse who asked for them."""
    department = make_department()
    nurse = make_person(Role.NURSE, department)
    roster = make_published(department)
    make_asked(roster, nurse)
    make_explanation(roster)
    make_past(department)
    return department, nurse


@pytest.mark.parametrize("rule", OF_STAFF)
def test_who_asked_sees_it_and_a_colleague_does_not(rule: Rule) -> None:
    department, nurse = make_ward()
    make_ward()

    assert rule(principal_for(nurse)).count() == 1
    assert not rule(make_principal(Role.NURSE, department)).exists()
    assert not rule(make_principal(Role.CLINICIAN, department)).exists()


@pytest.mark.parametrize("rule", OF_STAFF + OF_MANAGERS)
@pytest.mark.parametrize("role", [Role.MANAGER, Role.INTEGRATOR])
def test_who_makes_the_rosters_of_a_ward_sees_that_ward(rule: Rule, role: Role) -> None:
    department, _nurse = make_ward()
    make_ward()

    assert rule(make_principal(role, department)).count() == 1
    assert not rule(make_principal(role, make_department())).exists()


@pytest.mark.parametrize("rule", OF_STAFF + OF_MANAGERS)
def test_an_administrator_sees_all_and_a_patient_nothing(rule: Rule) -> None:
    department, _nurse = make_ward()
    make_ward()

    assert rule(make_principal(Role.ADMINISTRATOR)).count() == 2
    assert not rule(make_principal(Role.PATIENT, department)).exists()


@pytest.mark.parametrize("rule", OF_MANAGERS)
@pytest.mark.parametrize("role", [Role.NURSE, Role.CLINICIAN])
def test_what_managers_weigh_is_not_shown_to_the_ward(rule: Rule, role: Role) -> None:
    department, _nurse = make_ward()

    assert not rule(make_principal(role, department)).exists()
