"""What every answer carries, and which addresses and forms are refused."""

import pytest
from django.test import Client

from hospital.accounts.models import Role, User
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_person(Role.CLINICIAN, make_department()))
    return client


@pytest.mark.parametrize(
    "path",
    ["/patients/", "/worklist/?status=open", "/api/v1/patients/", "/dicomweb/studies"],
)
def test_browsers_keep_no_page_of_patients(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer["Cache-Control"] in {"private, no-store", "private, no-cache"}


@pytest.mark.parametrize(
    "path",
    [
        "/patients/?search=%00",
        "/dicomweb/studies?PatientName=%00",
        "/dicomweb/studies/1%00/metadata",
    ],
)
def test_address_with_nul_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


def test_form_with_nul_is_refused(client: Client) -> None:
    saved = {"name": "Mine", "query": "status=open\0"}

    answer = client.post("/accounts/views/worklist/", saved)

    assert answer.status_code == 400
    assert User.objects.get().preferences == {}
