"""Rows for tests: each function makes one, with what the test does not care about."""

from datetime import UTC, date, datetime
from itertools import count

from django.utils import timezone

from diagnosis.models import Finding, Instance, Report, Series, Study, StudyStatus
from hospital.accounts.models import Department, Membership, Role, User
from hospital.accounts.principal import Principal, principal_for
from hospital.records.models import Encounter, EncounterKind, Patient
from hospital.records.services import Identity, ensure_patient, open_encounter

PASSWORD = "correct horse battery staple"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
numbers = count(1)


def make_department(code: str = "") -> Department:
    code = code or f"department-{next(numbers)}"
    return Department.objects.create(code=code, name=code.title())


def make_person(role: Role, *departments: Department, username: str = "") -> User:
    user = User.objects.create_user(
        username=username or f"{role.value}-{next(numbers)}",
        password=PASSWORD,
        role=role,
        is_staff=role == Role.ADMINISTRATOR,
        is_superuser=role == Role.ADMINISTRATOR,
    )
    Membership.objects.bulk_create(
        Membership(user=user, department=department) for department in departments
    )
    return user


def make_principal(role: Role, *departments: Department) -> Principal:
    return principal_for(make_person(role, *departments))


def make_patient(
    name: str = "Ning^Li", *, number: str = "", user: User | None = None
) -> Patient:
    identity = Identity(
        number=number or f"P{next(numbers):05d}",
        names={"alphabetic": name},
        birth_date=date(1961, 2, 3),
        sex="female",
    )
    patient = ensure_patient(identity)
    if user:
        patient.user = user
        patient.save(update_fields=["user", "updated"])
    return patient


def make_encounter(patient: Patient, department: Department) -> Encounter:
    return open_encounter(
        patient=patient,
        department=department,
        kind=EncounterKind.IMAGING,
        started=NOON,
    )


def make_study(
    department: Department,
    *,
    patient: Patient | None = None,
    status: StudyStatus = StudyStatus.RECEIVED,
) -> Study:
    """Return a CT study of one series with one instance, whose file is not stored."""
    patient = patient or make_patient()
    number = next(numbers)
    study = Study.objects.create(
        department=department,
        patient=patient,
        encounter=make_encounter(patient, department),
        study_instance_uid=f"2.25.{number}",
        modality="CT",
        description="CT chest",
        status=status,
        series_count=1,
        instance_count=1,
    )
    series = Series.objects.create(
        study=study,
        series_instance_uid=f"2.25.{number}.1",
        modality="CT",
        instance_count=1,
    )
    Instance.objects.create(
        series=series,
        sop_instance_uid=f"2.25.{number}.1.1",
        sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
        transfer_syntax_uid="1.2.840.10008.1.2.1",
        rows=512,
        columns=512,
        frames=1,
        digest=f"{number:064x}",
        size_bytes=1,
    )
    return study


def make_finding(
    study: Study, *, probability: float = 0.82, model_digest: str = "0" * 64
) -> Finding:
    series = study.series.get()
    return Finding.objects.create(
        study=study,
        series=series,
        key_instance=series.instances.get(),
        model_name="ct-covid",
        model_version="1",
        model_digest=model_digest,
        content_digest="0" * 64,
        label="COVID",
        is_positive=True,
        probability=probability,
        probabilities={"COVID": probability, "NonCOVID": 1 - probability},
        calibrated=True,
    )


def make_report(study: Study, author: User, *, is_signed: bool = False) -> Report:
    return Report.objects.create(
        study=study,
        technique="CT of the chest.",
        findings="Ground-glass opacity.",
        impression="Suspicious for viral pneumonia.",
        edited_by=author,
        signed_by=author if is_signed else None,
        signed=timezone.now() if is_signed else None,
    )
