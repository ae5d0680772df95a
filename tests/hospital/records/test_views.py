"""The patient list, a patient's page, and a patient's own page."""

import pytest
from django.test import Client
from django.urls import reverse

from consult.models import Guidance
from hospital.accounts.models import Role
from hospital.audit.models import Access
from hospital.records.models import DiagnosticReport
from tests.rows import (
    NOON,
    make_department,
    make_encounter,
    make_patient,
    make_person,
    make_study,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> object:
    return make_department("respiratory-medicine")


@pytest.fixture
def clinician(ward) -> object:
    return make_person(Role.CLINICIAN, ward)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sign(patient, department, clinician) -> DiagnosticReport:
    return DiagnosticReport.objects.create(
        patient=patient,
        encounter=make_encounter(patient, department),
        department=department,
        code="24627-2",
        title="CT chest",
        impression="No acute finding.",
        issued=NOON,
        signed_by=clinician,
    )


def test_list_shows_own_departments_patients_only(ward, clinician) -> None:
    make_encounter(make_patient("Ning Li"), ward)
    make_encounter(make_patient("Ama Osei"), make_department("dermatology"))

    page = signed_in(clinician).get(reverse("records:patients"))

    assert page.status_code == 200
    assert "Ning Li" in page.text
    assert "Ama Osei" not in page.text


def test_search_asked_by_htmx_answers_with_the_rows_alone(ward, clinician) -> None:
    make_encounter(make_patient("Ning Li"), ward)
    make_encounter(make_patient("Ama Osei"), ward)

    rows = signed_in(clinician).get(
        reverse("records:patients"), {"search": "osei"}, headers={"HX-Request": "true"}
    )

    assert "Ama Osei" in rows.text
    assert "Ning Li" not in rows.text
    assert "<html" not in rows.text
    assert rows.text.count("<nav") == 2  # pages, and views that know the search
    assert 'hx-swap-oob="true"' in rows.text
    assert 'name="query" value="search=osei"' in rows.text


def test_names_are_shown_as_text_never_as_markup(ward, clinician) -> None:
    make_encounter(make_patient("<script>alert(1)</script>"), ward)

    page = signed_in(clinician).get(reverse("records:patients"))

    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert(1)" not in page.text


def test_opening_a_patient_is_audited(ward, clinician) -> None:
    patient = make_patient()
    make_encounter(patient, ward)

    page = signed_in(clinician).get(reverse("records:patient", args=[patient.id]))

    assert page.status_code == 200
    row = Access.objects.get()
    assert (row.user, row.patient_id, row.action) == (clinician, patient.id, "read")


def test_other_departments_patient_does_not_exist(clinician) -> None:
    patient = make_patient()
    make_encounter(patient, make_department("dermatology"))

    page = signed_in(clinician).get(reverse("records:patient", args=[patient.id]))

    assert page.status_code == 404
    assert Access.objects.count() == 0


def test_patients_page_asks_for_the_studies(ward, clinician) -> None:
    study = make_study(ward)
    client = signed_in(clinician)

    page = client.get(reverse("records:patient", args=[study.patient_id]))
    panel = client.get(
        reverse("diagnosis:patient_studies"), {"patient": study.patient_id}
    )

    assert reverse("diagnosis:patient_studies") in page.text
    assert reverse("diagnosis:study", args=[study.id]) in panel.text


def test_studies_panel_shows_nothing_of_other_departments(clinician) -> None:
    study = make_study(make_department("dermatology"))

    panel = signed_in(clinician).get(
        reverse("diagnosis:patient_studies"), {"patient": study.patient_id}
    )

    assert str(study.id) not in panel.text


def test_studies_panel_without_a_patient_is_not_found(clinician) -> None:
    panel = signed_in(clinician).get(reverse("diagnosis:patient_studies"))

    assert panel.status_code == 404


def test_patient_reads_own_signed_report_only(ward, clinician) -> None:
    account = make_person(Role.PATIENT)
    own = sign(make_patient(user=account), ward, clinician)
    foreign = sign(make_patient(), ward, clinician)
    client = signed_in(account)

    listed = client.get(reverse("records:my"))
    read = client.get(reverse("records:my_report", args=[own.id]))
    refused = client.get(reverse("records:my_report", args=[foreign.id]))

    assert reverse("records:my_report", args=[own.id]) in listed.text
    assert str(foreign.id) not in listed.text
    assert "No acute finding." in read.text
    assert refused.status_code == 404


def test_account_without_a_record_is_told_what_to_do() -> None:
    page = signed_in(make_person(Role.PATIENT)).get(reverse("records:my"))

    assert "not tied to a record yet" in page.text


def test_own_page_gives_the_hospitals_emergency_number() -> None:
    Guidance.objects.create(emergency_number="999")

    page = signed_in(make_person(Role.PATIENT)).get(reverse("records:my"))

    assert "call 999 or go to the emergency department" in page.text
    assert 'href="tel:999"' in page.text
