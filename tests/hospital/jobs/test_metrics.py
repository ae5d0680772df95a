from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hospital.accounts.models import Role
from hospital.jobs.models import Job, JobState
from tests.rows import make_person

pytestmark = pytest.mark.django_db


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_person(role))
    return client


def test_jobs_are_counted_by_state_and_queue(job_of: Callable[..., Job]) -> None:
    now = timezone.now()
    job_of("succeed", key="1")
    done = job_of("succeed", key="2", queue="stat")
    Job.objects.filter(id=done.id).update(
        state=JobState.SUCCEEDED, started=now - timedelta(seconds=4), finished=now
    )

    text = signed_in(Role.ADMINISTRATOR).get("/metrics").content.decode()

    for line in (
        'anji_jobs{kind="tests.succeed",queue="default",state="queued"} 1.0',
        'anji_jobs{kind="tests.succeed",queue="stat",state="succeeded"} 1.0',
        'anji_jobs_mean_duration_seconds{kind="tests.succeed"} 4.0',
        'anji_jobs_oldest_wait_seconds{queue="default"} ',
        "django_http_requests_total_by_method_total",
    ):
        assert line in text


def test_stranger_needs_a_token() -> None:
    answer = Client().get("/metrics")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize(
    "role", [Role.PATIENT, Role.NURSE, Role.CLINICIAN, Role.MANAGER]
)
def test_metrics_are_not_for_everybody(role: Role) -> None:
    assert signed_in(role).get("/metrics").status_code == 403
