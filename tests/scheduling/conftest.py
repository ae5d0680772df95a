"""One department, its nurse, its manager and their draft, for every test that asks."""

import pytest

from hospital.accounts.models import Department, Role, User
from scheduling.models import Roster
from tests.rows import make_department, make_person
from tests.scheduling.wards import make_roster


@pytest.fixture
def department() -> Department:
    return make_department()


@pytest.fixture
def nurse(department: Department) -> User:
    return make_person(Role.NURSE, department)


@pytest.fixture
def manager(department: Department) -> User:
    return make_person(Role.MANAGER, department)


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    """Return a draft in which nobody works yet."""
    return make_roster(department, author=manager)
