from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from consult.dialogue import Request, take_turn
from consult.models import Conversation, Guidance, State
from consult.safety.check import Person
from consult.selectors.conversations import departments_offered, desk_of
from consult.triage import DEPARTMENTS
from hospital.accounts.models import User
from hospital.accounts.principal import principal_for
from hospital.env import DataFolder

pytestmark = pytest.mark.django_db
WHERE = (
    ("My knee hurts", "orthopaedics"),
    ("宝宝拉肚子", "paediatrics"),
    ("皮肤痒起疹子", "dermatology"),
    ("牙疼", "dental"),
)


def test_the_demo_has_numbers_and_a_patient_at_the_clinicians_desk_once(
    settings: Settings, tmp_path: Path
) -> None:
    settings.VAR = DataFolder(tmp_path)

    for _time in range(2):
        call_command("load_demo", only=["accounts", "records", "consult"])

    assert Guidance.objects.count() == 1
    clinician = principal_for(User.objects.get(username="clinician"))
    waiting = desk_of(clinician).get()
    assert waiting == Conversation.objects.get()
    assert (waiting.state, waiting.owner.role) == (State.WAITING, "patient")
    assert (waiting.level, waiting.emergency_since) == ("urgent", None)
    known = {"radiology", *DEPARTMENTS}
    assert departments_offered() <= known
    for text, code in WHERE:
        outcome = take_turn(
            Request((text,), None, Person()), offered=departments_offered()
        )
        assert outcome.departments[0] == code
