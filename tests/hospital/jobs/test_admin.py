from collections.abc import Callable

import pytest
from django.test import Client

from hospital.accounts.models import Role
from hospital.jobs.models import Job, JobState
from tests.rows import make_person

pytestmark = pytest.mark.django_db
LIST = "/admin/jobs/job/"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_person(Role.ADMINISTRATOR))
    return client


def test_jobs_are_looked_at_and_not_edited(
    client: Client, job_of: Callable[..., Job]
) -> None:
    job = job_of("succeed")

    pages = [
        client.get(address).status_code
        for address in (LIST, f"{LIST}{job.id}/change/", f"{LIST}add/")
    ]
    changed = client.post(f"{LIST}{job.id}/change/", {"state": "succeeded"})

    assert pages == [200, 200, 403]
    assert changed.status_code == 403
    assert Job.objects.get().state == JobState.QUEUED


def test_chosen_jobs_are_cancelled_and_ended_ones_named(
    client: Client, job_of: Callable[..., Job]
) -> None:
    waiting, ended = job_of("succeed", key="1"), job_of("succeed", key="2")
    Job.objects.filter(id=ended.id).update(state=JobState.SUCCEEDED)
    chosen = {"action": "cancel", "_selected_action": [waiting.id, ended.id]}

    page = client.post(LIST, chosen, follow=True).content.decode()

    assert Job.objects.get(id=waiting.id).state == JobState.CANCELLED
    assert Job.objects.get(id=ended.id).state == JobState.SUCCEEDED
    assert f"{ended.id}: This job has ended already." in page
