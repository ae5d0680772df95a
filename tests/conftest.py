"""What every test may ask for: the embedded servers, and rows of each kind."""

import os
import shutil
from collections.abc import Iterator

import pytest

from hospital.embedded.door import services


@pytest.fixture(scope="session")
def embedded_services() -> Iterator[None]:
    """Run PostgreSQL and Redis under the test run's own data folder."""
    with services():
        yield
    shutil.rmtree(os.environ["ANJI_TEST_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(embedded_services: None) -> None:
    """Have the servers up before pytest-django makes the test database."""
