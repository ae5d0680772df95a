"""What is forgotten of conversations, and when."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from consult.models import Conversation, Turn
from consult.services.handover import close_conversation
from consult.services.watching import forget_empty, forget_old
from hospital.accounts.models import Role
from tests.consult.talks import persons_talk, strangers_talk, waiting_talk, write
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
