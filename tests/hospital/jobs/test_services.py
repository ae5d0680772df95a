from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from hospital.celery import app
from hospital.core.errors import Conflict
from hospital.jobs.models import Job, JobState
from hospital.jobs.services import enqueue, request_cancellation, retry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str], str]]:
    """Every message that would have gone to the broker."""
    messages: list[tuple[str, list[str], str]] = []

    def send_task(name: str, *, args: list[str], queue: str, **_rest: object) -> None:
        messages.append((name, args, queue))

    monkeypatch.setattr(app, "send_task", send_task)
    return messages


def test_message_goes_after_the_commit_and_carries_the_id_alone(
    job_of: Callable[..., Job], sent: list[object]
) -> None:
    with transaction.atomic():
        job = job_of("succeed", queue="stat", payload={"series": "1"})
        before = list(sent)

    assert before == []
    assert sent == [("jobs.run", [str(job.id)], "stat")]


def test_rolled_back_request_leaves_neither_job_nor_message(
    job_of: Callable[..., Job], sent: list[object]
) -> None:
    with transaction.atomic():
        job_of("succeed")
        transaction.set_rollback(True)

    assert (Job.objects.count(), sent) == (0, [])


@pytest.mark.parametrize(
    "state", [JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED]
)
def test_same_work_is_asked_for_once(
    job_of: Callable[..., Job], sent: list[object], state: JobState
) -> None:
    first = job_of("succeed")
    Job.objects.update(state=state)

    second = job_of("succeed")

    assert second.id == first.id
    assert (Job.objects.count(), len(sent)) == (1, 1)


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_work_that_came_to_nothing_may_be_asked_for_again(
    job_of: Callable[..., Job], sent: list[object], state: JobState
) -> None:
    first = job_of("succeed")
    Job.objects.update(state=state)

    second = job_of("succeed")

    assert second.id != first.id
    assert len(sent) == 2


def test_broker_that_is_down_fails_nothing(
    job_of: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_rest: object) -> None:
        raise BrokerError("Connection refused")

    monkeypatch.setattr(app, "send_task", refuse)

    job = job_of("succeed")

    assert Job.objects.get(id=job.id).state == JobState.QUEUED


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(LookupError, match=r"'tests\.nothing'"):
        enqueue(kind="tests.nothing", key="1", owner=None)

    assert Job.objects.count() == 0


def test_job_remembers_the_request_that_asked(job_of: Callable[..., Job]) -> None:
    with structlog.contextvars.bound_contextvars(request_id="request-1"):
        job = job_of("succeed")

    assert Job.objects.get(id=job.id).request_id == "request-1"


def test_waiting_job_is_cancelled_at_once(job_of: Callable[..., Job]) -> None:
    job = request_cancellation(job=job_of("succeed"))

    assert (job.state, job.finished is not None) == (JobState.CANCELLED, True)


def test_running_job_is_only_asked_to_stop(job_of: Callable[..., Job]) -> None:
    job = job_of("succeed")
    Job.objects.update(state=JobState.RUNNING, token=uuid4())

    asked = request_cancellation(job=job)

    assert (asked.state, asked.cancel_requested is not None) == (JobState.RUNNING, True)


def test_ended_job_cannot_be_cancelled(job_of: Callable[..., Job]) -> None:
    job = job_of("succeed")
    Job.objects.update(state=JobState.SUCCEEDED)

    with pytest.raises(Conflict, match="ended already"):
        request_cancellation(job=job)

    assert Job.objects.get().cancel_requested is None


def test_failed_job_starts_anew(job_of: Callable[..., Job], sent: list[object]) -> None:
    job = job_of("succeed")
    ago = timezone.now() - timedelta(hours=1)
    Job.objects.update(
        state=JobState.FAILED, attempts=3, error="No.", started=ago, finished=ago
    )

    again = retry(job=job)

    assert (again.id, again.state, again.attempts) == (job.id, JobState.QUEUED, 0)
    assert (again.error, again.started, again.finished) == ("", None, None)
    assert len(sent) == 2


def test_job_whose_work_was_asked_for_again_is_not_retried(
    job_of: Callable[..., Job],
) -> None:
    first = job_of("succeed")
    Job.objects.update(state=JobState.FAILED)
    job_of("succeed")

    with pytest.raises(Conflict, match="newer job"):
        retry(job=first)

    assert Job.objects.get(id=first.id).state == JobState.FAILED


def test_succeeded_job_is_not_retried(job_of: Callable[..., Job]) -> None:
    job = job_of("succeed")
    Job.objects.update(state=JobState.SUCCEEDED)

    with pytest.raises(Conflict, match="failed or cancelled"):
        retry(job=job)

    assert Job.objects.get().state == JobState.SUCCEEDED
