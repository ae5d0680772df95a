"""An upload becomes studies, whole and once; what cannot be taken is listed."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from django.db import connections
from django.test import Client
from PIL import Image
from pydicom.uid import generate_uid

from diagnosis import files
from diagnosis.models import Instance, QuarantinedFile, Series, Study, StudyStatus
from diagnosis.services import events, ingest
from diagnosis.services.incoming import IncomingFile, TooMuch
from diagnosis.services.ingest import ingest_upload, upload_department
from diagnosis.services.report import ReportText, save_report, sign_report
from hospital.accounts.models import Role
from hospital.audit.models import Access
from hospital.core.errors import NotPermitted
from hospital.jobs.models import Job
from hospital.records.models import Encounter, Patient
from hospital.records.selectors import patients_visible_to
from tests.diagnosis.dicom.synthetic import SERIES, STUDY, ct_slice
from tests.diagnosis.services.uploads import UploadFolder
from tests.rows import make_department, make_patient, make_principal

pytestmark = pytest.mark.django_db


def codes(rejected: list) -> list[str]:
    return [rejection.code for rejection in rejected]


def png() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_series_becomes_rows_and_files(uploads: UploadFolder) -> None:
    radiology = make_department()
    principal = make_principal(Role.CLINICIAN, radiology)

    result = ingest_upload(uploads.dicom(ct_slice(2), ct_slice(1)), principal=principal)

    study = Study.objects.get()
    assert result.studies == [study]
    assert result.rejected == []
    assert study.study_instance_uid == STUDY
    assert study.department == radiology
    assert study.status == StudyStatus.QUEUED
    assert (study.series_count, study.instance_count) == (1, 2)
    assert study.study_date == date(2026, 1, 2)
    assert study.patient.hospital_number == "P-1"
    assert study.patient.birth_date == date(1970, 1, 31)
    assert study.patient.name == "Doe Jane"
    series = Series.objects.get()
    assert (series.series_instance_uid, series.instance_count) == (SERIES, 2)
    assert [i.position_mm for i in series.instances.all()] == [5.0, 10.0]
    for instance in Instance.objects.all():
        with files.local_file(instance.digest) as path:
            assert files.digest_of(path) == instance.digest
        assert instance.attributes["00080018"]["Value"] == [instance.sop_instance_uid]


def test_who_sees_every_department_uploads_to_one_that_they_joined() -> None:
    first, joined = make_department("a-first"), make_department("b-joined")
    member = make_principal(Role.ADMINISTRATOR, joined)
    stranger = make_principal(Role.ADMINISTRATOR)

    assert upload_department(member, wanted=None, patient=None) == joined
    assert upload_department(stranger, wanted=None, patient=None) == first


def test_one_study_gives_its_reading_as_the_job(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())

    result = ingest_upload(
        uploads.dicom(ct_slice()), principal=principal, priority="stat"
    )

    job = Job.objects.get()
    assert result.job == job
    assert (job.kind, job.queue) == ("diagnosis.read_study", "stat")
    assert job.subject_id == str(result.studies[0].id)


def test_several_patients_are_split(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    other = ct_slice(
        9, PatientID="P-2", StudyInstanceUID="1.2.9", SeriesInstanceUID="1.2.9.1"
    )

    result = ingest_upload(uploads.dicom(ct_slice(), other), principal=principal)

    assert len(result.studies) == 2
    numbers = {study.patient.hospital_number for study in result.studies}
    assert numbers == {"P-1", "P-2"}
    assert result.job is not None
    assert result.job.kind == "diagnosis.follow_upload"
    assert Job.objects.filter(kind="diagnosis.read_study").count() == 2


def test_the_same_bytes_twice_are_one_instance(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    first = ingest_upload(uploads.dicom(ct_slice()), principal=principal)

    second = ingest_upload(uploads.dicom(ct_slice(), ct_slice()), principal=principal)

    assert second.studies == first.studies
    assert second.rejected == []
    assert second.job == first.job
    assert Instance.objects.count() == 1
    assert len(list(files.stored_digests())) == 1


def test_the_same_uid_with_other_bytes_is_quarantined(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    ingest_upload(uploads.dicom(ct_slice()), principal=principal)
    before = Instance.objects.get()

    result = ingest_upload(uploads.dicom(ct_slice(PatientSex="M")), principal=principal)

    assert codes(result.rejected) == ["uid_conflict"]
    assert result.studies == []
    quarantined = QuarantinedFile.objects.get()
    assert quarantined.instance == before
    assert files.is_stored(quarantined.digest)
    after = Instance.objects.get()
    assert (after.digest, after.updated) == (before.digest, before.updated)


def test_a_conflict_within_one_upload_is_quarantined(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())

    result = ingest_upload(
        uploads.dicom(ct_slice(), ct_slice(PatientSex="M")), principal=principal
    )

    assert codes(result.rejected) == ["uid_conflict"]
    assert (Instance.objects.count(), QuarantinedFile.objects.count()) == (1, 1)


def test_another_patient_cannot_join_a_study(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    ingest_upload(uploads.dicom(ct_slice()), principal=principal)

    result = ingest_upload(
        uploads.dicom(ct_slice(2, PatientID="P-2")), principal=principal
    )

    assert codes(result.rejected) == ["patient_mismatch"]
    assert Instance.objects.count() == 1
    assert Patient.objects.count() == 1


def test_another_department_cannot_add_to_a_study(uploads: UploadFolder) -> None:
    ingest_upload(
        uploads.dicom(ct_slice()),
        principal=make_principal(Role.CLINICIAN, make_department()),
    )
    stranger = make_principal(Role.CLINICIAN, make_department())

    result = ingest_upload(uploads.dicom(ct_slice(), ct_slice(2)), principal=stranger)

    assert codes(result.rejected) == ["study_elsewhere", "study_elsewhere"]
    assert (result.studies, result.job) == ([], None)
    assert Instance.objects.count() == 1


def test_images_after_the_signature_are_kept_and_told(
    uploads: UploadFolder,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list]],
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    ingest_upload(uploads.dicom(ct_slice()), principal=principal)
    study = Study.objects.get()
    text = ReportText("CT.", "Opacity.", "Pneumonia.")
    save_report(study=study, author=principal.user, text=text, expected_version=None)
    sign_report(study=study, signer=principal.user)
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(
        events, "publish", lambda topic, event, data: told.append((topic, event))
    )
    client.force_login(principal.user)
    addresses = (f"/studies/{study.id}/", f"/studies/{study.id}/report/")
    before = [client.get(address).content.decode() for address in addresses]

    with django_capture_on_commit_callbacks(execute=True):
        result = ingest_upload(uploads.dicom(ct_slice(2)), principal=principal)

    assert result.rejected == []
    study.refresh_from_db()
    assert (study.status, study.instance_count) == (StudyStatus.SIGNED, 2)
    assert (f"studies:{study.department_id}", "images_after_signature") in told
    after = [client.get(address).content.decode() for address in addresses]
    words = "Images arrived after signature"
    assert [words in page for page in before + after] == [False, False, True, True]


def test_a_series_cannot_belong_to_two_studies(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    ingest_upload(uploads.dicom(ct_slice()), principal=principal)

    result = ingest_upload(
        uploads.dicom(ct_slice(2, StudyInstanceUID="1.2.77")), principal=principal
    )

    assert codes(result.rejected) == ["series_mismatch"]
    assert (Study.objects.count(), Instance.objects.count()) == (1, 1)


def test_a_patient_cannot_upload(uploads: UploadFolder) -> None:
    principal = make_principal(Role.PATIENT, make_department())

    with pytest.raises(NotPermitted):
        ingest_upload(uploads.dicom(ct_slice()), principal=principal)

    assert Study.objects.count() == 0
    assert list(files.stored_digests()) == []


def test_a_named_patient_takes_the_study(uploads: UploadFolder) -> None:
    department = make_department()
    patient = make_patient()
    principal = make_principal(Role.CLINICIAN, department)

    result = ingest_upload(
        uploads.dicom(ct_slice()), principal=principal, patient=patient
    )

    assert result.studies[0].patient == patient
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    "facts", [{"PatientBirthDate": "19610204"}, {"PatientSex": "M"}]
)
def test_a_known_number_with_other_facts_is_refused(
    uploads: UploadFolder, facts: dict[str, str]
) -> None:
    patient = make_patient(number="P-1")
    matching = {"PatientBirthDate": "19610203", "PatientSex": "F"}
    principal = make_principal(Role.CLINICIAN, make_department())

    result = ingest_upload(
        uploads.dicom(ct_slice(**{**matching, **facts})), principal=principal
    )

    (rejection,) = result.rejected
    assert rejection.code == "patient_mismatch"
    assert rejection.message == (
        "The file names another patient than the record does: "
        "the number, the birth date or the sex does not match."
    )
    assert (Study.objects.count(), Encounter.objects.count()) == (0, 0)
    assert Patient.objects.count() == 1
    assert not patients_visible_to(principal).exists()
    assert not Access.objects.filter(patient_id=patient.id).exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"PatientBirthDate": "19610203", "PatientSex": "F"},
        {"PatientBirthDate": "", "PatientSex": ""},
    ],
)
def test_a_known_number_without_contradiction_admits_the_patient_once(
    uploads: UploadFolder, facts: dict[str, str]
) -> None:
    patient = make_patient(number="P-1")
    principal = make_principal(Role.CLINICIAN, make_department())
    second = {"StudyInstanceUID": "1.2.9", "SeriesInstanceUID": "1.2.9.1"}

    for changes in ({}, {**second, "SOPInstanceUID": "1.2.9.1.1"}):
        ingest_upload(uploads.dicom(ct_slice(**facts, **changes)), principal=principal)

    assert {study.patient for study in Study.objects.all()} == {patient}
    assert list(patients_visible_to(principal)) == [patient]
    access = Access.objects.get(patient_id=patient.id)
    assert (access.action, access.user) == ("admit", principal.user)


def test_a_new_patient_is_not_admitted(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())

    ingest_upload(uploads.dicom(ct_slice()), principal=principal)

    assert not Access.objects.filter(action="admit").exists()


def test_a_named_patient_takes_no_file_of_another_known_one(
    uploads: UploadFolder,
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    make_patient(number="P-1")
    unknown = {"PatientBirthDate": "", "PatientSex": ""}

    result = ingest_upload(
        uploads.dicom(ct_slice(**unknown)), principal=principal, patient=make_patient()
    )

    assert codes(result.rejected) == ["patient_mismatch"]
    assert (Study.objects.count(), Encounter.objects.count()) == (0, 0)


def test_a_named_patient_and_files_of_several_are_refused(
    uploads: UploadFolder,
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    other = ct_slice(2, PatientID="P-2", StudyInstanceUID="1.2.9")

    result = ingest_upload(
        uploads.dicom(ct_slice(), other), principal=principal, patient=make_patient()
    )

    assert codes(result.rejected) == ["several_patients", "several_patients"]
    assert Study.objects.count() == 0


def test_an_image_becomes_a_study_of_its_own_once(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())

    first = ingest_upload([uploads.bytes("a.png", png())], principal=principal)
    second = ingest_upload([uploads.bytes("b.png", png())], principal=principal)

    assert first.studies == second.studies
    instance = Instance.objects.get()
    assert (instance.rows, instance.columns, instance.frames) == (8, 8, 1)
    assert first.studies[0].modality == "OT"
    assert first.studies[0].patient.name == ""


def test_names_in_several_scripts_are_kept_as_text(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    script = "<script>alert(1)</script>^X=张^三=Zhang^San"

    ingest_upload(uploads.dicom(ct_slice(PatientName=script)), principal=principal)

    names = dict(Patient.objects.get().names.values_list("script", "text"))
    assert names == {
        "alphabetic": "<script>alert(1)</script> X",
        "ideographic": "张 三",
        "phonetic": "Zhang San",
    }


def test_what_cannot_be_read_is_listed_and_the_rest_goes_in(
    uploads: UploadFolder,
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    incoming = [
        uploads.bytes("notes.dcm", b"just text"),
        *uploads.dicom(ct_slice()),
        uploads.bytes("nothing", b""),
    ]

    result = ingest_upload(incoming, principal=principal)

    listed = {(one.file, one.code, one.message) for one in result.rejected}
    assert listed == {
        (
            "notes.dcm",
            "not_dicom",
            "The file is neither DICOM nor a PNG or JPEG image.",
        ),
        ("nothing", "empty", "The file is empty."),
    }
    assert Instance.objects.count() == 1


def test_attributes_over_an_uploads_limit_are_refused(
    uploads: UploadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    monkeypatch.setattr(ingest, "MAX_UPLOAD_METADATA_BYTES", 4000)

    result = ingest_upload(
        uploads.dicom(*(ct_slice(number) for number in range(1, 6))),
        principal=principal,
    )

    assert set(codes(result.rejected)) == {"too_large"}
    assert 0 < Instance.objects.count() < 5
    assert len(list(files.stored_digests())) == Instance.objects.count()


def test_nothing_acceptable_leaves_nothing(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())

    result = ingest_upload([uploads.bytes("x", b"text")], principal=principal)

    assert (result.studies, result.job) == ([], None)
    assert Patient.objects.count() == 0
    assert list(files.stored_digests()) == []


def test_an_executable_preamble_is_stored_as_zeros(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    (incoming,) = uploads.dicom(ct_slice())
    content = incoming.path.read_bytes()
    incoming.path.write_bytes(b"MZ" + b"\x90" * 126 + content[128:])

    ingest_upload([incoming], principal=principal)

    with files.open_stored(Instance.objects.get().digest) as stored:
        assert stored.read() == content


def test_a_zip_is_opened(uploads: UploadFolder) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    inner = [file.path.read_bytes() for file in uploads.dicom(ct_slice(), ct_slice(2))]
    archive = uploads.bytes("a.zip", zipped(**{"d/1": inner[0], "d/2": inner[1]}))

    result = ingest_upload([archive], principal=principal)

    assert result.rejected == []
    assert Instance.objects.count() == 2


def test_hostile_zip_members_are_refused_by_code(
    uploads: UploadFolder, tmp_path: Path
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    good = uploads.dicom(ct_slice())[0].path.read_bytes()
    members = {
        "../../evil.dcm": good,
        "/etc/passwd": good,
        "C:\\windows\\x.dcm": good,
        "inner.zip": zipped(a=good),
        "bomb.dcm": bytes(30 * 1024**2),
        "good.dcm": good,
    }
    archive = uploads.bytes("a.zip", zipped(**members))

    result = ingest_upload([archive], principal=principal)

    assert {one.file: one.code for one in result.rejected} == {
        "a.zip/../../evil.dcm": "zip_unsafe_name",
        "a.zip//etc/passwd": "zip_unsafe_name",
        "a.zip/C:/windows/x.dcm": "zip_unsafe_name",
        "a.zip/inner.zip": "zip_nested",
        "a.zip/bomb.dcm": "zip_bomb",
    }
    assert Instance.objects.count() == 1
    assert not (tmp_path / "evil.dcm").exists()


@pytest.mark.parametrize("forged", [1, 100_000])
def test_a_forged_size_in_a_zip_is_refused(uploads: UploadFolder, forged: int) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    good = uploads.dicom(ct_slice())[0].path.read_bytes()
    content = bytearray(zipped(**{"a.dcm": good}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = forged.to_bytes(4, "little")

    result = ingest_upload(
        [uploads.bytes("a.zip", bytes(content))], principal=principal
    )

    assert codes(result.rejected) == ["zip_damaged"]
    assert Instance.objects.count() == 0


@pytest.mark.parametrize("kept", [10, 100])
def test_a_damaged_zip_is_refused(uploads: UploadFolder, kept: int) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    content = zipped(a=bytes(1000))[:kept]

    result = ingest_upload([uploads.bytes("a.zip", content)], principal=principal)

    assert codes(result.rejected) == ["zip_damaged"]


def test_too_many_files_are_refused_as_a_whole(
    uploads: UploadFolder, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_FILES = 2
    principal = make_principal(Role.CLINICIAN, make_department())
    good = uploads.dicom(ct_slice())[0].path.read_bytes()

    for incoming in (
        uploads.dicom(ct_slice(1), ct_slice(2), ct_slice(3)),
        [uploads.bytes("a.zip", zipped(a=good, b=good, c=good))],
    ):
        with pytest.raises(TooMuch) as caught:
            ingest_upload(incoming, principal=principal)
        assert (caught.value.status, caught.value.code) == (413, "too_many_files")

    assert Study.objects.count() == 0


def test_too_many_bytes_are_refused_as_a_whole(
    uploads: UploadFolder, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = 5000
    principal = make_principal(Role.CLINICIAN, make_department())

    for incoming in (
        [uploads.bytes("a", bytes(5001))],
        [uploads.bytes("a.zip", zipped(a=bytes(5001)))],
    ):
        with pytest.raises(TooMuch) as caught:
            ingest_upload(incoming, principal=principal)
        assert (caught.value.status, caught.value.code) == (413, "upload_too_large")


def test_nothing_is_left_in_staging(
    uploads: UploadFolder, settings: LazySettings
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())

    ingest_upload([uploads.bytes("a.png", png())], principal=principal)

    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_two_uploads_of_one_study_at_once_do_not_collide(
    uploads: UploadFolder,
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    halves = [
        uploads.dicom(*(ct_slice(n) for n in range(1, 9))),
        uploads.dicom(*(ct_slice(n) for n in range(5, 13))),
    ]

    def upload(incoming: list[IncomingFile]) -> list[str]:
        try:
            return codes(ingest_upload(incoming, principal=principal).rejected)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        refused = list(threads.map(upload, halves))

    assert refused == [[], []]
    study = Study.objects.get()
    assert study.instance_count == Instance.objects.count() == 12
    assert Patient.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_studies_with_one_instance_uid_at_once_give_one_instance(
    uploads: UploadFolder,
) -> None:
    principal = make_principal(Role.CLINICIAN, make_department())
    uid = generate_uid()
    halves = [
        uploads.dicom(
            ct_slice(
                SOPInstanceUID=uid,
                StudyInstanceUID=f"1.2.{n}",
                SeriesInstanceUID=f"1.2.{n}.1",
            )
        )
        for n in (50, 51)
    ]

    def upload(incoming: list[IncomingFile]) -> list[str]:
        try:
            return codes(ingest_upload(incoming, principal=principal).rejected)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        refused = sorted(threads.map(upload, halves))

    assert refused == [[], ["uid_conflict"]]
    assert Instance.objects.count() == 1
    assert QuarantinedFile.objects.count() == 1
