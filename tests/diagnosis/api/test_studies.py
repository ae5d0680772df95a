"""Studies over REST: what is uploaded is listed, and only to those who may see it."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from diagnosis.models import Instance, Priority, Study
from hospital.accounts.models import Role, User
from tests.diagnosis.dicom.synthetic import ct_slice, saved
from tests.rows import (
    make_department,
    make_finding,
    make_patient,
    make_person,
    make_study,
)

pytestmark = pytest.mark.django_db
URL = "/api/v1/studies/"


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def dicom_file(tmp_path: Path, number: int = 1) -> SimpleUploadedFile:
    path = saved(ct_slice(number), tmp_path / f"{number}.dcm")
    return SimpleUploadedFile(f"{number}.dcm", path.read_bytes())


def test_an_upload_is_accepted_with_a_job(tmp_path: Path) -> None:
    client = client_of(make_person(Role.CLINICIAN, make_department()))
    stray = SimpleUploadedFile("notes.txt", b"hello there")

    response = client.post(
        URL,
        {"files": [dicom_file(tmp_path), stray], "priority": "stat"},
        format="multipart",
    )

    body = response.json()
    study = Study.objects.get()
    assert response.status_code == 202, body
    assert response["Location"] == f"/api/v1/jobs/{body['job']}/"
    assert body["studies"] == [str(study.id)]
    assert [(r["file"], r["code"]) for r in body["rejected"]] == [
        ("notes.txt", "not_dicom")
    ]
    assert study.priority == Priority.STAT


def test_nothing_acceptable_is_422_with_reasons(settings: LazySettings) -> None:
    client = client_of(make_person(Role.CLINICIAN, make_department()))
    stray = SimpleUploadedFile("notes.txt", b"hello there")

    response = client.post(URL, {"files": [stray]}, format="multipart")

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["rejected"][0]["code"] == "not_dicom"
    assert Study.objects.count() == 0
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_no_file_at_all_is_422() -> None:
    client = client_of(make_person(Role.CLINICIAN, make_department()))

    response = client.post(URL, {"priority": "stat"}, format="multipart")

    assert (response.status_code, response.json()["rejected"]) == (422, [])


def test_a_patient_cannot_upload(tmp_path: Path) -> None:
    client = client_of(make_person(Role.PATIENT))

    response = client.post(URL, {"files": [dicom_file(tmp_path)]}, format="multipart")

    assert response.status_code == 403
    assert Study.objects.count() == 0


def test_a_stranger_cannot_upload(tmp_path: Path) -> None:
    response = APIClient().post(
        URL, {"files": [dicom_file(tmp_path)]}, format="multipart"
    )

    assert response.status_code == 401
    assert Study.objects.count() == 0


def test_an_unknown_patient_is_refused_by_field(tmp_path: Path) -> None:
    client = client_of(make_person(Role.CLINICIAN, make_department()))
    foreign = make_patient()

    response = client.post(
        URL,
        {"files": [dicom_file(tmp_path)], "patient": str(foreign.id)},
        format="multipart",
    )

    assert response.status_code == 422
    assert "patient" in response.json()["errors"]
    assert Study.objects.count() == 0


def test_too_many_files_are_413(tmp_path: Path, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = settings.UPLOAD_MAX_FILES = 2
    client = client_of(make_person(Role.CLINICIAN, make_department()))

    response = client.post(
        URL,
        {"files": [dicom_file(tmp_path, n) for n in (1, 2, 3)]},
        format="multipart",
    )

    assert response.status_code == 413
    assert response.json()["code"] == "too_many_files"
    assert Study.objects.count() == 0


def test_too_many_bytes_are_413_before_they_are_read(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = -16 * 1024**2 + 100
    client = client_of(make_person(Role.CLINICIAN, make_department()))

    response = client.post(URL, {"files": [dicom_file(tmp_path)]}, format="multipart")

    assert response.status_code == 413
    assert response.json()["code"] == "upload_too_large"
    assert Study.objects.count() == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("status=read", 1),
        ("status=read&status=received", 2),
        ("priority=stat", 1),
        ("modality=ct", 2),
        ("modality=MR", 0),
        ("finding=positive", 1),
        ("finding=covid", 1),
        ("finding=none", 1),
        ("finding=negative", 0),
    ],
)
def test_the_list_is_filtered(query: str, found: int) -> None:
    department = make_department()
    plain, read = make_study(department), make_study(department)
    make_finding(read)
    Study.objects.filter(id=read.id).update(status="read")
    Study.objects.filter(id=plain.id).update(priority="stat")
    client = client_of(make_person(Role.NURSE, department))

    body = client.get(f"{URL}?{query}").json()

    assert body["count"] == found


def test_the_list_filters_by_patient_and_orders() -> None:
    department = make_department()
    first, second = make_study(department), make_study(department)
    client = client_of(make_person(Role.CLINICIAN, department))

    by_patient = client.get(URL, {"patient": str(first.patient_id)}).json()
    newest_first = client.get(URL, {"ordering": "-created"}).json()

    assert [row["id"] for row in by_patient["results"]] == [str(first.id)]
    assert [row["id"] for row in newest_first["results"]] == [
        str(second.id),
        str(first.id),
    ]


def test_another_departments_study_is_not_found() -> None:
    study = make_study(make_department())
    series = study.series.get()
    instance = Instance.objects.get()
    client = client_of(make_person(Role.CLINICIAN, make_department()))

    assert client.get(URL).json()["count"] == 0
    for url in (
        f"{URL}{study.id}/",
        f"/api/v1/series/{series.id}/",
        f"/api/v1/instances/{instance.id}/",
    ):
        assert client.get(url).status_code == 404


def test_a_study_opens_with_its_series() -> None:
    department = make_department()
    study = make_study(department)
    client = client_of(make_person(Role.CLINICIAN, department))

    body = client.get(f"{URL}{study.id}/").json()

    assert body["id"] == str(study.id)
    assert [row["id"] for row in body["series"]] == [str(study.series.get().id)]
    instances = client.get("/api/v1/instances/", {"series": body["series"][0]["id"]})
    assert instances.json()["count"] == 1


def test_an_upload_sent_twice_with_one_key_is_answered_twice(tmp_path: Path) -> None:
    client = client_of(make_person(Role.CLINICIAN, make_department()))

    answers = [
        client.post(
            URL,
            {"files": [dicom_file(tmp_path)]},
            format="multipart",
            HTTP_IDEMPOTENCY_KEY="once",
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert Instance.objects.count() == 1


def test_too_many_files_with_a_key_are_413(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = settings.UPLOAD_MAX_FILES = 2
    client = client_of(make_person(Role.CLINICIAN, make_department()))

    response = client.post(
        URL,
        {"files": [dicom_file(tmp_path, n) for n in (1, 2, 3)]},
        format="multipart",
        HTTP_IDEMPOTENCY_KEY="once",
    )

    assert response.status_code == 413


def test_a_patient_learns_nothing_that_nobody_signed() -> None:
    account = make_person(Role.PATIENT)
    patient = make_patient(user=account)
    first = make_study(make_department(), patient=patient)
    second = make_study(first.department, patient=patient)
    Study.objects.filter(id=first.id).update(rank=0.9)
    make_finding(first)
    client = client_of(account)

    rows = client.get(URL).json()["results"]

    newest_first = [str(second.id), str(first.id)]
    assert [row["id"] for row in rows] == newest_first
    for row in [*rows, client.get(f"{URL}{first.id}/").json()]:
        assert not {"rank", "rank_reason", "status_reason", "reader"} & row.keys()
        assert [v for k, v in row.items() if k.startswith("ai_")] == [None] * 4
    for query in ("finding=positive", "finding=COVID"):
        assert client.get(f"{URL}?{query}").json()["count"] == 0
    assert client.get(f"{URL}?finding=none").json()["count"] == 2
    for ordering in ("rank", "-rank", "ai_probability", "-ai_probability"):
        ordered = client.get(f"{URL}?ordering={ordering}").json()["results"]
        assert {row["id"] for row in ordered} == set(newest_first)
    assert client.get(f"{URL}?ordering=rank").json()["results"] == rows
