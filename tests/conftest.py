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
from django.utils import translation
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from hospital.embedded import Postgres, Redis, Services
from hospital.embedded.door import services
from hospital.env import DataFolder
from tests.consult.language.generators.service import Service, serving
from tests.consult.speech.service import Listener, listening
from tests.emptying import empty
from tests.running import RunningPlatform, running_platform
from tests.workers import question_worker

ABANDONED_AFTER_S = 3600
SLOW = 30  # a slow test takes as long as so many others
# Files whose tests start a platform or workers, one after another in one process.
PLATFORMS = (
    "tests/browser/",
    "tests/diagnosis/test_hostile_platform.py",
    "tests/hospital/core/test_up.py",
    "tests/hospital/jobs/test_worker.py",
)


def group_of(nodeid: str) -> str:
    """Return what stays in one process: a file, or all that starts platforms.

    Two platforms do not fit two cores.
    """
    return "platforms" if nodeid.startswith(PLATFORMS) else nodeid.partition("::")[0]


class Shared(LoadScopeScheduling):
    """Shares groups out. (xdist's own groups are unknown to this version of pytest.)"""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Shared:
    return Shared(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Begin with the longest groups: one that begins last is waited for alone."""
    for item in items:
        starts_one = "platform" in getattr(item, "fixturenames", ())
        if starts_one and group_of(item.nodeid) != "platforms":
            message = f"Add the file of {item.nodeid} to PLATFORMS in tests/conftest.py"
            raise pytest.UsageError(message)
    yield
    weights: Counter[str] = Counter()
    for item in items:
        is_slow = item.get_closest_marker("slow") is not None
        weights[group_of(item.nodeid)] += SLOW if is_slow else 1
    items.sort(key=lambda item: -weights[group_of(item.nodeid)])


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


@pytest.fixture(scope="session")
def questions_answered(embedded_services: Services) -> Iterator[None]:
    """Have a real worker answer questions."""
    with question_worker():
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """Leave no row of a test that commits, faster than Django's own way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Begin in English, whatever language the requests of the test before asked for."""
    with translation.override("en"):
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
def generator() -> Iterator[Service]:
    """The language service that the platform knows of, and uses once it is chosen."""
    with serving() as service:
        yield service


@pytest.fixture(scope="session")
def transcriptions() -> Iterator[Listener]:
    """The speech service that the platform sends recordings to."""
    with listening() as listener:
        yield listener


@pytest.fixture(scope="session")
def platform(generator: Service, transcriptions: Listener) -> Iterator[RunningPlatform]:
    """The real platform with its demo data: web, workers, beat, database, broker."""
    with running_platform(
        LANGUAGE_ALLOWED_HOSTS="127.0.0.1",
        GENERATOR_URL=f"http://127.0.0.1:{generator.port}/halfway",
        GENERATOR_MODEL="ward-model",
        GENERATOR_DEADLINE_S="120",
        SPEECH_URL=transcriptions.url("says"),
    ) as started:
        yield started
