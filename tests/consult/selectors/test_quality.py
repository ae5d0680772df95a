from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from consult.models import Author, Conversation, Kind, Turn, TurnState
from consult.selectors.quality import PERIODS, quality
from consult.services.handover import hand_back, put_back, take_conversation
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_for
from tests.consult.talks import strangers_talk, write
from tests.rows import make_person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)  # a Thursday
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def at(row: Any, moment: datetime, **fields: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(created=moment, **fields)


def begin(moment: datetime, urgency: int) -> Conversation:
    row = Conversation.objects.create(
        key_digest="0" * 64, urgency=urgency, last_number=1
    )
    at(row, moment)
    return row


def say(talk: Conversation, number: int, moment: datetime, **fields: Any) -> None:
    values = {"author": Author.BOT, "kind": Kind.ANSWER, **fields}
    took_ms = values.pop("took_ms", None)
    turn = Turn.objects.create(conversation=talk, number=number, **values)
    finished = moment + timedelta(milliseconds=took_ms) if took_ms else None
    at(turn, moment, finished=finished)


def test_a_day_counts_levels_answers_hand_overs_ratings_and_times() -> None:
    talk = begin(NOON, urgency=3)
    begin(NOON - timedelta(days=1), urgency=1)
    first = {"answer": {"first_ms": 40}}
    say(talk, 1, NOON, took_ms=100, rating=1, **first)
    say(talk, 2, NOON, took_ms=300, kind=Kind.ABSTAINED, answer={"first_ms": 60})
    say(talk, 3, NOON, took_ms=200, kind=Kind.REFUSAL, rating=-1)
    say(talk, 4, NOON, took_ms=900, state=TurnState.REPLACED)
    say(talk, 5, NOON, author=Author.NOTE, kind=Kind.WAITING)
    say(talk, 6, NOON, author=Author.NOTE, kind=Kind.TAKEN)

    *_earlier, yesterday, today = quality(step="day", today=TODAY)

    assert (yesterday.levels["routine"], yesterday.talks) == (1, 1)
    assert (today.levels["emergency"], today.talks) == (1, 1)
    assert today.answers == {"answered": 1, "abstained": 1, "refused": 1, "failed": 0}
    assert today.taken == 1
    assert (today.helpful, today.unhelpful) == (1, 1)
    assert today.times["first_50"] == pytest.approx(50)
    assert today.times["whole_50"] == pytest.approx(200)
    assert today.times["whole_95"] == pytest.approx(290)
    assert yesterday.times["whole_50"] is None


def test_a_call_for_a_person_counts_once_until_it_ends_and_is_no_answer() -> None:
    wish, nurse = "I want to talk to a person", make_person(Role.CLINICIAN)
    talk = strangers_talk()
    write(talk, wish)
    write(talk, wish)
    take_conversation(conversation=talk, staff=nurse)
    put_back(conversation=talk, staff=principal_for(nurse))
    take_conversation(conversation=talk, staff=nurse)
    hand_back(conversation=talk, staff=principal_for(nurse))
    write(talk, wish)

    today = quality(step="day", today=timezone.localdate())[-1]

    assert (today.asked, today.taken) == (2, 2)
    assert set(today.answers.values()) == {0}
    assert today.times["whole_50"] is None


def test_weeks_begin_on_monday_and_days_before_the_first_are_left_out() -> None:
    begin(NOON - timedelta(days=3), urgency=0)  # Monday of the same week
    begin(NOON - timedelta(days=4), urgency=0)  # the Sunday before
    begin(NOON - timedelta(weeks=PERIODS["week"] + 1), urgency=0)

    weeks = quality(step="week", today=TODAY)

    assert [week.start for week in weeks[-2:]] == [
        date(2026, 11, 16),
        date(2026, 11, 23),
    ]
    assert [week.talks for week in weeks[-2:]] == [1, 1]
    assert sum(week.talks for week in weeks) == 2
