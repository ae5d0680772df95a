from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from hospital.accounts.models import Role
from hospital.jobs.models import Job, JobState
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def radiology() -> object:
    return make_department("radiology")


@pytest.fixture
def owner(radiology: object) -> object:
    return make_person(Role.NURSE, radiology)


@pytest.fixture
def job(job_of: Callable[..., Job], owner: object, radiology: object) -> Job:
    return job_of("succeed", owner=owner, department_id=radiology.id)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_card_says_state_progress_words_and_steps(job: Job, owner: object) -> None:
    now = timezone.now().isoformat()
    Job.objects.update(
        state=JobState.RUNNING,
        progress=0.5,
        message="Slice 27 of 54",
        steps=[{"title": "Reading", "started": now, "finished": now}],
    )

    page = signed_in(owner).get(f"/jobs/{job.id}/").content.decode()

    for words in ("Running", "Slice 27 of 54", 'value="0.500"', "Reading", "0.0 s"):
        assert words in page
    assert f'data-topics="job:{job.id}"' in page
    assert f'action="/jobs/{job.id}/cancellation/"' in page


def test_htmx_gets_the_card_alone(job: Job, owner: object) -> None:
    answer = signed_in(owner).get(f"/jobs/{job.id}/", headers={"HX-Request": "true"})

    assert answer.content.decode().count("<html") == 0
    assert f'id="job-{job.id}"' in answer.content.decode()


def test_cancelling_works_without_javascript(job: Job, owner: object) -> None:
    answer = signed_in(owner).post(f"/jobs/{job.id}/cancellation/")

    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{job.id}/")
    assert Job.objects.get().state == JobState.CANCELLED


def test_cancelling_an_ended_job_says_so(job: Job, owner: object) -> None:
    Job.objects.update(state=JobState.SUCCEEDED)

    answer = signed_in(owner).post(f"/jobs/{job.id}/cancellation/")

    assert answer.status_code == 409
    assert "This job has ended already." in answer.content.decode()
    assert Job.objects.get().state == JobState.SUCCEEDED


def test_failed_job_is_tried_again(job: Job, owner: object) -> None:
    Job.objects.update(state=JobState.FAILED, error="No pixels.")
    client = signed_in(owner)

    before = client.get(f"/jobs/{job.id}/").content.decode()
    answer = client.post(f"/jobs/{job.id}/retry/", headers={"HX-Request": "true"})

    assert "No pixels." in before
    assert "Try again" in before
    assert "Waiting for a free worker." in answer.content.decode()
    assert Job.objects.get().state == JobState.QUEUED


@pytest.mark.parametrize(
    ("role", "is_of_department", "seen", "cancelled"),
    [
        (Role.CLINICIAN, True, 200, 302),
        (Role.MANAGER, True, 200, 302),
        (Role.NURSE, True, 200, 403),
        (Role.CLINICIAN, False, 404, 404),
        (Role.NURSE, False, 404, 404),
        (Role.MANAGER, False, 404, 404),
        (Role.ADMINISTRATOR, False, 200, 302),
        (Role.INTEGRATOR, True, 404, 404),
        (Role.PATIENT, False, 404, 404),
    ],
)
def test_job_of_somebody_else(
    job: Job,
    radiology: object,
    role: Role,
    is_of_department: bool,  # noqa: FBT001 (a table's column)
    seen: int,
    cancelled: int,
) -> None:
    client = signed_in(make_person(role, *([radiology] if is_of_department else [])))

    answers = (
        client.get(f"/jobs/{job.id}/").status_code,
        client.post(f"/jobs/{job.id}/cancellation/").status_code,
    )

    assert answers == (seen, cancelled)
    changed = Job.objects.get().state == JobState.CANCELLED
    assert changed == (cancelled == 302)


def test_stranger_is_asked_to_sign_in(job: Job) -> None:
    answers = [
        Client().get(path).status_code
        for path in ("/jobs/", f"/jobs/{job.id}/", "/jobs/open/")
    ]

    assert answers == [302, 302, 302]


def test_list_shows_what_one_may_see_by_state(
    job: Job, job_of: Callable[..., Job], owner: object
) -> None:
    job_of("finish_itself", key="of somebody else")
    client = signed_in(owner)

    every = client.get("/jobs/").context["page"].paginator.count
    failed = client.get("/jobs/?state=failed").context["page"].paginator.count

    assert (every, failed) == (1, 0)


@pytest.mark.parametrize(
    ("role", "names"),
    [(Role.NURSE, ["All", "Running", "Failed"]), (Role.PATIENT, [])],
)
def test_views_are_for_staff(role: Role, names: list[str]) -> None:
    page = signed_in(make_person(role)).get("/jobs/")

    assert [view.name for view in page.context["views"]] == names
    assert ('id="saved-views"' in page.content.decode()) == bool(names)


def test_top_bar_counts_one_s_own_open_jobs(
    job: Job, job_of: Callable[..., Job], owner: object
) -> None:
    ended = job_of("fail_in_words", owner=owner)
    Job.objects.filter(id=ended.id).update(state=JobState.FAILED)

    answer = signed_in(owner).get("/jobs/open/")

    assert answer.json() == {"count": 1}


def test_unknown_job_is_not_found(owner: object) -> None:
    assert signed_in(owner).get(f"/jobs/{uuid4()}/").status_code == 404
