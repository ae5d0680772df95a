from dataclasses import replace
from typing import Any

import pytest

from consult.models import Author, Conversation, Kind, Reason, State, Turn, TurnState
from consult.services.answers import (
    AnswerEnded,
    Ending,
    Said,
    answer_again,
    begin_answer,
    end_answer,
    fail_answer,
    say,
    stop_answer,
    take_back,
)
from consult.services.watching import end_abandoned
from hospital.core.errors import Conflict
from hospital.jobs.models import Job, JobState
from tests.consult.talks import strangers_talk, write

pytestmark = pytest.mark.django_db
ANSWER = Ending(Kind.ANSWER, (Said("Rest.", ("cold/en#self_care",)),))
NOTHING = Ending(Kind.ABSTAINED, (Said("Nothing found."),), abstained=True)


def asked(text: str = "What is a cold?") -> Turn:
    """Return the open answer to a message in a new conversation."""
    answer = write(strangers_talk(), text).answer
    assert answer is not None
    return answer


def test_an_answer_is_written_once_and_then_closed() -> None:
    answer = asked()
    begin_answer(answer.pk)

    done = end_answer(answer.pk, ANSWER)

    assert (done.state, done.text) == (TurnState.DONE, "Rest.")
    assert done.answer["sentences"] == [
        {"text": "Rest.", "passages": ["cold/en#self_care"]}
    ]
    assert 0 <= done.answer["first_ms"] < 60_000
    with pytest.raises(AnswerEnded):
        end_answer(answer.pk, ANSWER)


def test_a_worker_that_begins_anew_takes_back_what_the_one_before_said(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[tuple[str, object]] = []
    monkeypatch.setattr(
        "consult.services.telling.publish_all",
        lambda _topic, events: told.extend(
            (event, data.get("phase")) for event, data in events
        ),
    )
    answer = asked()
    begin_answer(answer.pk)
    say(answer.pk, Said("Half of"))

    with django_capture_on_commit_callbacks(execute=True):
        begin_answer(answer.pk)
        end_answer(answer.pk, ANSWER)

    assert told == [
        ("status", "again"),
        ("status", "searching"),
        ("token", None),
        ("citation", None),
        ("done", None),
    ]
    assert Turn.objects.filter(author=Author.BOT).get().text == "Rest."


def test_what_a_generator_said_is_dropped_when_the_library_stands() -> None:
    answer = asked()
    begin_answer(answer.pk)
    say(answer.pk, Said("Invented."))

    take_back(answer.pk)
    done = end_answer(answer.pk, ANSWER)

    assert done.text == "Rest."


def test_stopping_takes_effect_at_once_and_keeps_what_was_said() -> None:
    answer = asked()
    begin_answer(answer.pk)
    say(answer.pk, Said("Rest."))

    assert stop_answer(conversation=answer.conversation)

    answer.refresh_from_db()
    assert (answer.state, answer.text) == (TurnState.STOPPED, "Rest.")
    assert answer.job is not None
    answer.job.refresh_from_db()
    assert answer.job.state == JobState.CANCELLED
    with pytest.raises(AnswerEnded):
        say(answer.pk, Said("More."))
    assert not stop_answer(conversation=answer.conversation)


def test_what_was_written_meanwhile_gets_one_answer_of_its_own() -> None:
    answer = asked("What is a cold?")
    write(answer.conversation, "And the flu?")
    write(answer.conversation, "And a cough?")

    end_answer(answer.pk, ANSWER)

    following = Turn.objects.get(author=Author.BOT, state=TurnState.QUEUED)
    _turn, turns = begin_answer(following.pk)
    assert [turn.text for turn in turns] == ["And the flu?", "And a cough?"]
    end_answer(following.pk, ANSWER)
    assert Turn.objects.filter(author=Author.BOT).count() == 2


def test_another_answer_replaces_the_newest_one() -> None:
    answer = asked()
    end_answer(answer.pk, ANSWER)

    again = answer_again(conversation=answer.conversation)

    answer.refresh_from_db()
    assert (answer.state, again.state) == (TurnState.REPLACED, TurnState.QUEUED)
    assert again.question == answer.question
    with pytest.raises(Conflict, match="being made already"):
        answer_again(conversation=answer.conversation)


def test_two_answers_that_find_nothing_call_a_person() -> None:
    first = asked()
    end_answer(first.pk, NOTHING)
    assert Conversation.objects.get().state == State.BOT
    second = write(first.conversation, "And the flu?").answer
    assert second is not None

    end_answer(second.pk, NOTHING)

    row = Conversation.objects.get()
    assert (row.state, row.handover_reason) == (State.WAITING, Reason.FAILED)


def test_an_answer_between_them_forgives_the_failure() -> None:
    first = asked()
    for ending in (NOTHING, ANSWER, NOTHING):
        answer = write(first.conversation, "And now?").answer or first
        end_answer(answer.pk, ending)

    assert Conversation.objects.get().state == State.BOT


@pytest.mark.parametrize("ender", ["the room is told", "the watch finds it"])
def test_a_failed_job_ends_its_answer_with_honest_words(ender: str) -> None:
    answer = asked()
    Job.objects.filter(pk=answer.job_id).update(state=JobState.FAILED)

    if ender == "the room is told":
        fail_answer(Job.objects.get(pk=answer.job_id))
    else:
        assert end_abandoned() == 1

    answer.refresh_from_db()
    assert (answer.state, answer.kind) == (TurnState.FAILED, Kind.UNAVAILABLE)
    assert "Something went wrong" in answer.text
    assert end_abandoned() == 0


def test_a_mood_heard_while_an_answer_was_made_is_not_taken_back() -> None:
    answer = asked()
    Conversation.objects.update(mood="angry")

    end_answer(answer.pk, replace(ANSWER, mood="worried"))

    assert Conversation.objects.get().mood == "angry"


def test_a_learned_mood_of_strong_distress_calls_a_person() -> None:
    answer = asked()

    end_answer(answer.pk, replace(ANSWER, mood="distressed"))

    row = Conversation.objects.get()
    assert (row.mood, row.state) == ("distressed", State.WAITING)
    assert row.handover_reason == Reason.DISTRESS
