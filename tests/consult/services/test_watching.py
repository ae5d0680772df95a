"""What is forgotten of conversations, and when; and whose holder left."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from consult.models import Conversation, State, Turn
from consult.services.handover import close_conversation
from consult.services.watching import forget_empty, forget_old, let_go_of_left
from hospital.accounts.models import Role, User
from hospital.notices.models import Notice
from tests.consult.talks import (
    persons_talk,
    strangers_talk,
    taken_talk,
    waiting_talk,
    write,
)
from tests.rows import make_person

pytestmark = pytest.mark.django_db


def in_days(days: float) -> timezone.datetime:
    return timezone.now() + timedelta(days=days)


def test_a_strangers_talk_without_a_message_is_kept_for_a_week() -> None:
    strangers_talk()
    own = persons_talk(make_person(Role.PATIENT))
    told = strangers_talk()
    write(told, "What is gout?")

    assert forget_empty(now=in_days(6.9)) == 0
    assert forget_empty(now=in_days(7.1)) == 1
    assert set(Conversation.objects.all()) == {own, told}


def test_a_talk_is_kept_as_long_as_the_hospital_says(settings: LazySettings) -> None:
    settings.CHAT_KEEP_DAYS = 30
    left, ended = strangers_talk(), strangers_talk()
    for talk in (left, ended):
        write(talk, "What is gout?")
    close_conversation(conversation=ended, staff=None)
    waiting = waiting_talk()

    assert forget_old(now=in_days(29)) == 0
    assert forget_old(now=in_days(31)) == 2
    assert list(Conversation.objects.all()) == [waiting]
    assert set(Turn.objects.values_list("conversation", flat=True)) == {waiting.pk}


def test_a_hospital_may_keep_talks_for_ever(settings: LazySettings) -> None:
    settings.CHAT_KEEP_DAYS = 0
    write(strangers_talk(), "What is gout?")

    assert forget_old(now=in_days(10_000)) == 0


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.MANAGER}])
def test_a_talk_whose_holder_left_waits_again_and_the_others_are_called(
    change: dict[str, object],
) -> None:
    left, stays = make_person(Role.NURSE), make_person(Role.CLINICIAN)
    talk, held = taken_talk(left), taken_talk(stays)
    User.objects.filter(pk=left.pk).update(**change)
    Notice.objects.all().delete()

    assert [let_go_of_left(), let_go_of_left()] == [1, 0]

    talk.refresh_from_db()
    held.refresh_from_db()
    assert (talk.state, talk.taken_by) == (State.WAITING, None)
    assert (held.state, held.taken_by) == (State.HUMAN, stays)
    assert Notice.objects.get().user == stays
