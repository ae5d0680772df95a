"""Who sees which studies, and what lies inside them."""

import pytest
from django.db.models import QuerySet

from diagnosis.models import Study, StudyStatus
from diagnosis.selectors import (
    findings_visible_to,
    instances_visible_to,
    reports_visible_to,
    series_visible_to,
    studies_visible_to,
    with_ai_answer,
)
from hospital.accounts.models import Department, Role, User
from hospital.accounts.principal import principal_for
from tests.rows import (
    make_department,
    make_finding,
    make_patient,
    make_person,
    make_principal,
    make_report,
    make_study,
)

pytestmark = pytest.mark.django_db

DEPARTMENT_ROLES = [Role.NURSE, Role.CLINICIAN, Role.MANAGER, Role.INTEGRATOR]
ALWAYS_OWN = [studies_visible_to, series_visible_to, instances_visible_to]
ONCE_SIGNED = [findings_visible_to, reports_visible_to]
SELECTORS = ALWAYS_OWN + ONCE_SIGNED


@pytest.fixture
def ward() -> Department:
    return make_department("respiratory-medicine")


@pytest.fixture
def account() -> User:
    return make_person(Role.PATIENT)


@pytest.fixture
def study(ward: Department, account: User) -> Study:
    study = make_study(ward, patient=make_patient(user=account))
    make_finding(study)
    make_report(study, make_person(Role.CLINICIAN, ward))
    return study


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("role", DEPARTMENT_ROLES)
def test_own_department_sees_the_row(selector, role, ward, study) -> None:
    rows: QuerySet = selector(make_principal(role, ward))

    assert rows.count() == 1


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("role", DEPARTMENT_ROLES)
def test_other_department_sees_nothing(selector, role, study) -> None:
    principal = make_principal(role, make_department("dermatology"))

    assert selector(principal).count() == 0


@pytest.mark.parametrize("selector", ALWAYS_OWN)
def test_patient_sees_own_study(selector, account, study) -> None:
    assert selector(principal_for(account)).count() == 1


@pytest.mark.parametrize("selector", SELECTORS)
def test_other_patient_sees_nothing(selector, study) -> None:
    assert selector(make_principal(Role.PATIENT)).count() == 0


@pytest.mark.parametrize("selector", ONCE_SIGNED)
def test_patient_sees_what_was_found_only_once_signed(
    selector, account, study, ward
) -> None:
    before = selector(principal_for(account)).count()
    study.report.delete()
    make_report(study, make_person(Role.CLINICIAN, ward), is_signed=True)
    Study.objects.filter(pk=study.pk).update(status=StudyStatus.SIGNED)

    after = selector(principal_for(account)).count()

    assert (before, after) == (0, 1)


@pytest.mark.parametrize("selector", SELECTORS)
def test_administrator_sees_every_row(selector, study) -> None:
    assert selector(make_principal(Role.ADMINISTRATOR)).count() == 1


def sign(study: Study, ward: Department) -> None:
    study.report.delete()
    make_report(study, make_person(Role.CLINICIAN, ward), is_signed=True)
    Study.objects.filter(pk=study.pk).update(status=StudyStatus.SIGNED)


def test_patient_sees_no_finding_that_came_after_the_signature(
    account, study, ward
) -> None:
    signed_with = study.findings.get()
    sign(study, ward)
    make_finding(study, model_digest="e" * 64, probability=0.99)

    visible = findings_visible_to(principal_for(account))

    assert list(visible) == [signed_with]


def test_patient_gets_no_ai_answer_before_the_signature(account, study, ward) -> None:
    principal = principal_for(account)
    before = with_ai_answer(studies_visible_to(principal), principal).get()
    sign(study, ward)
    make_finding(study, model_digest="e" * 64, probability=0.99)

    after = with_ai_answer(studies_visible_to(principal), principal).get()

    assert (before.ai_label, before.ai_probability) == (None, None)
    assert list(before.findings.all()) == []
    assert (after.ai_label, after.ai_probability) == ("COVID", 0.82)
