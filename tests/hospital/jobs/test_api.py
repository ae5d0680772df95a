from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from hospital.accounts.models import Role
from hospital.jobs.models import Job, JobState
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> object:
    return make_person(Role.CLINICIAN, make_department())


@pytest.fixture
def client(owner: object) -> APIClient:
    client = APIClient()
    client.force_login(owner)
    return client


def test_job_is_told_as_the_contract_says(
    client: APIClient, job_of: Callable[..., Job], owner: object
) -> None:
    job = job_of("succeed", owner=owner)
    Job.objects.update(
        state=JobState.FAILED, error="No pixels.", error_code="no_pixels"
    )

    body = client.get(f"/api/v1/jobs/{job.id}/").json()

    assert list(body) == [
        "id",
        "kind",
        "state",
        "progress",
        "message",
        "error",
        "result",
        "created",
        "started",
        "finished",
    ]
    assert body["error"] == {"code": "no_pixels", "message": "No pixels."}


def test_list_is_paged_and_filtered(
    client: APIClient, job_of: Callable[..., Job], owner: object
) -> None:
    for number in range(3):
        job_of("succeed", owner=owner, key=str(number))
    job_of("succeed", key="of nobody")

    body = client.get("/api/v1/jobs/?page_size=2&state=queued").json()

    assert (body["count"], len(body["results"])) == (3, 2)
    assert body["next"].endswith("page=2&page_size=2&state=queued")


def test_cancellation_is_accepted(
    client: APIClient, job_of: Callable[..., Job], owner: object
) -> None:
    job = job_of("succeed", owner=owner)

    answer = client.post(f"/api/v1/jobs/{job.id}/cancellation/")

    assert (answer.status_code, answer.json()["state"]) == (202, "cancelled")


def test_cancellation_of_an_ended_job_conflicts(
    client: APIClient, job_of: Callable[..., Job], owner: object
) -> None:
    job = job_of("succeed", owner=owner)
    Job.objects.update(state=JobState.SUCCEEDED)

    answer = client.post(f"/api/v1/jobs/{job.id}/cancellation/")

    assert (answer.status_code, answer.json()["code"]) == (409, "job_ended")
    assert answer["Content-Type"] == "application/problem+json"


def test_retry_queues_it_again(
    client: APIClient, job_of: Callable[..., Job], owner: object
) -> None:
    job = job_of("succeed", owner=owner)
    Job.objects.update(state=JobState.CANCELLED)

    answer = client.post(f"/api/v1/jobs/{job.id}/retry/")

    assert (answer.status_code, answer.json()["state"]) == (202, "queued")


def test_job_of_another_is_not_found(
    client: APIClient, job_of: Callable[..., Job]
) -> None:
    job = job_of("succeed")

    answers = (
        client.get(f"/api/v1/jobs/{job.id}/").status_code,
        client.post(f"/api/v1/jobs/{job.id}/cancellation/").status_code,
        client.get("/api/v1/jobs/not-an-id/").status_code,
    )

    assert answers == (404, 404, 404)
    assert Job.objects.get().state == JobState.QUEUED


def test_stranger_gets_401(job_of: Callable[..., Job]) -> None:
    job = job_of("succeed")

    answer = APIClient().get(f"/api/v1/jobs/{job.id}/")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (
        401,
        'Bearer realm="Anji"',
    )
