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


def test_refused_list_leaves_no_row() -> None:
    client = Client()
    client.force_login(make_person(Role.PATIENT))

    assert client.get("/patients/").status_code == 403
    assert Access.objects.count() == 0
