"""An upload cut short anywhere leaves neither rows without files nor the reverse."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings

from diagnosis import files
from diagnosis.models import Instance, Study
from diagnosis.services import ingest, study_rows
from diagnosis.services.ingest import ingest_upload
from diagnosis.services.renewal import images_root
from diagnosis.services.sweep import sweep_files
from hospital.accounts.models import Role
from hospital.jobs.models import Job, JobState
from hospital.records.models import Patient
from tests.diagnosis.dicom.synthetic import ct_slice
from tests.diagnosis.services.uploads import UploadFolder
from tests.rows import make_department, make_principal

LATER = timedelta(hours=3)


class Cut(BaseException):
    """The process is gone: nothing catches it."""


def cut(*_: object, **__: object) -> None:
    raise Cut


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("module", "step"),
    [
        (ingest, "_read"),
        (files, "store"),
        (ingest, "save_rows"),
        (study_rows, "_lock"),
        (study_rows, "_create_study"),
        (study_rows, "_save_instances"),
        (study_rows, "_quarantine"),
        (study_rows, "_update_study"),
        (ingest, "enqueue_readings"),
    ],
)
def test_an_upload_cut_at_any_step_leaves_nothing_after_the_sweep(
    uploads: UploadFolder,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    step: str,
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    monkeypatch.setattr(module, step, cut)

    with pytest.raises(Cut):
        ingest_upload(uploads.dicom(ct_slice(), ct_slice(2)), principal=principal)
    monkeypatch.undo()

    assert (Study.objects.count(), Patient.objects.count()) == (0, 0)
    assert (Instance.objects.count(), Job.objects.count()) == (0, 0)
    sweep_files(now=datetime.now(UTC) + LATER)
    assert list(files.stored_digests()) == []
    ingest_upload(uploads.dicom(ct_slice(), ct_slice(2)), principal=principal)
    digests = {digest for digest, _ in files.stored_digests()}
    assert digests == set(Instance.objects.values_list("digest", flat=True))


@pytest.mark.django_db
def test_a_file_that_a_row_names_stays(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    ingest_upload(uploads.dicom(ct_slice()), principal=principal)

    result = sweep_files(now=datetime.now(UTC) + LATER)

    assert (result.removed, result.missing) == ([], [])
    assert files.is_stored(Instance.objects.get().digest)


@pytest.mark.django_db
def test_a_young_file_stays_for_the_upload_that_is_under_way() -> None:
    digest = files.store_bytes(b"not yet named by a row")

    assert sweep_files(now=datetime.now(UTC)).removed == []
    assert sweep_files(now=datetime.now(UTC) + LATER).removed == [digest]


@pytest.mark.django_db
def test_a_file_stored_again_is_young_again(file_store: Path) -> None:
    digest = files.store_bytes(b"twice")
    path = file_store / files.name_of(digest)
    os.utime(path, (0, 0))

    files.store_bytes(b"twice")

    assert sweep_files(now=datetime.now(UTC)).removed == []


@pytest.mark.django_db
def test_a_row_without_its_file_is_reported(
    uploads: UploadFolder,
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    ingest_upload(uploads.dicom(ct_slice()), principal=principal)
    digest = Instance.objects.get().digest

    files.remove(digest)

    assert sweep_files(now=datetime.now(UTC)).missing == [digest]


@pytest.mark.django_db
def test_images_of_a_renewal_stay_only_while_it_is_under_way(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.VAR = replace(settings.VAR, root=tmp_path)
    ended, going = (uuid4(), uuid4())
    for renewal, state in ((ended, JobState.FAILED), (going, JobState.RUNNING)):
        Job.objects.create(
            kind="diagnosis.retrain",
            key=str(renewal),
            subject_id=str(renewal),
            state=state,
        )
        (images_root() / str(renewal)).mkdir(parents=True)
        (images_root() / str(renewal) / "a patient's.png").write_bytes(b"x")

    young = sweep_files(now=datetime.now(UTC))
    old = sweep_files(now=datetime.now(UTC) + LATER)

    assert (young.left_renewals, old.left_renewals) == (0, 1)
    assert [path.name for path in images_root().iterdir()] == [str(going)]


@pytest.mark.django_db
def test_abandoned_uploads_are_removed(settings: LazySettings) -> None:
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    (folder / "staging-old").mkdir(parents=True)
    (folder / "staging-old" / "1").write_bytes(b"x")
    (folder / "old.upload").write_bytes(b"x")

    result = sweep_files(now=datetime.now(UTC) + LATER)

    assert result.left_uploads == 2
    assert list(folder.iterdir()) == []
