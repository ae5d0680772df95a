"""Who sees which jobs and which critical results."""

import pytest

from diagnosis.models import CriticalResult
from diagnosis.selectors import critical_results_visible_to
from hospital.accounts.models import Department, Role
from hospital.accounts.principal import principal_for
from hospital.jobs.models import Job
from hospital.jobs.selectors import jobs_visible_to, may_stop
from tests.rows import (
    make_department,
    make_patient,
    make_person,
    make_principal,
    make_study,
)

pytestmark = pytest.mark.django_db
STAFF = [Role.NURSE, Role.CLINICIAN, Role.MANAGER]


def make_job(department: Department, key: str) -> Job:
    return Job.objects.create(kind="test", key=key, department=department)


@pytest.mark.parametrize("role", STAFF)
def test_staff_see_the_jobs_of_their_departments(role: Role) -> None:
    own, other = make_department(), make_department()
    make_job(own, "own")
    make_job(other, "other")

    visible = jobs_visible_to(make_principal(role, own))

    assert [job.key for job in visible] == ["own"]


@pytest.mark.parametrize("role", [Role.PATIENT, Role.INTEGRATOR])
def test_others_see_only_jobs_they_asked_for(role: Role) -> None:
    department = make_department()
    person = make_person(role, department)
    make_job(department, "theirs")
    Job.objects.create(kind="test", key="mine", owner=person)

    assert [job.key for job in jobs_visible_to(principal_for(person))] == ["mine"]


def test_a_nurse_stops_only_jobs_of_their_own() -> None:
    department = make_department()
    job = make_job(department, "shared")

    assert not may_stop(make_principal(Role.NURSE, department), job)
    assert may_stop(make_principal(Role.CLINICIAN, department), job)


@pytest.mark.parametrize(
    ("role", "is_shown"),
    [(Role.NURSE, False), (Role.CLINICIAN, False), (Role.MANAGER, True)],
)
def test_a_kind_that_names_its_roles_is_closed_to_others(
    *, role: Role, is_shown: bool
) -> None:
    department = make_department()
    principal = make_principal(role, department)
    job = Job.objects.create(kind="rosters.solve", key="1", department=department)

    assert jobs_visible_to(principal).filter(pk=job.pk).exists() == is_shown
    assert may_stop(principal, job) == is_shown


def test_who_asked_for_a_job_sees_and_stops_it_whatever_their_role() -> None:
    person = make_person(Role.INTEGRATOR, make_department())
    job = Job.objects.create(kind="rosters.solve", key="1", owner=person)

    assert list(jobs_visible_to(principal_for(person))) == [job]
    assert may_stop(principal_for(person), job)


def make_critical(department: Department) -> CriticalResult:
    study = make_study(department, patient=make_patient())
    reader = make_person(Role.CLINICIAN, department)
    return CriticalResult.objects.create(
        study=study, reason="Pneumothorax", raised_by=reader
    )


@pytest.mark.parametrize("role", STAFF)
def test_staff_see_the_critical_results_of_their_departments(role: Role) -> None:
    own, other = make_department(), make_department()
    seen = make_critical(own)
    make_critical(other)

    visible = critical_results_visible_to(make_principal(role, own))

    assert list(visible) == [seen]


def test_a_critical_result_of_another_patient_is_not_seen() -> None:
    critical = make_critical(make_department())
    patient = make_patient(user=make_person(Role.PATIENT))

    assert patient.user is not None
    assert critical_results_visible_to(principal_for(patient.user)).count() == 0
    assert critical.study.patient != patient
