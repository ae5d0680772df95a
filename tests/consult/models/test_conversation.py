import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from consult.models import Author, Conversation, State, Turn, TurnState
from hospital.accounts.models import Role
from tests.rows import make_person

pytestmark = pytest.mark.django_db


def make_conversation(**fields: object) -> Conversation:
    return Conversation.objects.create(**{"key_digest": "0" * 64, **fields})


def move(conversation: Conversation, state: State, **fields: object) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(state=state, **fields)


def test_a_conversation_goes_from_the_bot_over_waiting_to_a_human_and_back() -> None:
    conversation = make_conversation()
    nurse = make_person(Role.NURSE)

    move(conversation, State.WAITING, waiting_since=timezone.now())
    move(conversation, State.HUMAN, waiting_since=None, taken_by=nurse)
    move(conversation, State.BOT, taken_by=None)

    conversation.refresh_from_db()
    assert conversation.state == State.BOT


def test_the_database_refuses_a_move_that_there_is_not() -> None:
    conversation = make_conversation()
    nurse = make_person(Role.NURSE)

    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        move(conversation, State.HUMAN, taken_by=nurse)

    move(conversation, State.CLOSED, closed=timezone.now())
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        move(conversation, State.BOT, closed=None)


def test_the_level_of_a_conversation_never_falls() -> None:
    conversation = make_conversation(urgency=2)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(urgency=1)

    Conversation.objects.filter(pk=conversation.pk).update(urgency=3)


def test_a_life_in_danger_stays_acuity_one() -> None:
    conversation = make_conversation(urgency=3, is_immediate=True)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(is_immediate=False)

    assert (conversation.level, conversation.acuity) == ("emergency", 1)
    assert [make_conversation(urgency=n).acuity for n in range(4)] == [5, 4, 3, 2]


@pytest.mark.parametrize(
    "fields",
    [
        {"key_digest": ""},
        {"state": State.WAITING},
        {"state": State.HUMAN},
        {"state": State.CLOSED},
        {"rating": 2},
        {"urgency": 4},
        {"urgency": 2, "is_immediate": True},
    ],
    ids=[
        "nobody's",
        "waits never",
        "with nobody",
        "never closed",
        "rated 2",
        "level",
        "calm danger",
    ],
)
def test_the_database_refuses_what_cannot_be(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_conversation(**fields)


def test_one_answer_at_a_time_is_made_in_a_conversation() -> None:
    conversation = make_conversation()
    open_answer = {"author": Author.BOT, "state": TurnState.QUEUED}
    Turn.objects.create(conversation=conversation, number=1, **open_answer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.create(conversation=conversation, number=2, **open_answer)
