import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from pytest_django import Settings

from hospital.accounts.demo import WORKING
from hospital.accounts.models import Department, Membership, User
from hospital.env import DataFolder
from hospital.records.models import Patient

ROLES = {"administrator", "clinician", "nurse", "manager", "patient"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_file(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR = DataFolder(tmp_path)
    settings.PORT = 8123
    return tmp_path / "demo.json"


def load(demo_file: Path) -> dict[str, Any]:
    call_command("load_demo", only=["accounts", "records"])
    return json.loads(demo_file.read_text())


def test_demo_file_is_as_promised_and_private(demo_file: Path) -> None:
    demo = load(demo_file)

    assert set(demo) == {"url", "users", "api_token"}
    assert demo["url"] == "http://localhost:8123"
    assert set(demo["users"]) == ROLES
    for user in demo["users"].values():
        assert set(user) == {"username", "password", "api_token"}
        assert all(user.values())
    assert stat.S_IMODE(demo_file.stat().st_mode) == 0o600


def test_second_load_changes_nothing(demo_file: Path) -> None:
    load(demo_file)
    before = demo_file.read_bytes()
    counts = [model.objects.count() for model in (User, Membership, Patient)]

    load(demo_file)

    assert demo_file.read_bytes() == before
    assert [model.objects.count() for model in (User, Membership, Patient)] == counts


def test_everybody_can_sign_in_in_their_role(demo_file: Path) -> None:
    demo = load(demo_file)

    for role, told in demo["users"].items():
        user = authenticate(username=told["username"], password=told["password"])
        assert user is not None
        assert user.role == role


def test_lost_demo_file_gets_new_passwords(demo_file: Path) -> None:
    first = load(demo_file)
    demo_file.unlink()

    second = load(demo_file)

    told = second["users"]["nurse"]
    assert told["password"] != first["users"]["nurse"]["password"]
    assert authenticate(username="nurse", password=told["password"]) is not None


def test_patient_account_is_tied_to_its_own_record(demo_file: Path) -> None:
    load(demo_file)

    patient = Patient.objects.get(user__username="patient")

    assert patient.hospital_number == "D-1001"


def test_integrator_belongs_to_each_working_department_and_staff_to_some(
    demo_file: Path,
) -> None:
    load(demo_file)
    every = Department.objects.filter(code__in=WORKING).count()

    integrator = User.objects.get(username="integrator")
    clinician = User.objects.get(username="clinician")

    assert integrator.memberships.count() == every
    assert 0 < clinician.memberships.count() < every
