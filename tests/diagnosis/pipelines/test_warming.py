"""A worker is ready before the first reading, and for a model just put into service."""

from pathlib import Path

import pytest

from diagnosis.models import ModelActivation
from diagnosis.pipelines.warming import warm_up
from diagnosis.services.activation import WARM_MODEL, activate_model
from hospital.core.registry import registry
from hospital.jobs.models import Job, JobState
from hospital.jobs.runner import run_job

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_model_put_into_service_is_made_ready_wherever_studies_are_read(
    model_store: Path,
) -> None:
    activate_model(name="tiny", version="1", activated_by=None)

    jobs = list(Job.objects.filter(kind=WARM_MODEL))
    for job in jobs:
        run_job(job.id)

    assert {job.queue for job in jobs} == {"inference", "stat"}
    assert registry.job_kinds["diagnosis.read_study"].queues == {"inference", "stat"}
    for job in jobs:
        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.SUCCEEDED, "")
        assert job.result == {"model": "tiny/1", "engine": "onnx-fp32"}


def test_a_worker_starts_whatever_the_store_holds(
    model_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (model_store / "tiny" / "1" / "model.onnx").write_bytes(b"other weights")

    warm_up()

    assert "model_not_warm" in caplog.text
    assert not ModelActivation.objects.exists()
