"""Who was shown a list leaves one row, however long the list is."""

import pytest
from django.test import Client

from hospital.accounts.models import Role
from hospital.audit.models import Access
from tests.rows import make_department, make_person, make_study

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "record_type"),
    [
        ("/patients/", "records.patient"),
        ("/api/v1/patients/", "records.patient"),
        ("/worklist/?status=open", "diagnosis.study"),
        ("/api/v1/studies/", "diagnosis.study"),
        ("/dicomweb/studies", "diagnosis.study"),
        ("/dicomweb/series", "diagnosis.series"),
        ("/dicomweb/instances", "diagnosis.instance"),
    ],
)
def test_list_is_audited_once(path: str, record_type: str) -> None:
    ward = make_department()
    make_study(ward)
    make_study(ward)
    clinician = make_person(Role.CLINICIAN, ward)
    client = Client()
    client.force_login(clinician)

    answer = client.get(path)

    assert answer.status_code == 200
    row = Access.objects.get()
    assert (row.user, row.action, row.record_type, row.rows) == (
        clinician,
        "list",
        record_type,
        2,
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/studies/{study}/findings/",
        "/api/v1/studies/{study}/critical-results/",
        "/api/v1/studies/{study}/report/draft/",
        "/studies/{study}/findings/",
        "/studies/{study}/critical-results/",
        "/series/{series}/images/",
    ],
)
def test_a_part_of_a_study_is_a_reading_of_it_and_asked_for_again_the_same_one(
    path: str,
) -> None:
    ward = make_department()
    study = make_study(ward)
    client = Client()
    client.force_login(make_person(Role.CLINICIAN, ward))
    address = path.format(study=study.id, series=study.series.get().id)

    answers = [client.get(address) for _again in range(2)]

    assert {answer.status_code for answer in answers} <= {200, 302}
    row = Access.objects.get()
    assert (row.action, row.record_id) == ("read", str(study.id))
    assert row.patient_id == study.patient_id


def test_refused_list_leaves_no_row() -> None:
    client = Client()
    client.force_login(make_person(Role.PATIENT))

    assert client.get("/patients/").status_code == 403
    assert Access.objects.count() == 0


def test_opening_in_the_administration_is_audited() -> None:
    study = make_study(make_department())
    series = study.series.get()
    client = Client()
    client.force_login(make_person(Role.ADMINISTRATOR))

    pages = [
        client.get(f"/admin/records/patient/{study.patient_id}/change/"),
        client.get(f"/admin/diagnosis/study/{study.id}/change/"),
        client.get(f"/admin/diagnosis/series/{series.id}/change/"),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    rows = Access.objects.order_by("created")
    assert [row.record_id for row in rows] == [
        str(study.patient_id),
        str(study.id),
        str(series.id),
    ]
    assert {row.patient_id for row in rows} == {study.patient_id}
