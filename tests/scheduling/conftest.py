"""One department, its nurse and its manager, for every test of rosters that asks."""

import pytest

from hospital.accounts.models import Department, Role, User
from tests.rows import make_department, make_person


@pytest.fixture
def department() -> Department:
    return make_department()


@pytest.fixture
def nurse(department: Department) -> User:
    return make_person(Role.NURSE, department)


@pytest.fixture
def manager(department: Department) -> User:
    return make_person(Role.MANAGER, department)
