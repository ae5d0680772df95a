"""Who sees which rows of the record."""

import pytest
from django.db.models import QuerySet

from hospital.accounts.models import Role
from hospital.accounts.principal import principal_for
from hospital.records.models import DiagnosticReport, Observation, Patient
from hospital.records.selectors import (
    diagnostic_reports_visible_to,
    encounters_visible_to,
    observations_visible_to,
    patients_matching,
    patients_visible_to,
)
from tests.rows import (
    NOON,
    make_department,
    make_encounter,
    make_patient,
    make_person,
    make_principal,
)

pytestmark = pytest.mark.django_db

STAFF_AND_CLIENTS = [Role.NURSE, Role.CLINICIAN, Role.MANAGER, Role.INTEGRATOR]
SELECTORS = [
    patients_visible_to,
    encounters_visible_to,
    observations_visible_to,
    diagnostic_reports_visible_to,
]


@pytest.fixture
def ward() -> object:
    return make_department("respiratory-medicine")


@pytest.fixture
def account() -> object:
    return make_person(Role.PATIENT)


@pytest.fixture
def patient(ward, account) -> Patient:
    patient = make_patient(user=account)
    encounter = make_encounter(patient, ward)
    Observation.objects.create(
        patient=patient,
        encounter=encounter,
        code="8867-4",
        display="Heart rate",
        value=72,
        unit="/min",
        observed=NOON,
    )
    DiagnosticReport.objects.create(
        patient=patient,
        encounter=encounter,
        department=ward,
        code="24627-2",
        title="CT chest",
        impression="No acute finding.",
        issued=NOON,
        signed_by=make_person(Role.CLINICIAN, ward),
    )
    return patient


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("role", STAFF_AND_CLIENTS)
def test_own_department_sees_the_row(selector, role, ward, patient) -> None:
    principal = make_principal(role, ward)

    rows: QuerySet = selector(principal)

    assert rows.count() == 1


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("role", STAFF_AND_CLIENTS)
def test_other_department_sees_nothing(selector, role, patient) -> None:
    principal = make_principal(role, make_department("dermatology"))

    assert selector(principal).count() == 0


@pytest.mark.parametrize("selector", SELECTORS)
def test_nobodys_department_sees_nothing(selector, patient) -> None:
    assert selector(make_principal(Role.CLINICIAN)).count() == 0


@pytest.mark.parametrize("selector", SELECTORS)
def test_patient_sees_own_rows_only(selector, account, patient) -> None:
    own = selector(principal_for(account))
    other = selector(make_principal(Role.PATIENT))

    assert own.count() == 1
    assert other.count() == 0


@pytest.mark.parametrize("selector", SELECTORS)
def test_administrator_sees_every_row(selector, patient) -> None:
    assert selector(make_principal(Role.ADMINISTRATOR)).count() == 1


@pytest.mark.parametrize("text", ["ning", "NING^", "P7"])
def test_patients_are_found_by_part_of_name_or_start_of_number(text) -> None:
    patient = make_patient("Ning^Li", number="P7001")
    make_patient("Osei^Ama", number="Q7001")

    found = patients_matching(Patient.objects.all(), text)

    assert list(found) == [patient]
