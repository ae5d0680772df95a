"""Adapters go into service when they beat the rules, or when somebody says why."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from consult.learning.ruled import counted, ruled_label
from consult.models import AdapterActivation
from consult.pipelines.learned import learned_in_service
from consult.services.adapters import (
    activate_adapter,
    active_adapter,
    adapter_folder,
    withdraw_adapter,
)
from hospital.accounts.models import Role
from hospital.core.errors import Conflict, InvalidInput
from tests.consult.sealing import seal_adapter
from tests.rows import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings: LazySettings, tmp_path: Path) -> Path:
    settings.ADAPTER_STORE = tmp_path
    return tmp_path


def test_one_that_beats_the_rules_serves_until_it_is_withdrawn(store: Path) -> None:
    person = make_person(Role.ADMINISTRATOR)
    seal_adapter(store, "1", is_better=True)

    active = activate_adapter(name="tiny", version="1", activated_by=person)

    assert (active.task, active.is_override) == ("intent", False)
    assert adapter_folder("intent") == store / "tiny" / "1"
    with pytest.raises(Conflict):
        activate_adapter(name="tiny", version="1", activated_by=person)
    withdraw_adapter(task="intent", activated_by=person, reason="trial is over")
    assert active_adapter("intent") is None
    assert AdapterActivation.objects.count() == 2


def test_one_that_does_not_needs_a_reason(store: Path) -> None:
    person = make_person(Role.ADMINISTRATOR)
    seal_adapter(store, "1", is_better=False)

    with pytest.raises(InvalidInput, match="not shown to be better"):
        activate_adapter(name="tiny", version="1", activated_by=person, reason=" ")
    assert active_adapter("intent") is None
    told = activate_adapter(
        name="tiny", version="1", activated_by=person, reason="a trial of a week"
    )

    assert told.is_override


def test_files_that_changed_afterwards_serve_no_more(store: Path) -> None:
    seal_adapter(store, "1", is_better=True)
    activate_adapter(name="tiny", version="1", activated_by=None)
    card = store / "tiny" / "1" / "card.md"
    card.write_text("# Other\n")

    assert learned_in_service() is None
    with pytest.raises(InvalidInput, match=r"card\.md"):
        adapter_folder("intent")


def test_the_administration_shows_a_refusal_and_keeps_who_did_it(
    store: Path, client: Client
) -> None:
    person = make_person(Role.ADMINISTRATOR)
    client.force_login(person)
    seal_adapter(store, "1", is_better=False)
    door = "/admin/consult/adapteractivation/add/"

    refused = client.post(door, {"entry": "tiny/1", "reason": ""}, follow=True)
    taken = client.post(door, {"entry": "tiny/1", "reason": "a trial"})

    assert "not shown to be better" in refused.content.decode()
    assert taken.status_code == 302
    assert AdapterActivation.objects.get().activated_by == person


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("帮个忙可以吗", "visit"),
        ("我肚子疼", "symptom"),
        ("胸口压着痛,出冷汗,左胳膊麻", "symptom"),
        ("转人工", "human"),
    ],
)
def test_what_is_learned_speaks_only_where_the_rules_are_silent(
    text: str, label: str
) -> None:
    assert counted(text, "visit", "intent") == label


def test_what_is_learned_calls_nobody_and_refuses_nothing() -> None:
    ruled = ruled_label("帮个忙可以吗", "intent")

    assert counted("帮个忙可以吗", "human", "intent") == ruled
    assert counted("帮个忙可以吗", "harmful", "intent") == ruled


def test_a_learned_mood_only_raises() -> None:
    text = "我真的撑不住了,快崩溃了"

    assert counted(text, "calm", "sentiment") == ruled_label(text, "sentiment")
    assert ruled_label(text, "sentiment") != "calm"
    assert counted("我想挂个号", "angry", "sentiment") == "angry"
