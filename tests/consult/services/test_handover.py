from datetime import time, timedelta

import pytest
from django.utils import timezone

from consult.models import (
    Author,
    Conversation,
    DeskHours,
    Guidance,
    Kind,
    Mood,
    Reason,
    State,
    TurnState,
)
from consult.selectors import desk_of
from consult.selectors.conversations import ahead_of
from consult.services.answers import AnswerEnded, begin_answer
from consult.services.handover import (
    close_conversation,
    hand_back,
    put_back,
    request_human,
    take_conversation,
    withdraw_request,
    write_to_patient,
)
from consult.services.watching import call_for_emergencies
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_for
from hospital.core.errors import Conflict, NotPermitted
from hospital.notices.models import Notice
from hospital.records.models import Encounter, EncounterKind, Observation
from tests.consult.talks import (
    persons_talk,
    strangers_talk,
    taken_talk,
    waiting_talk,
    write,
)
from tests.rows import make_department, make_patient, make_person

pytestmark = pytest.mark.django_db

ANGRY = "This is ridiculous, your staff are useless"


def test_a_person_can_be_asked_for_before_the_first_message() -> None:
    nurse = make_person(Role.NURSE)
    conversation = strangers_talk(language="zh")

    row = request_human(conversation=conversation)
    again = request_human(conversation=conversation)

    assert (row.state, row.handover_reason) == (State.WAITING, Reason.ASKED)
    assert again.last_number == row.last_number == 1
    note = row.turns.get()
    assert (note.author, note.kind) == (Author.NOTE, Kind.WAITING)
    assert Notice.objects.get(user=nurse).values == {
        "level": "self_care",
        "reason": "asked",
    }


def test_the_department_of_the_rules_is_told_where_it_has_people() -> None:
    skin, heart = make_department("dermatology"), make_department("cardiology")
    doctor = make_person(Role.CLINICIAN, skin)
    make_person(Role.CLINICIAN, heart)
    conversation = strangers_talk()
    write(conversation, "I have had an itchy skin rash for a week")

    row = request_human(conversation=conversation)

    assert row.department == skin
    assert [notice.user for notice in Notice.objects.all()] == [doctor]


def test_acuity_goes_before_waiting_time_and_danger_to_life_before_all() -> None:
    first = waiting_talk()
    texts = ("I have chest pain", "I want to kill myself", "I can't breathe")
    talks = [strangers_talk() for _ in texts]
    for talk, text in zip(talks, texts, strict=True):
        write(talk, text)
        request_human(conversation=talk)
    desk = list(desk_of(principal_for(make_person(Role.ADMINISTRATOR))))

    chest, crisis, breath = talks
    assert [row.pk for row in desk] == [breath.pk, crisis.pk, chest.pk, first.pk]
    assert [row.acuity for row in desk] == [1, 2, 3, 5]
    assert [ahead_of(row) for row in desk] == [0, 1, 2, 3]


@pytest.mark.parametrize(("mood", "minutes"), [(Mood.DISTRESSED, 10), (Mood.ANGRY, 5)])
def test_among_one_acuity_the_upset_are_so_many_minutes_ahead(
    mood: Mood, minutes: int
) -> None:
    upset, together, long_before, worse = (waiting_talk() for _ in range(4))
    called = timezone.now()
    for row, before in ((upset, 0), (together, 0), (long_before, minutes + 1)):
        since = called - timedelta(minutes=before)
        Conversation.objects.filter(pk=row.pk).update(waiting_since=since)
    Conversation.objects.filter(pk=together.pk).update(mood=Mood.WORRIED)
    Conversation.objects.filter(pk=upset.pk).update(mood=mood)
    Conversation.objects.filter(pk=worse.pk).update(
        urgency=1, waiting_since=called + timedelta(hours=1)
    )

    desk = list(desk_of(principal_for(make_person(Role.NURSE))))

    assert [row.pk for row in desk] == [
        each.pk for each in (worse, long_before, upset, together)
    ]
    assert [row.sooner_minutes for row in desk] == [0, 0, minutes, 0]
    assert [ahead_of(row) for row in desk] == [0, 1, 2, 3]


def test_a_calmer_word_costs_nobody_their_place_and_a_new_talk_begins_calm() -> None:
    talk = strangers_talk()
    write(talk, ANGRY)
    calm = strangers_talk()
    write(calm, ANGRY)
    write(calm, "What are your opening hours?")
    write(talk, "I want to talk to a person")
    write(talk, "It is about a bill")

    talk.refresh_from_db()
    calm.refresh_from_db()
    assert (talk.state, talk.mood, talk.angry_turns) == (State.WAITING, Mood.ANGRY, 1)
    assert (calm.state, calm.mood, calm.angry_turns) == (State.BOT, Mood.CALM, 0)


def test_out_of_hours_the_hospitals_own_words_are_said() -> None:
    guidance = Guidance.objects.create(out_of_hours_en="We are back at eight.")
    yesterday = (timezone.localtime() - timedelta(days=1)).weekday()
    DeskHours.objects.create(
        guidance=guidance, weekday=yesterday, opens=time(8), closes=time(17)
    )

    row = waiting_talk()

    note = row.turns.get()
    assert (note.kind, note.text) == (Kind.OUT_OF_HOURS, "We are back at eight.")


def test_of_two_who_take_a_conversation_one_has_it() -> None:
    first, second = make_person(Role.NURSE), make_person(Role.CLINICIAN)
    conversation = waiting_talk()

    take_conversation(conversation=conversation, staff=first)
    take_conversation(conversation=conversation, staff=first)
    with pytest.raises(Conflict, match="taken this conversation already"):
        take_conversation(conversation=conversation, staff=second)

    row = Conversation.objects.get()
    assert (row.state, row.taken_by) == (State.HUMAN, first)
    assert row.turns.filter(kind=Kind.TAKEN).count() == 1


def test_taking_a_conversation_stops_the_bots_open_answer() -> None:
    conversation = strangers_talk()
    answer = write(conversation, "What is a cold?").answer
    assert answer is not None
    request_human(conversation=conversation)

    take_conversation(conversation=conversation, staff=make_person(Role.NURSE))

    answer.refresh_from_db()
    assert answer.state == TurnState.STOPPED
    with pytest.raises(AnswerEnded):
        begin_answer(answer.pk)


def test_who_holds_a_conversation_answers_and_hands_it_back_to_the_bot() -> None:
    nurse = make_person(Role.NURSE)
    staff, conversation = principal_for(nurse), taken_talk(nurse)

    turn = write_to_patient(conversation=conversation, staff=staff, text="Good day.")
    row = hand_back(conversation=conversation, staff=staff)

    assert (turn.author, turn.writer, turn.text) == (Author.STAFF, nurse, "Good day.")
    assert (row.state, row.taken_by) == (State.BOT, None)
    assert write(conversation, "What is a cold?").answer is not None


@pytest.mark.parametrize("verb", [hand_back, put_back, close_conversation])
def test_nobody_moves_a_conversation_that_somebody_else_holds(verb: object) -> None:
    conversation = taken_talk(make_person(Role.NURSE))
    other = principal_for(make_person(Role.CLINICIAN))

    with pytest.raises(NotPermitted, match="do not hold"):
        verb(conversation=conversation, staff=other)  # type: ignore[operator]

    assert Conversation.objects.get().state == State.HUMAN


def test_a_conversation_put_back_waits_for_somebody_else() -> None:
    nurse = make_person(Role.NURSE)
    conversation = taken_talk(nurse)

    put_back(conversation=conversation, staff=principal_for(nurse))
    row = take_conversation(
        conversation=conversation, staff=make_person(Role.CLINICIAN)
    )

    assert row.state == State.HUMAN


def test_who_waits_can_go_back_to_the_bot_until_somebody_is_there() -> None:
    row = withdraw_request(conversation=waiting_talk())
    taken = taken_talk(make_person(Role.NURSE))

    with pytest.raises(Conflict, match="taken the conversation already"):
        withdraw_request(conversation=taken)

    assert row.state == State.BOT


def test_an_emergency_that_nobody_answers_calls_a_person_once() -> None:
    conversation = strangers_talk()
    write(conversation, "I have crushing chest pain")
    later = timezone.now() + timedelta(seconds=121)

    assert call_for_emergencies(now=timezone.now()) == 0
    assert call_for_emergencies(now=later) == 1
    assert call_for_emergencies(now=later) == 0

    row = Conversation.objects.get()
    assert (row.state, row.handover_reason) == (State.WAITING, Reason.EMERGENCY)


def test_the_interview_goes_on_once_the_talk_is_handed_back() -> None:
    nurse = make_person(Role.NURSE)
    conversation = strangers_talk()
    write(conversation, "I want to talk to a human")
    waiting = write(conversation, "I have a cough").turn
    take_conversation(conversation=conversation, staff=nurse)
    hand_back(conversation=conversation, staff=principal_for(nurse))

    asked = write(conversation, "My tooth hurts too").turn

    assert waiting.outcome["question"] is None
    assert asked.outcome["question"] is not None


def test_an_emergency_after_an_earlier_hand_over_calls_again() -> None:
    nurse = make_person(Role.NURSE)
    conversation = taken_talk(nurse)
    write(conversation, "I have crushing chest pain")
    hand_back(conversation=conversation, staff=principal_for(nurse))
    later = timezone.now() + timedelta(seconds=121)

    assert call_for_emergencies(now=later) == 0  # the nurse had dealt with it
    write(conversation, "I can't breathe")
    assert call_for_emergencies(now=later + timedelta(seconds=121)) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [("I have crushing chest pain", "emergency"), ("我不想活了", "crisis")],
)
def test_a_danger_told_while_somebody_is_awaited_calls_people(
    text: str, reason: str
) -> None:
    doctor = make_person(Role.CLINICIAN, make_department("emergency"))
    conversation = waiting_talk(make_department("dermatology"))
    Notice.objects.all().delete()

    for _ in range(2):  # said twice, they are called once
        write(conversation, text)

    notice = Notice.objects.get()
    assert (notice.user, notice.values) == (
        doctor,
        {"level": "emergency", "reason": reason},
    )
    assert Conversation.objects.get().handover_reason == reason


def test_a_danger_told_to_a_person_calls_them_and_the_emergency_department() -> None:
    nurse = make_person(Role.NURSE)
    doctor = make_person(Role.CLINICIAN, make_department("emergency"))
    conversation = taken_talk(nurse)
    Notice.objects.all().delete()

    write(conversation, "I have crushing chest pain")

    assert {notice.user for notice in Notice.objects.all()} == {nurse, doctor}
    row = Conversation.objects.get()
    assert (row.state, row.handover_reason) == (State.HUMAN, Reason.EMERGENCY)


def test_what_a_patient_told_goes_into_the_record_once_staff_are_asked_for() -> None:
    skin = make_department("dermatology")
    make_person(Role.CLINICIAN, skin)
    user = make_person(Role.PATIENT)
    patient = make_patient(user=user)
    conversation = persons_talk(user)
    write(conversation, "I have had an itchy skin rash for a week")

    request_human(conversation=conversation)

    encounter = Encounter.objects.get(patient=patient)
    assert encounter.department == skin
    assert encounter.reason == "I have had an itchy skin rash for a week"
    facts = dict(Observation.objects.values_list("code", "text"))
    assert facts["triage-level"] in {"routine", "self_care"}
    assert "skin rash" in facts["summary"]


def test_what_is_told_later_is_written_anew_and_what_stood_there_is_kept() -> None:
    make_person(Role.NURSE, make_department("cardiology"))
    user = make_person(Role.PATIENT)
    make_patient(user=user)
    conversation = persons_talk(user)
    write(conversation, "My heart races sometimes")
    request_human(conversation=conversation)
    before = dict(Observation.objects.values_list("code", "text"))

    write(conversation, "Now I have chest pain and I am sweating")

    after = dict(Observation.objects.values_list("code", "text"))
    history = Observation.pgh_event_model.objects.filter(code="summary")
    assert (before["acuity"], after["acuity"]) == ("4", "2")
    assert after["triage-level"] == "emergency"
    assert "Chest pain" in after["summary"]
    assert Encounter.objects.get().kind == EncounterKind.EMERGENCY
    assert list(history.order_by("pgh_id").values_list("text", flat=True)) == [
        before["summary"],
        after["summary"],
    ]


def test_a_strangers_talk_is_nobodys_record() -> None:
    make_department("dermatology")
    conversation = strangers_talk()
    write(conversation, "I have had an itchy skin rash for a week")

    request_human(conversation=conversation)

    assert Encounter.objects.count() == 0
