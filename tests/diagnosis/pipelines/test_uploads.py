"""An upload of several studies has one job that ends when all readings have."""

import pytest

from diagnosis import files
from diagnosis.pipelines import uploads as pipeline
from diagnosis.services.ingest import ingest_upload
from hospital.accounts.models import Role
from hospital.jobs.models import Job, JobState
from hospital.jobs.runner import run_job
from hospital.jobs.services import enqueue
from tests.diagnosis.dicom.synthetic import ct_slice
from tests.diagnosis.services.uploads import UploadFolder
from tests.rows import make_department, make_principal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def follower(uploads: UploadFolder) -> Job:
    principal = make_principal(Role.CLINICIAN, make_department())
    other = ct_slice(
        9, PatientID="P-2", StudyInstanceUID="1.2.9", SeriesInstanceUID="1.2.9.1"
    )
    result = ingest_upload(uploads.dicom(ct_slice(), other), principal=principal)
    assert result.job is not None
    return result.job


def test_it_ends_when_every_reading_has(follower: Job) -> None:
    readings = Job.objects.filter(kind="diagnosis.read_study").order_by("created")
    first, second = readings
    Job.objects.filter(id=first.id).update(state=JobState.SUCCEEDED)
    Job.objects.filter(id=second.id).update(state=JobState.FAILED)

    run_job(follower.id)

    follower.refresh_from_db()
    assert follower.state == JobState.SUCCEEDED
    assert follower.result["jobs"] == sorted([str(first.id), str(second.id)])
    assert (follower.result["succeeded"], follower.result["failed"]) == (1, 1)


def test_it_gives_its_worker_back_while_readings_wait(
    follower: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "TURN_SECONDS", -1.0)

    run_job(follower.id)

    follower.refresh_from_db()
    assert follower.state == JobState.QUEUED
    assert follower.message == "0 of 2 studies read"


def test_the_sweep_runs_as_a_job() -> None:
    digest = files.store_bytes(b"young")
    job = enqueue(kind="diagnosis.sweep_files", key="test", owner=None)

    run_job(job.id)

    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED
    assert job.result == {
        "removed": 0,
        "left_uploads": 0,
        "left_renewals": 0,
        "missing": [],
    }
    assert files.is_stored(digest)
