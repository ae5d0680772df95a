"""What is written of openings and changes, and that nobody can alter it."""

from collections.abc import Callable

import pytest
from django.db import InternalError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pghistory.models import Context

from hospital.accounts.authentication import principal_or_none
from hospital.accounts.models import Role, User
from hospital.accounts.principal import principal_for
from hospital.accounts.services.tokens import create_api_token
from hospital.audit.middleware import AuditContextMiddleware
from hospital.audit.models import Access
from hospital.audit.origin import address_of
from hospital.audit.services import record_access
from hospital.records.models import Patient
from tests.rows import make_department, make_encounter, make_patient, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen() -> tuple[User, Patient]:
    """A clinician and a patient of their department."""
    department = make_department()
    patient = make_patient()
    make_encounter(patient, department)
    return make_person(Role.CLINICIAN, department), patient


def test_opening_a_record_is_written(
    client: Client, seen: tuple[User, Patient]
) -> None:
    clinician, patient = seen
    client.force_login(clinician)

    response = client.get(f"/patients/{patient.pk}/", REMOTE_ADDR="192.0.2.9")

    row = Access.objects.get()
    assert (row.user, row.action, row.client_id) == (clinician, "read", "")
    assert (row.record_type, row.record_id) == ("records.patient", str(patient.pk))
    assert (row.patient_id, row.address) == (patient.pk, "192.0.2.9")
    assert row.request_id == response["X-Request-ID"]


def test_opening_by_a_token_names_the_client(
    client: Client, seen: tuple[User, Patient]
) -> None:
    clinician, patient = seen
    token, text = create_api_token(user=clinician, name="x", scopes=["patients:read"])

    client.get(
        f"/api/v1/patients/{patient.pk}/", headers={"authorization": f"Bearer {text}"}
    )

    row = Access.objects.get()
    assert (row.user, row.client_id) == (clinician, f"token:{token.pk}")


def test_a_refused_opening_writes_nothing(client: Client) -> None:
    client.force_login(make_person(Role.CLINICIAN, make_department()))

    response = client.get(f"/patients/{make_patient().pk}/")

    assert response.status_code == 404
    assert Access.objects.count() == 0


def test_a_worker_writes_for_a_principal(seen: tuple[User, Patient]) -> None:
    clinician, patient = seen

    row = record_access(principal_for(clinician), action="export", record=patient)

    assert (row.address, row.request_id) == (None, "")


def change(row: Access) -> None:
    Access.objects.filter(pk=row.pk).update(action="nothing")


def remove(row: Access) -> None:
    Access.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize("attempt", [change, remove])
def test_the_database_refuses_to_alter_an_access(
    attempt: Callable[[Access], None], seen: tuple[User, Patient]
) -> None:
    row = record_access(principal_for(seen[0]), action="read", record=seen[1])

    with pytest.raises(InternalError), transaction.atomic():
        attempt(row)

    assert Access.objects.get().action == "read"


@pytest.mark.parametrize("attempt", ["update", "delete"])
def test_the_database_refuses_to_alter_history(attempt: str) -> None:
    event = make_person(Role.NURSE).events.get()
    rows = type(event).objects.filter(pk=event.pk)

    with pytest.raises(InternalError), transaction.atomic():
        rows.update(role="administrator") if attempt == "update" else rows.delete()

    assert rows.get().role == "nurse"


def test_a_change_carries_who_and_where(client: Client) -> None:
    administrator = make_person(Role.ADMINISTRATOR)
    client.force_login(administrator)
    department = make_department("radiology")

    response = client.post(
        f"/admin/accounts/department/{department.pk}/change/",
        {"code": "radiology", "name": "Imaging", "name_zh": ""},
        REMOTE_ADDR="192.0.2.9",
    )

    event = department.events.get(name="Imaging")
    assert response.status_code == 302
    assert event.pgh_context.metadata == {
        "user": str(administrator.pk),
        "address": "192.0.2.9",
        "request_id": response["X-Request-ID"],
        "method": "POST",
        "url": "admin/accounts/department/<path:object_id>/change/",
    }


def test_a_change_by_a_token_names_its_account_and_client() -> None:
    nurse = make_person(Role.NURSE)
    token, text = create_api_token(user=nurse, name="x", scopes=[])

    def view(request: HttpRequest) -> HttpResponse:
        principal_or_none(request)
        make_department("radiology")
        return HttpResponse()

    request = RequestFactory().post("/", headers={"authorization": f"Bearer {text}"})
    AuditContextMiddleware(view)(request)

    metadata = Context.objects.get().metadata
    assert metadata["user"] == str(nurse.pk)
    assert metadata["client"] == f"token:{token.pk}"


def test_a_password_is_in_no_history() -> None:
    nurse = make_person(Role.NURSE)
    nurse.set_password("a new long sentence")
    nurse.save()

    labels = list(nurse.events.values_list("pgh_label", flat=True))
    fields = {field.name for field in type(nurse.events.first())._meta.fields}

    assert "password_changed" in labels
    assert "password" not in fields


@pytest.mark.parametrize("text", ["", "unix:", "not an address"])
def test_an_address_that_is_none_is_left_out(text: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=text)

    assert address_of(request) is None
