"""What every test may ask for: the embedded servers, and rows of each kind."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital.embedded import Postgres, Redis, Services
from hospital.embedded.door import services
from hospital.env import DataFolder
from tests.running import RunningPlatform, running_platform

ABANDONED_AFTER_S = 3600


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for the whole platform: two of them do not fit two cores."""
    for item in items:
        if "platform" in getattr(item, "fixturenames", ()):
            item.add_marker("alone")


def pytest_unconfigure() -> None:
    """Remove the data folder, also of a process that ran no test itself."""
    shutil.rmtree(os.environ["ANJI_TEST_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def embedded_services() -> Iterator[Services]:
    """Run PostgreSQL and Redis under the test run's own data folder."""
    remove_abandoned()
    with services(durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def django_db_modify_db_settings(embedded_services: Services) -> None:
    """Have the servers up before pytest-django makes the test database."""


def remove_abandoned() -> None:
    """Stop and remove what a test run left that was killed."""
    for root in Path(tempfile.gettempdir()).glob("anji-test-*"):
        if time.time() - root.stat().st_mtime < ABANDONED_AFTER_S:
            continue
        folder = DataFolder(root)
        left = Services(folder, [Postgres(folder), Redis(folder)])
        if not left.in_use:
            left.stop()
            shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def platform() -> Iterator[RunningPlatform]:
    """The real platform with its demo data: web, workers, beat, database, broker."""
    with running_platform() as started:
        yield started
