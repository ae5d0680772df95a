import multiprocessing
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog
from django.db import connection
from django.utils import timezone

from hospital.accounts.models import Department, Role
from hospital.jobs import heartbeat, leases
from hospital.jobs.heartbeat import Heartbeat
from hospital.jobs.models import Job, JobState
from hospital.jobs.reaper import give_back_abandoned, tell_again
from hospital.jobs.run import JobRun, LeaseLost
from hospital.jobs.runner import run_job
from hospital.jobs.services import request_cancellation
from tests.hospital.jobs import kinds
from tests.rows import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def ran(job: Job) -> Job:
    run_job(job.id)
    return Job.objects.get(id=job.id)


def running_beside(job: Job) -> threading.Thread:
    """Run the job in a thread, and return once its pipeline has begun."""

    def work() -> None:
        run_job(job.id)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert kinds.entered.wait(5)
    return thread


def test_result_of_a_pipeline_is_the_job_s(job_of: Callable[..., Job]) -> None:
    job = ran(job_of("succeed"))

    assert (job.state, job.result, job.progress) == ("succeeded", {"answer": 42}, 1.0)
    assert (job.attempts, job.token, job.lease_until) == (1, None, None)


def test_a_change_by_a_job_names_who_asked_for_it(job_of: Callable[..., Job]) -> None:
    nurse = make_person(Role.NURSE)
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        asked = job_of("change_a_row", owner=nurse)

    ran(asked)

    event = Department.objects.get(code="made-by-a-job").events.get()
    assert event.pgh_context.metadata == {
        "user": str(nurse.pk),
        "job": str(asked.id),
        "request_id": "r-1",
    }


def test_steps_are_kept_with_their_times(job_of: Callable[..., Job]) -> None:
    job = ran(job_of("finish_itself"))

    assert job.result == {"answer": 43}
    assert [step["title"] for step in job.steps] == ["Reading", "Writing"]
    assert all(step["started"] <= step["finished"] for step in job.steps)


def test_failure_is_told_in_the_pipeline_s_words(job_of: Callable[..., Job]) -> None:
    job = ran(job_of("fail_in_words"))

    assert (job.state, job.error, job.error_code) == (
        "failed",
        "No pixels.",
        "no_pixels",
    )


def test_mistake_fails_at_once_and_tells_nothing_of_the_patient(
    job_of: Callable[..., Job],
) -> None:
    job = ran(job_of("have_a_mistake"))

    assert (job.state, job.error_code, job.attempts) == ("failed", "internal", 1)
    assert "Li Ning" not in job.error


@pytest.mark.parametrize("name", ["run_out_of_memory", "lose_the_database"])
def test_what_may_heal_goes_back_to_the_queue(
    job_of: Callable[..., Job], name: str
) -> None:
    job = ran(job_of(name))

    assert (job.state, job.attempts, job.token) == ("queued", 1, None)
    assert job.run_after > timezone.now()


def test_attempts_are_used_up_some_time(job_of: Callable[..., Job]) -> None:
    job = job_of("run_out_of_memory", max_attempts=2)
    run_job(job.id)
    Job.objects.update(run_after=None)

    job = ran(job)

    assert (job.state, job.error_code, job.attempts) == (
        "failed",
        "attempts_used_up",
        2,
    )


def test_retry_waits_as_long_as_the_pipeline_says(job_of: Callable[..., Job]) -> None:
    began = timezone.now()

    job = ran(job_of("ask_again"))

    assert (job.state, job.message) == ("queued", "The scanner is busy.")
    assert timedelta(seconds=59) < job.run_after - began < timedelta(seconds=70)


def test_job_before_its_time_is_not_claimed(job_of: Callable[..., Job]) -> None:
    job = job_of("succeed")
    Job.objects.update(run_after=timezone.now() + timedelta(minutes=1))

    assert leases.claim(job.id) is None


def test_block_that_fails_keeps_neither_effect_nor_success(
    job_of: Callable[..., Job],
) -> None:
    job = ran(job_of("fail_within_finish"))

    assert (job.state, job.error_code, job.result) == ("failed", "late", None)


def test_kind_that_is_not_known_here_fails_in_words(job_of: Callable[..., Job]) -> None:
    job = job_of("succeed")
    Job.objects.update(kind="tests.of_another_version")

    job = ran(job)

    assert (job.state, job.error_code) == ("failed", "unknown_kind")


def test_second_message_of_a_job_does_nothing(job_of: Callable[..., Job]) -> None:
    job = ran(job_of("succeed"))

    again = ran(job)

    assert (again.attempts, again.updated) == (1, job.updated)


def test_running_job_stops_when_asked(job_of: Callable[..., Job]) -> None:
    job = job_of("wait_to_be_stopped")
    thread = running_beside(job)

    request_cancellation(job=job)
    thread.join(5)

    assert not thread.is_alive()
    assert Job.objects.get().state == JobState.CANCELLED


def test_job_over_its_time_fails(job_of: Callable[..., Job]) -> None:
    job = ran(job_of("wait_to_be_stopped", timeout_s=0))

    assert (job.state, job.error_code) == ("failed", "timeout")


@pytest.mark.parametrize(
    ("failed", "last_words_s", "codes"),
    [
        ("told", 60.0, ["told-timeout"]),
        ("fail_to_tell", 60.0, []),
        ("never_tell", 3.0, []),
    ],
)
def test_run_that_never_looks_up_ends_with_its_worker_and_is_told_of(
    failed: str,
    last_words_s: float,
    codes: list[str],
    job_of: Callable[..., Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heartbeat, "OVERTIME_S", 0.0)
    monkeypatch.setattr(heartbeat, "LAST_WORDS_S", last_words_s)
    job = job_of("never_end", timeout_s=0, failed=failed)
    connection.close()  # the child opens its own
    worker = multiprocessing.get_context("fork").Process(target=run_job, args=(job.id,))

    worker.start()
    worker.join(50)

    job = Job.objects.get()
    assert worker.exitcode == heartbeat.OVERTIME_EXIT
    assert (job.state, job.error_code) == ("failed", "timeout")
    assert list(Department.objects.values_list("code", flat=True)) == codes


def test_job_outlives_its_lease_while_its_heart_beats(
    job_of: Callable[..., Job],
) -> None:
    job = job_of("never_look_up")  # works for longer than a lease without a check
    thread = running_beside(job)

    taken = leases.claim(job.id)
    thread.join(10)

    assert taken is None
    assert Job.objects.get().result == {"answer": 45}


def test_worker_that_lost_its_lease_changes_nothing(job_of: Callable[..., Job]) -> None:
    job = job_of("succeed")
    first = leases.claim(job.id)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = leases.claim(job.id)

    run = JobRun(first, Heartbeat(first, timeout_s=60))
    with pytest.raises(LeaseLost), run.finish({"from": "the first"}):
        pytest.fail("The block of a lost lease was entered.")
    changed = [
        leases.end(first, JobState.FAILED),
        leases.put_back(first, delay_s=0),
        leases.extend(first, None) is not None,
    ]

    assert changed == [False, False, False]
    held = Job.objects.get()
    assert (held.token, held.state, held.attempts) == (second.token, "running", 2)


def test_platform_that_stops_gives_the_job_back(
    job_of: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of("wait_to_be_stopped")
    thread = running_beside(job)

    monkeypatch.setattr(Heartbeat, "is_platform_stopping", True)
    thread.join(5)

    job = Job.objects.get()
    assert not thread.is_alive()
    assert (job.state, job.attempts, job.token) == ("queued", 0, None)
    assert job.next_hint <= timezone.now()


def test_abandoned_job_goes_back_to_the_queue(job_of: Callable[..., Job]) -> None:
    job = leases.claim(job_of("succeed").id)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    found = give_back_abandoned()

    job = Job.objects.get()
    assert (found, job.state, job.token) == (1, "queued", None)


def test_job_that_ends_every_worker_ends_itself(job_of: Callable[..., Job]) -> None:
    leases.claim(job_of("succeed", max_attempts=1).id)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    give_back_abandoned()

    job = Job.objects.get()
    assert (job.state, job.error_code) == ("failed", "worker_lost")


def test_abandoned_job_that_was_to_be_cancelled_is(job_of: Callable[..., Job]) -> None:
    leases.claim(job_of("succeed").id)
    Job.objects.update(
        lease_until=timezone.now() - timedelta(seconds=1),
        cancel_requested=timezone.now(),
    )

    give_back_abandoned()

    assert Job.objects.get().state == "cancelled"


def test_living_job_is_left_alone(job_of: Callable[..., Job]) -> None:
    leases.claim(job_of("succeed").id)

    assert (give_back_abandoned(), tell_again()) == (0, 0)


def test_waiting_job_is_told_again_ever_more_rarely(job_of: Callable[..., Job]) -> None:
    job_of("succeed")
    waits = []
    for _round in range(4):
        Job.objects.update(next_hint=None)
        assert (tell_again(), tell_again()) == (1, 0)
        waits.append(
            round((Job.objects.get().next_hint - timezone.now()).total_seconds())
        )

    assert waits == [1, 2, 4, 8]


def test_lines_of_a_job_carry_the_request_that_asked(
    job_of: Callable[..., Job],
) -> None:
    with structlog.contextvars.bound_contextvars(request_id="request-7"):
        job = job_of("succeed")

    with structlog.testing.capture_logs(
        processors=[structlog.contextvars.merge_contextvars]
    ) as lines:
        run_job(job.id)

    told = [line for line in lines if line["event"].startswith("job_")]
    assert [line["event"] for line in told] == ["job_started", "job_left"]
    assert {line["request_id"] for line in told} == {"request-7"}
    assert {line["job_id"] for line in told} == {str(job.id)}


def test_token_of_a_stranger_opens_nothing(job_of: Callable[..., Job]) -> None:
    job = leases.claim(job_of("succeed").id)
    job.token = uuid4()

    assert leases.end(job, JobState.SUCCEEDED) is False
