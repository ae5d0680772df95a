from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consult.api.base import HANDOVERS_A_MINUTE
from consult.askers import COOKIE, Asker
from consult.models import Conversation, State, Turn
from consult.selectors import conversations_visible_to
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_for
from hospital.audit.models import Access
from hospital.notices.models import Notice
from tests.consult.talks import persons_talk, strangers_talk, taken_talk, waiting_talk
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db
HERE = "/api/v1/conversations/"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def post(client: Client, path: str, data: dict[str, Any] | None = None) -> Any:
    return client.post(path, data or {}, content_type="application/json")


def begun(client: Client, **about: Any) -> str:
    answer = post(client, HERE, about)
    assert answer.status_code == 201
    return f"{HERE}{answer.json()['id']}/"


def signed_in(role: Role, *departments: Any) -> Client:
    client = Client()
    client.force_login(make_person(role, *departments))
    return client


def test_a_talk_begins_in_the_language_of_the_page_until_another_is_written() -> None:
    client = Client(headers={"accept-language": "zh-CN,zh;q=0.9"})
    here = begun(client)

    post(client, f"{here}messages/", {"text": "CT?"})
    first = Conversation.objects.get().language
    post(client, f"{here}messages/", {"text": "What should I know about a cold?"})

    assert (first, Conversation.objects.get().language) == ("zh", "en")


def test_a_stranger_begins_writes_and_reads_without_an_account(client: Client) -> None:
    here = begun(client, lang="en")

    sent = post(client, f"{here}messages/", {"text": "What is a cold?"})
    told = client.get(here).json()

    assert client.cookies[COOKIE]["httponly"]
    assert client.cookies[COOKIE]["samesite"] == "Lax"
    assert sent.status_code == 202
    assert sent.json()["safety"] == {
        "level": "routine",
        "acuity": 4,
        "emergency": False,
        "crisis": False,
        "card": None,
    }
    assert [turn["author"] for turn in told["turns"]] == ["patient", "bot"]
    assert (told["is_answering"], told["title"]) == (True, "What is a cold?")


def test_why_a_level_was_given_is_told_in_plain_words_but_not_in_a_crisis(
    client: Client,
) -> None:
    here = begun(client, lang="zh")
    post(client, f"{here}messages/", {"text": "我喘不上气"})
    breath = client.get(here).json()
    post(client, f"{here}messages/", {"text": "我不想活了"})
    crisis = client.get(here).json()

    assert (breath["level"], breath["acuity"]) == ("emergency", 1)
    assert breath["why"] == breath["card"]["why"] == "为什么：您提到现在喘不上气。"
    assert (crisis["why"], crisis["card"]["why"]) == ("", "")


def test_a_program_brings_its_secret_as_a_bearer_token(client: Client) -> None:
    opened = post(client, HERE).json()
    headers = {"Authorization": f"Bearer {opened['secret']}"}
    other = Client()

    assert other.get(f"{HERE}{opened['id']}/").status_code == 401
    assert other.get(f"{HERE}{opened['id']}/", headers=headers).status_code == 200
    assert other.get(HERE, headers=headers).json()["count"] == 1
    headers = {"Authorization": f"Bearer {opened['secret'][:-2]}xx"}
    assert other.get(f"{HERE}{opened['id']}/", headers=headers).status_code == 401


def test_one_browser_keeps_one_secret(client: Client) -> None:
    begun(client)
    again = post(client, HERE)

    assert "secret" not in again.json()
    assert client.get(HERE).json()["count"] == 2


def test_a_stranger_sees_nobody_elses_conversation(client: Client) -> None:
    begun(client)
    theirs = strangers_talk()

    assert client.get(f"{HERE}{theirs.pk}/").status_code == 404
    assert post(client, f"{HERE}{theirs.pk}/messages/", {"text": "Hi"}).status_code == (
        404
    )
    assert theirs.turns.count() == 0


def test_conversations_are_seen_by_their_owner_and_the_desk_alone() -> None:
    """`conversations_visible_to` for every role."""
    own, other = make_department(), make_department()
    patient = make_person(Role.PATIENT)
    theirs = persons_talk(patient)
    waits, waits_there = waiting_talk(own), waiting_talk(other)
    grave = waiting_talk(other)
    Conversation.objects.filter(pk=grave.pk).update(urgency=3)
    nurse = make_person(Role.NURSE, own)
    held = taken_talk(nurse)
    Conversation.objects.filter(pk=held.pk).update(department=other)

    def seen(user: Any) -> set[Any]:
        rows = conversations_visible_to(Asker(principal_for(user)))
        return set(rows.values_list("pk", flat=True))

    assert seen(patient) == {theirs.pk}
    assert seen(nurse) == {waits.pk, grave.pk, held.pk}
    assert seen(make_person(Role.CLINICIAN, other)) == {
        waits_there.pk,
        grave.pk,
        held.pk,
    }
    assert seen(make_person(Role.MANAGER, own)) == set()
    assert seen(make_person(Role.INTEGRATOR, own)) == set()
    assert len(seen(make_person(Role.ADMINISTRATOR))) == 5
    assert not conversations_visible_to(Asker(None)).exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "\x07"}, 422),
        ({}, 400),
        ({"text": ["a"]}, 400),
        ({"text": "a" * 51_201}, 413),
        ({"text": "Hello", "client_id": "one"}, 400),
    ],
    ids=["empty", "control", "missing", "list", "long", "name"],
)
def test_a_bad_message_is_refused_and_nothing_kept(
    client: Client, sent: dict[str, Any], status: int
) -> None:
    here = begun(client)

    answer = post(client, f"{here}messages/", sent)

    assert answer.status_code == status
    assert answer.json()["errors"]
    assert Turn.objects.count() == 0


def test_very_many_messages_in_a_minute_are_refused_with_the_time_to_wait(
    client: Client, settings: Any
) -> None:
    settings.CHAT_MESSAGES_A_MINUTE = 1
    here = begun(client)
    post(client, f"{here}messages/", {"text": "What is a cold?"})

    answer = post(client, f"{here}messages/", {"text": "And the flu?"})

    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert answer.json()["code"] == "too_many_messages"
    assert "120" in answer.json()["detail"]


def test_a_danger_is_kept_however_many_messages_there_were(
    client: Client, settings: Any
) -> None:
    settings.CHAT_MESSAGES_A_MINUTE = 1
    here = begun(client)
    post(client, f"{here}messages/", {"text": "What is a cold?"})

    answer = post(client, f"{here}messages/", {"text": "I took 50 xanax"})

    assert answer.status_code == 202
    assert answer.json()["safety"]["card"]["kind"] == "poisoning"
    assert answer.json()["answer"] is None
    assert Turn.objects.filter(text="I took 50 xanax").count() == 1


def test_so_many_messages_more_are_not_even_read(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHAT_MESSAGES_A_MINUTE = 0
    monkeypatch.setattr("consult.api.base.JUDGED_A_MINUTE", 1)
    here = begun(client)

    asked = [
        post(client, f"{here}messages/", {"text": "I took 50 xanax"}) for _ in range(2)
    ]

    assert [one.status_code for one in asked] == [202, 429]
    assert "120" in asked[-1].json()["detail"]


def test_asking_for_a_person_over_and_over_calls_the_desk_no_more(
    client: Client,
) -> None:
    make_person(Role.NURSE)
    here = begun(client)

    asked = []
    for _again in range(HANDOVERS_A_MINUTE + 1):
        asked.append(post(client, f"{here}handover/"))
        post(client, f"{here}bot/")

    assert [one.status_code for one in asked] == [200] * HANDOVERS_A_MINUTE + [429]
    refused = asked[-1].json()
    assert refused["code"] == "too_many_requests"
    assert "asked for a person" in refused["detail"]
    assert "120" in refused["detail"]
    assert Notice.objects.count() == HANDOVERS_A_MINUTE


def test_one_address_begins_so_many_conversations_an_hour(
    client: Client, settings: Any
) -> None:
    settings.CHAT_CONVERSATIONS_AN_HOUR = 1
    begun(client)

    answer = post(Client(), HERE)

    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert Conversation.objects.count() == 1


def test_a_busy_hospital_says_so(client: Client, settings: Any) -> None:
    settings.CHAT_QUEUE_LIMIT = 0
    here = begun(client)

    answer = post(client, f"{here}messages/", {"text": "What is a cold?"})

    assert (answer.status_code, answer["Retry-After"]) == (429, "20")
    assert answer.json()["code"] == "busy"


def test_two_devices_of_one_person_see_the_same(client: Client) -> None:
    user = make_person(Role.PATIENT)
    phone, desktop = Client(), Client()
    phone.force_login(user)
    desktop.force_login(user)
    here, name = begun(phone), str(uuid4())

    first = post(phone, f"{here}messages/", {"text": "Hello", "client_id": name})
    again = post(desktop, f"{here}messages/", {"text": "Hello", "client_id": name})
    post(desktop, f"{here}messages/", {"text": "What is a cold?"})

    assert again.json()["turn"]["id"] == first.json()["turn"]["id"]
    assert phone.get(here).json()["turns"] == desktop.get(here).json()["turns"]
    later = phone.get(f"{here}messages/?after=2").json()
    assert [turn["text"] for turn in later["results"]] == ["What is a cold?"]


def test_the_patient_does_with_a_conversation_what_is_theirs_to_do(
    client: Client,
) -> None:
    here = begun(client, lang="zh")
    post(client, f"{here}messages/", {"text": "我胸口压着痛，出冷汗"})

    assert client.get(here).json()["card"]["kind"] == "medical"
    assert post(client, f"{here}acknowledgement/").json()["card"] is None
    assert post(client, f"{here}stop/").json() == {"stopped": True}
    assert post(client, f"{here}regenerate/").status_code == 202
    assert post(client, f"{here}consent/", {"may_teach": True}).json()["may_teach"]
    assert post(client, f"{here}rating/", {"value": 1}).json()["rating"] == 1
    waiting = post(client, f"{here}handover/").json()
    assert (waiting["state"], waiting["expected"]) == ("waiting", "You are next.")
    assert post(client, f"{here}bot/").json()["state"] == "bot"
    assert post(client, f"{here}closing/").json()["state"] == "closed"
    refused = post(client, f"{here}messages/", {"text": "Hello"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conversation_closed")


def test_an_answer_is_rated_a_question_is_not(client: Client) -> None:
    here = begun(client)
    post(client, f"{here}messages/", {"text": "I want to talk to a human"})
    question, answer = client.get(here).json()["turns"]

    rated = post(client, f"{here}rating/", {"turn": answer["id"], "value": -1})
    refused = post(client, f"{here}rating/", {"turn": question["id"], "value": 1})

    assert rated.json()["rating"] == -1
    assert (refused.status_code, refused.json()["code"]) == (422, "not_an_answer")


def test_a_clinician_takes_answers_and_hands_back(client: Client) -> None:
    here = begun(client)
    post(client, f"{here}handover/")
    doctor = signed_in(Role.CLINICIAN)

    taken = post(doctor, f"{here}taking/").json()
    answer = post(doctor, f"{here}messages/", {"text": "Good day."})
    heard = client.get(here).json()
    back = post(doctor, f"{here}return/").json()

    assert (taken["state"], answer.status_code) == ("human", 202)
    assert heard["turns"][-1]["author"] == "staff"
    assert heard["staff_name"] == "A member of staff"
    assert back["state"] == "bot"
    assert Access.objects.get(action="read").record_id == heard["id"]


def test_reading_a_patients_conversation_leaves_one_row_in_the_audit() -> None:
    patient = make_person(Role.PATIENT)
    theirs = persons_talk(patient)
    reader, owner = signed_in(Role.ADMINISTRATOR), Client()
    owner.force_login(patient)

    owner.get(f"{HERE}{theirs.pk}/")
    reader.get(f"{HERE}{theirs.pk}/")
    reader.get(f"{HERE}{theirs.pk}/messages/")

    row = Access.objects.get()
    assert (row.action, row.record_id) == ("read", str(theirs.pk))


def test_staff_cannot_speak_for_the_patient() -> None:
    waits = waiting_talk()
    nurse = signed_in(Role.NURSE)

    for noun in ("stop", "regenerate", "rating", "handover", "bot", "consent"):
        data = {"value": 1, "may_teach": True}
        answer = post(nurse, f"{HERE}{waits.pk}/{noun}/", data)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_own"), noun

    waits.refresh_from_db()
    assert (waits.state, waits.may_teach) == (State.WAITING, False)


def test_a_list_of_many_talks_asks_the_database_no_more_than_a_list_of_one() -> None:
    nurse = make_person(Role.NURSE)
    client = Client()
    client.force_login(nurse)
    make_department("cardiology")

    def listed(count: int) -> int:
        for row in Conversation.objects.all()[:count]:
            row.department_codes = ["cardiology", "neurology"]
            row.save()
        with CaptureQueriesContext(connection) as asked:
            told = client.get(HERE).json()["results"]
        assert len(told) == count
        assert all(len(talk["departments"]) == 2 for talk in told)
        assert all(talk["staff_name"] for talk in told)
        return len(asked)

    taken_talk(nurse)
    listed(1)  # whoever asks first reads more, of the session
    once = listed(1)
    for _ in range(4):
        taken_talk(nurse)

    assert listed(5) == once
