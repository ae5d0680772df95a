from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from hospital.core.registry import JobKind, registry
from hospital.jobs.models import Job
from hospital.jobs.services import enqueue
from tests.hospital.jobs import kinds


@pytest.fixture(autouse=True)
def short_lease(settings: object) -> None:
    settings.JOB_LEASE_S = 2.0
    settings.JOB_REAP_EVERY = timedelta(seconds=1)


@pytest.fixture
def job_of() -> Iterator[Callable[..., Job]]:
    """Return a function that registers a pipeline of `kinds` and queues a job of it."""
    before = dict(registry.job_kinds)
    kinds.entered.clear()

    def make(
        name: str,
        *,
        timeout_s: int = 60,
        max_attempts: int = 3,
        failed: str = "",
        **asked: object,
    ) -> Job:
        kind = JobKind(
            kind=f"tests.{name}",
            pipeline=f"{kinds.__name__}.{name}",
            title=name,
            max_attempts=max_attempts,
            timeout_s=timeout_s,
            failed=failed and f"{kinds.__name__}.{failed}",
        )
        registry.job_kinds[kind.kind] = kind
        return enqueue(kind=kind.kind, **{"key": name, "owner": None, **asked})

    yield make
    registry.job_kinds.clear()
    registry.job_kinds.update(before)
