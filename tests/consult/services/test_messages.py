from typing import Any
from uuid import uuid4

import pytest

from consult.askers import Asker
from consult.dialogue.interview import State as Interview
from consult.dialogue.interview import next_step
from consult.models import (
    Author,
    Conversation,
    Guidance,
    Kind,
    Mood,
    Reason,
    State,
    TurnState,
)
from consult.safety.weighing import table_of
from consult.services.handover import take_conversation
from consult.services.messages import Busy, take_message, warm_up
from consult.services.opening import About, open_conversation
from hospital.accounts.models import Role
from hospital.core.errors import Conflict, InvalidInput
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db


def opened(**about: Any) -> Conversation:
    return open_conversation(asker=Asker(None, "0" * 64), about=About(**about))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The events that were told, in their order."""
    names: list[str] = []
    monkeypatch.setattr(
        "consult.services.telling.publish_all",
        lambda _topic, events: names.extend(event for event, _data in events),
    )
    return names


def test_safety_is_told_before_anything_else_of_a_message(
    told: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    conversation = opened()

    with django_capture_on_commit_callbacks(execute=True):
        taken = take_message(conversation=conversation, text="What is a cold?")

    assert told == ["safety", "message", "status"]
    assert taken.answer is not None
    assert taken.answer.state == TurnState.QUEUED
    assert taken.answer.job is not None
    assert (taken.answer.job.kind, taken.answer.job.queue) == (
        "consult.answer",
        "language",
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I have crushing chest pain and I am sweating", "en"),
        ("我胸口压着痛，出冷汗，喘不上气", "zh"),
        ("wo xiong kou teng, chuan bu guo qi", "zh"),
    ],
)
def test_an_emergency_shows_its_card_with_the_hospitals_number(
    text: str, language: str
) -> None:
    Guidance.objects.create(emergency_number="+44 999 01", crisis_number="116 123")
    turn = take_message(conversation=opened(), text=text).turn

    assert turn.level == "emergency"
    assert turn.conversation.language == language
    assert turn.conversation.emergency_since is not None
    assert turn.card is not None
    assert turn.card["kind"] == "medical"
    assert "+44 999 01" in turn.card["title"]
    assert "120" not in str(turn.card)
    assert turn.card["calls"][0]["number"] == "+44 999 01"


def test_departments_are_those_of_the_hospital() -> None:
    for code in ("general medicine", "emergency", "radiology"):
        make_department(code)

    row = take_message(conversation=opened(), text="My tooth hurts").turn.conversation

    assert row.department_codes == ["general medicine"]
    assert list(row.interview["departments"]) == ["general medicine"]


def test_nothing_said_later_lowers_the_level() -> None:
    conversation = opened()
    take_message(conversation=conversation, text="I have crushing chest pain")

    turn = take_message(conversation=conversation, text="It is just a cold").turn

    assert turn.level == "emergency"
    assert turn.card is None


def test_a_crisis_calls_a_person_and_is_answered_at_once() -> None:
    conversation = opened()

    taken = take_message(conversation=conversation, text="我不想活了")

    row = taken.turn.conversation
    assert (row.state, row.handover_reason) == (State.WAITING, Reason.CRISIS)
    assert taken.turn.card is not None
    assert taken.turn.card["kind"] == "self_harm"
    assert taken.answer is not None
    assert (taken.answer.kind, taken.answer.state) == (Kind.WAITING, TurnState.DONE)


def test_a_message_sent_twice_is_one_turn() -> None:
    conversation, name = opened(), uuid4()

    first = take_message(conversation=conversation, text="Hello", client_id=name)
    again = take_message(conversation=conversation, text="Hello", client_id=name)

    assert again.turn.pk == first.turn.pk
    assert conversation.turns.filter(author=Author.PATIENT).count() == 1


def test_a_message_while_the_bot_answers_is_joined_to_the_next_answer() -> None:
    conversation = opened()
    first = take_message(conversation=conversation, text="What is a cold?")

    second = take_message(conversation=conversation, text="And the flu?")

    assert second.is_queued
    assert second.answer == first.answer
    assert conversation.turns.filter(author=Author.BOT).count() == 1


def test_too_many_waiting_answers_refuse_a_message_but_never_a_danger(
    settings: Any,
) -> None:
    settings.CHAT_QUEUE_LIMIT = 0
    conversation = opened()

    with pytest.raises(Busy) as refused:
        take_message(conversation=conversation, text="What is a cold?")

    assert (refused.value.status, refused.value.retry_after_s) == (429, 20)
    assert conversation.turns.count() == 0
    danger = take_message(conversation=conversation, text="She drank bleach")
    assert danger.turn.card is not None


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a human",
        "my favourite band Choking Victim plays, can I move my vaccination?",
    ],
    ids=["person", "doubt"],
)
def test_too_many_waiting_answers_refuse_no_wish_for_a_person_and_no_doubt(
    text: str, settings: Any
) -> None:
    settings.CHAT_QUEUE_LIMIT = 0

    assert take_message(conversation=opened(), text=text).answer is not None


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07", "\u202e\u2066"])
def test_a_message_without_anything_to_read_is_refused(text: str) -> None:
    conversation = opened()

    with pytest.raises(InvalidInput, match="Write a message first"):
        take_message(conversation=conversation, text=text)

    assert conversation.turns.count() == 0


def test_more_than_50_kb_is_refused_and_50_kb_taken() -> None:
    conversation = opened()

    with pytest.raises(InvalidInput) as refused:
        take_message(conversation=conversation, text="a" * 51_201)
    taken = take_message(conversation=conversation, text="cold " * 10_000)

    assert refused.value.status == 413
    assert taken.turn.number == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("😷" * 10_000, "😷" * 10_000),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("cold\x00\x1b[31m\u202eflu\r\nfever", "cold[31mflu\nfever"),
        ("👨‍👩‍👧 has a cold", "👨‍👩‍👧 has a cold"),
    ],
    ids=["emoji", "html", "control", "joined emoji"],
)
def test_what_is_said_is_kept_as_text(sent: str, kept: str) -> None:
    assert take_message(conversation=opened(), text=sent).turn.text == kept


def test_the_bot_is_silent_while_a_human_owns_the_talk() -> None:
    conversation = opened()
    take_message(conversation=conversation, text="I want to talk to a human")
    take_conversation(conversation=conversation, staff=make_person(Role.NURSE))

    taken = take_message(conversation=conversation, text="What is a cold?")

    assert taken.answer is None
    assert taken.turn.conversation.state == State.HUMAN
    assert conversation.turns.filter(state=TurnState.QUEUED).count() == 0


def test_a_closed_conversation_takes_no_message() -> None:
    conversation = opened()
    Conversation.objects.update(state=State.CLOSED, closed=conversation.created)

    with pytest.raises(Conflict, match="closed"):
        take_message(conversation=conversation, text="Hello")


def test_a_closed_conversation_says_whom_to_call_in_a_danger() -> None:
    Guidance.objects.create(emergency_number="+44 999 01", crisis_number="116 123")
    conversation = opened()
    Conversation.objects.update(state=State.CLOSED, closed=conversation.created)

    with pytest.raises(Conflict, match=r"Call now: .*116 123") as refused:
        take_message(conversation=conversation, text="I want to kill myself")

    assert refused.value.code == "conversation_closed"
    assert conversation.turns.count() == 0


def test_a_second_emergency_without_an_answer_to_the_first_calls_a_person() -> None:
    emergency = make_department("emergency")
    make_person(Role.CLINICIAN, emergency)
    conversation = opened()
    take_message(conversation=conversation, text="I have crushing chest pain")

    turn = take_message(conversation=conversation, text="I cannot breathe at all").turn

    row = turn.conversation
    assert (row.state, row.handover_reason) == (State.WAITING, Reason.EMERGENCY)
    assert row.department == emergency


@pytest.mark.parametrize(
    "text", ["I can't stop crying, help me", "我受不了了，我一直哭"]
)
def test_strong_distress_calls_a_person_and_the_bot_goes_on(text: str) -> None:
    taken = take_message(conversation=opened(), text=text)

    row = taken.turn.conversation
    assert (row.mood, row.state) == (Mood.DISTRESSED, State.WAITING)
    assert row.handover_reason == Reason.DISTRESS
    assert taken.answer is not None
    assert taken.answer.state == TurnState.QUEUED


def test_whoever_warmed_up_reads_no_table_for_a_first_message() -> None:
    table_of.cache_clear()
    warm_up()
    read = table_of.cache_info().misses

    next_step(Interview(), "I have a mild cough and my ear aches.")

    assert table_of.cache_info().misses == read > 0


def test_a_message_costs_the_database_little(
    django_assert_max_num_queries: Any,
) -> None:
    conversation = opened()

    with django_assert_max_num_queries(12):  # two of them are the savepoint's
        taken = take_message(conversation=conversation, text="What is a cold?")

    assert taken.answer is not None
    assert taken.answer.job is not None
    assert taken.answer.job.payload == {"answer": str(taken.answer.pk)}
