"""A candidate beside the model in service, and what the clock makes of both."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from diagnosis.models import (
    Alert,
    AlertRule,
    Finding,
    ModelActivation,
    ShadowAnswer,
    Study,
)
from diagnosis.observed import Watch, observations
from diagnosis.services.activation import activate_model, roll_back_model
from diagnosis.services.ingest import ingest_upload
from diagnosis.services.reading_jobs import READ_STUDY
from diagnosis.services.shadow import READ_IN_SHADOW, end_shadow, start_shadow
from diagnosis.services.watching import watch_model
from diagnosis.watched import Watched
from diagnosis.watching.figures import beside
from hospital.accounts.models import Role, User
from hospital.accounts.principal import Principal
from hospital.jobs.models import Job, JobState
from hospital.jobs.runner import run_job
from hospital.notices.models import Notice
from tests.diagnosis.services.uploads import UploadFolder
from tests.rows import make_department, make_person, make_principal

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES, SIDE = 20, 96


@pytest.fixture
def radiologist() -> Principal:
    return make_principal(Role.CLINICIAN, make_department("radiology"))


@pytest.fixture
def administrator() -> User:
    return make_person(Role.ADMINISTRATOR)


def noise(number: int) -> bytes:
    grey = np.random.default_rng(number).integers(0, 256, (SIDE, SIDE))
    return as_png(grey)


def bars(number: int) -> bytes:
    grey = np.tile(np.arange(SIDE) // 4 % 2 * (150 + number), (SIDE, 1))
    return as_png(grey)


def as_png(grey: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def read(
    uploads: UploadFolder,
    principal: Principal,
    draw: Callable[[int], bytes],
    count: int,
) -> None:
    """Upload pictures, each a study of its own, and let every reading end."""
    files = [uploads.bytes(f"{number}.png", draw(number)) for number in range(count)]
    ingest_upload(files, principal=principal)
    readings = Job.objects.filter(kind__in=(READ_STUDY, READ_IN_SHADOW))
    while job := readings.filter(state=JobState.QUEUED).first():
        run_job(job.id)


def test_a_candidate_reads_the_same_and_is_never_the_answer(
    uploads: UploadFolder,
    radiologist: Principal,
    model_store: Path,
    administrator: User,
) -> None:
    active = activate_model(name="tiny", version="1", activated_by=None)
    shadow = start_shadow(name="tiny", version="2", started_by=administrator)

    read(uploads, radiologist, noise, 3)
    recent, _before = observations(Watch(Finding.objects.all(), days=1))
    end_shadow()
    read(uploads, radiologist, bars, 1)

    assert set(Finding.objects.values_list("model_digest", flat=True)) == {
        active.digest
    }
    answers = ShadowAnswer.objects.select_related("finding")
    assert len(answers) == 3  # none after its end
    for answer in answers:
        # The same weights with another temperature: the same label, other certainty.
        assert answer.shadow_id == shadow.id
        assert answer.label == answer.finding.label
        assert answer.positive_probability != answer.finding.positive_probability
    figures = beside(recent)
    assert figures is not None
    assert (figures.model, figures.n) == ("tiny/2", 3)
    assert figures.agreement is not None
    assert figures.agreement.value == 1.0


def test_a_candidate_that_fails_leaves_the_study_alone(
    uploads: UploadFolder,
    radiologist: Principal,
    model_store: Path,
    administrator: User,
) -> None:
    activate_model(name="tiny", version="1", activated_by=None)
    start_shadow(name="tiny", version="2", started_by=administrator)
    (model_store / "tiny" / "2" / "model.onnx").write_bytes(b"other weights")

    read(uploads, radiologist, noise, 1)

    job = Job.objects.get(kind=READ_IN_SHADOW)
    assert (job.state, job.error_code) == (JobState.FAILED, "wrong_digest")
    assert Study.objects.get().status == "read"
    assert not ShadowAnswer.objects.exists()


def test_images_of_another_kind_raise_one_alert_and_the_way_back_closes_it(
    uploads: UploadFolder,
    radiologist: Principal,
    model_store: Path,
    seeing_model: str,
    administrator: User,
) -> None:
    activate_model(name="tiny", version="1", activated_by=None)
    activate_model(name="tiny", version=seeing_model, activated_by=administrator)
    now = timezone.now()
    read(uploads, radiologist, noise, PICTURES)
    Finding.objects.update(created=now - timedelta(days=60))

    before = watch_model(now=timezone.now())
    read(uploads, radiologist, bars, PICTURES)
    first = watch_model(now=timezone.now())
    again = watch_model(now=timezone.now())

    drifted = {(alert.rule.watched, alert.source) for alert in first}
    assert before == []
    assert {(Watched.DRIFT, ""), (Watched.DRIFT, "radiology")} <= drifted
    assert again == []
    alert = Alert.objects.get(rule__watched=Watched.DRIFT, source="")
    assert alert.low > AlertRule.objects.get(watched=Watched.DRIFT).threshold
    told = Notice.objects.filter(user=administrator, subject_id=alert.id)
    assert "Drift of the images, tiny/seeing" in told.get().words
    there = Alert.objects.get(rule__watched=Watched.DRIFT, source="radiology")
    told = Notice.objects.filter(user=administrator, subject_id=there.id)
    assert "tiny/seeing in Radiology: " in told.get().words

    roll_back_model(activated_by=administrator)
    watch_model(now=timezone.now())

    assert str(ModelActivation.objects.latest()) == "tiny/1"
    assert not Alert.objects.filter(closed=None).exists()
