"""What every test may ask for: the embedded servers, and rows of each kind."""

import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import TransactionTestCase

from hospital.embedded import Postgres, Redis, Services
from hospital.embedded.door import services
from hospital.env import DataFolder
from tests.emptying import empty
from tests.running import ROOT, RunningPlatform, running_platform

ABANDONED_AFTER_S = 3600
SLOW = 30  # a slow test takes as long as so many others


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Share tests out: what uses the one platform stays together, long files come first.

    Two platforms do not fit two cores. A file that begins last is waited for alone.
    """
    for item in items:
        group = item.path.relative_to(ROOT).as_posix()
        if "platform" in getattr(item, "fixturenames", ()):
            item.add_marker("alone")
            group = "platform"
        item.add_marker(pytest.mark.xdist_group(group))
    yield
    weights: Counter[Path] = Counter()
    for item in items:
        if item.get_closest_marker("alone") is None:  # those keep their order
            weights[item.path] += SLOW if item.get_closest_marker("slow") else 1
    items.sort(key=lambda item: -weights[item.path])


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


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """Leave no row of a test that commits, faster than Django's own way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


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
