"""Rows for tests: each function makes one, with what the test does not care about."""

from datetime import UTC, date, datetime
from itertools import count

from hospital.accounts.models import Department, Membership, Role, User
from hospital.accounts.principal import Principal, principal_for
from hospital.records.models import Encounter, EncounterKind, Patient
from hospital.records.services import Identity, ensure_patient, open_encounter

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
numbers = count(1)


def make_department(code: str = "") -> Department:
    code = code or f"department-{next(numbers)}"
    return Department.objects.create(code=code, name=code.title())


def make_person(role: Role, *departments: Department, username: str = "") -> User:
    user = User.objects.create_user(
        username=username or f"{role.value}-{next(numbers)}",
        password="correct horse battery staple",
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
