"""From a stored study to findings, once, by the model that was in service."""

from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from pydicom.dataset import Dataset

from diagnosis.files import open_stored
from diagnosis.models import Finding, ModelActivation, Study, StudyStatus
from diagnosis.pipelines import reading as pipeline
from diagnosis.services.activation import activate_model
from diagnosis.services.ingest import ingest_upload
from hospital.accounts.models import Role
from hospital.accounts.principal import Principal
from hospital.jobs.models import Job, JobState
from hospital.jobs.runner import run_job
from hospital.jobs.services import request_cancellation
from tests.diagnosis.dicom.synthetic import ct_slice
from tests.diagnosis.services.uploads import UploadFolder
from tests.rows import make_department, make_principal

pytestmark = pytest.mark.django_db(transaction=True)
SIDE = 144


@pytest.fixture
def radiologist() -> Principal:
    return make_principal(Role.CLINICIAN, make_department())


def chest(number: int, **changes: object) -> Dataset:
    stored = np.random.default_rng(number).integers(0, 1000, (SIDE, SIDE))
    whole = {"PixelSpacing": [1.45, 1.45], "ImagePositionPatient": [0, 0, 15 * number]}
    dataset = ct_slice(number, Rows=SIDE, Columns=SIDE, **{**whole, **changes})
    dataset.PixelData = stored.astype("<i2").tobytes()
    dataset["PixelData"].VR = "OW"
    return dataset


def upload(uploads: UploadFolder, principal: Principal, *slices: Dataset) -> Job:
    result = ingest_upload(uploads.dicom(*slices), principal=principal)
    assert result.job is not None
    return result.job


def test_a_chest_series_gets_a_finding(
    uploads: UploadFolder, radiologist: Principal, model_store: Path
) -> None:
    job = upload(uploads, radiologist, *(chest(n) for n in range(1, 6)))

    run_job(job.id)

    job.refresh_from_db()
    finding = Finding.objects.get()
    study = Study.objects.get()
    active = ModelActivation.objects.get()
    assert job.state == JobState.SUCCEEDED, job.error
    assert job.result["findings"] == 1
    assert study.status == StudyStatus.READ
    assert not finding.abstained
    assert finding.job_id == job.id
    assert (finding.model_name, finding.model_version) == ("tiny", "1")
    assert finding.model_digest == active.digest
    assert set(finding.probabilities) == {"COVID", "NonCOVID"}
    assert finding.probability == pytest.approx(max(finding.probabilities.values()))
    assert not finding.calibrated  # a series was never checked against outcomes
    assert finding.calibrated_on is None
    assert finding.slices_read is not None
    assert finding.slices_read > 1
    assert finding.key_instance is not None
    with open_stored(finding.saliency_digest) as overlay:
        assert overlay.read(4) == b"\x89PNG"


def test_reading_again_adds_nothing(
    uploads: UploadFolder, radiologist: Principal, model_store: Path
) -> None:
    job = upload(uploads, radiologist, chest(1))
    run_job(job.id)
    Job.objects.filter(id=job.id).update(state=JobState.QUEUED)

    run_job(job.id)

    assert Finding.objects.count() == 1


def steps_of(job: Job) -> list[str]:
    run_job(job.id)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error
    return [step["title"] for step in job.steps]


def test_slices_that_come_one_by_one_are_read_once(
    uploads: UploadFolder, radiologist: Principal, model_store: Path
) -> None:
    whole = ["Starting the model", "Choosing the series", "Reading the images"]
    jobs = [upload(uploads, radiologist, chest(number)) for number in (1, 2, 3, 4)]

    first, second = steps_of(jobs[0]), steps_of(jobs[1])
    Study.objects.update(status=StudyStatus.FAILED)
    third = steps_of(jobs[2])
    activate_model(name="tiny", version="2", activated_by=None)
    fourth = steps_of(jobs[3])

    assert (first, second) == (whole, whole[:1])
    assert (third, fourth) == (whole, whole)
    assert jobs[0].result == jobs[1].result == jobs[2].result
    assert jobs[3].result["model"] == "tiny/2"
    assert Finding.objects.count() == 2


def test_another_region_is_kept_and_viewable_but_not_answered(
    uploads: UploadFolder, radiologist: Principal, model_store: Path
) -> None:
    said = {"BodyPartExamined": "BRAIN", "StudyDescription": "Head"}
    head = [chest(number, **said) for number in range(1, 6)]

    run_job(upload(uploads, radiologist, *head).id)

    finding = Finding.objects.get()
    study = Study.objects.get()
    assert finding.abstained
    assert finding.reason_code == "other_body_part"
    assert finding.saliency_digest == ""
    assert set(finding.probabilities) == {"COVID", "NonCOVID"}
    assert study.status == StudyStatus.READ
    assert study.rank_reason == [{"code": "abstained"}]


def test_of_several_series_the_suited_one_is_read(
    uploads: UploadFolder, radiologist: Principal, model_store: Path
) -> None:
    scout = chest(9, SeriesInstanceUID="1.2.9", ImageType=["ORIGINAL", "LOCALIZER"])
    whole = [chest(number) for number in range(1, 5)]

    run_job(upload(uploads, radiologist, scout, *whole).id)

    finding = Finding.objects.get()
    assert finding.series.instance_count == 4
    assert not finding.abstained


def test_a_changed_model_file_fails_in_words(
    uploads: UploadFolder, radiologist: Principal, model_store: Path
) -> None:
    activate_model(name="tiny", version="1", activated_by=None)
    card = model_store / "tiny" / "1" / "card.md"
    card.write_text(card.read_text() + "Improved.")
    job = upload(uploads, radiologist, chest(1))

    run_job(job.id)

    job.refresh_from_db()
    study = Study.objects.get()
    assert (job.state, job.error_code) == (JobState.FAILED, "wrong_digest")
    assert "tiny/1 does not start" in job.error
    assert study.status == StudyStatus.FAILED
    assert study.status_reason == job.error
    assert study.rank_reason == [{"code": "failed"}]
    assert not Finding.objects.exists()


def test_a_resealed_model_is_not_the_one_activated(
    uploads: UploadFolder, radiologist: Principal, model_store: Path
) -> None:
    ModelActivation.objects.create(name="tiny", version="1", digest="0" * 64)
    job = upload(uploads, radiologist, chest(1))

    run_job(job.id)

    job.refresh_from_db()
    assert job.error_code == "wrong_digest"
    assert "not those that were put into service" in job.error


def test_without_a_model_the_study_says_so(
    uploads: UploadFolder,
    radiologist: Principal,
    tmp_path: Path,
    settings: LazySettings,
) -> None:
    settings.MODEL_STORE = tmp_path / "nothing"
    job = upload(uploads, radiologist, chest(1))

    run_job(job.id)

    job.refresh_from_db()
    assert job.error_code == "no_model"
    assert Study.objects.get().status == StudyStatus.FAILED


def test_a_finding_keeps_the_model_that_made_it(
    uploads: UploadFolder,
    radiologist: Principal,
    model_store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = activate_model(name="tiny", version="1", activated_by=None)
    job = upload(uploads, radiologist, chest(1))
    reading = pipeline.read_series

    def activating(*args: object, **kwargs: object) -> object:
        activate_model(name="tiny", version="2", activated_by=None)
        return reading(*args, **kwargs)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(pipeline, "read_series", activating)
    run_job(job.id)

    finding = Finding.objects.get()
    assert finding.model_version == "1"
    assert finding.model_digest == first.digest
    assert str(ModelActivation.objects.latest()) == "tiny/2"


def test_cancelling_mid_reading_leaves_no_finding(
    uploads: UploadFolder,
    radiologist: Principal,
    model_store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = upload(uploads, radiologist, chest(1), chest(2))
    reading = pipeline.read_series

    def cancelling(*args: object, **kwargs: object) -> object:
        answer = reading(*args, **kwargs)  # type: ignore[arg-type]  # passed through
        request_cancellation(job=Job.objects.get(id=job.id))
        return answer

    monkeypatch.setattr(pipeline, "read_series", cancelling)
    run_job(job.id)

    job.refresh_from_db()
    study = Study.objects.get()
    assert job.state == JobState.CANCELLED
    assert not Finding.objects.exists()
    assert study.status == StudyStatus.RECEIVED
    assert study.status_reason == "The reading was cancelled."


def test_a_signed_study_stays_signed(
    uploads: UploadFolder, radiologist: Principal, model_store: Path
) -> None:
    job = upload(uploads, radiologist, chest(1))
    Study.objects.update(status=StudyStatus.SIGNED)

    run_job(job.id)

    assert Study.objects.get().status == StudyStatus.SIGNED
    assert Finding.objects.count() == 1
