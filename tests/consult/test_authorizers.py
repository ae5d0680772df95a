import json
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.http import HttpRequest
from django.test import RequestFactory

from consult.askers import COOKIE, digest_of_secret, new_secret
from consult.models import Kind
from consult.services.answers import Ending, Said, end_answer
from consult.services.handover import take_conversation, write_to_patient
from hospital.accounts.models import Role, User
from hospital.accounts.principal import principal_for
from hospital.audit.models import Access
from hospital.core.errors import DomainError
from hospital.jobs.views.events import admit
from tests.consult.talks import (
    persons_talk,
    strangers_talk,
    waiting_talk,
    write,
)
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def connection_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "close_all", lambda: None)


def asking(topics: str, *, user: User | None = None, secret: str = "") -> HttpRequest:
    request = RequestFactory().get("/events/", {"topics": topics})
    request.user = user or AnonymousUser()
    if secret:
        request.COOKIES[COOKIE] = secret
    return request


def refusal(request: HttpRequest) -> int:
    with pytest.raises(DomainError) as refused:
        admit(request)
    return refused.value.status


def test_a_stranger_hears_the_conversation_of_their_secret_alone() -> None:
    secret = new_secret()
    mine, theirs = strangers_talk(secret), strangers_talk()

    admitted = admit(asking(mine.topic, secret=secret))

    assert admitted.topics == {mine.topic}
    assert refusal(asking(theirs.topic, secret=secret)) == 401
    assert refusal(asking(mine.topic)) == 401
    assert refusal(asking(mine.topic, secret=new_secret())) == 401
    assert refusal(asking(mine.topic, secret=digest_of_secret(secret))) == 401


@pytest.mark.parametrize(
    "other", [f"job:{UUID(int=7)}", "desk:all", "notices:1", "nothing:1"]
)
def test_a_strangers_secret_opens_no_other_topic(other: str) -> None:
    secret = new_secret()
    mine = strangers_talk(secret)

    assert refusal(asking(f"{mine.topic},{other}", secret=secret)) == 401


def test_people_hear_their_own_talks_and_staff_those_of_their_desk() -> None:
    patient, nurse = make_person(Role.PATIENT), make_person(Role.NURSE)
    own, waits = persons_talk(patient), waiting_talk()
    elsewhere = waiting_talk(make_department())

    assert admit(asking(own.topic, user=patient)).topics
    assert admit(asking(f"{waits.topic},desk:all", user=nurse)).topics
    assert refusal(asking(own.topic, user=make_person(Role.PATIENT))) == 403
    assert refusal(asking(own.topic, user=nurse)) == 403
    assert refusal(asking(elsewhere.topic, user=nurse)) == 403
    assert refusal(asking(waits.topic, user=make_person(Role.MANAGER))) == 403
    assert refusal(asking("desk:all", user=make_person(Role.MANAGER))) == 403
    assert refusal(asking("desk:all", user=patient)) == 403
    heard = Access.objects.get()  # an answer is told in words: to hear it is to read
    assert (heard.user, heard.action, heard.record_id) == (nurse, "read", str(waits.pk))


def told_now(conversation: Any, secret: str) -> list[dict[str, Any]]:
    admission = admit(asking(conversation.topic, secret=secret))
    return [json.loads(text) for text in admission.now]


def test_a_page_that_begins_to_listen_is_told_the_last_exchange_danger_first() -> None:
    secret = new_secret()
    conversation = strangers_talk(secret)
    assert told_now(conversation, secret) == []

    answer = write(conversation, "I have crushing chest pain").answer
    assert answer is not None
    begun = told_now(conversation, secret)
    said = (Said("Call now.", ("chest-pain/en#emergency",)), Said("Sit down."))
    end_answer(answer.pk, Ending(Kind.ANSWER, said))
    ended = told_now(conversation, secret)

    assert [each["event"] for each in begun] == ["safety", "status"]
    assert begun[0]["card"]["kind"] == "medical"
    assert [each["event"] for each in ended] == [
        *("safety", "token", "citation", "token", "done")
    ]
    assert [each.get("n") for each in ended] == [None, 0, 0, 1, None]


def test_what_staff_write_is_told_without_its_words() -> None:
    secret, nurse = new_secret(), make_person(Role.NURSE)
    conversation = strangers_talk(secret)
    write(conversation, "I want to talk to a human")
    take_conversation(conversation=conversation, staff=nurse)
    write_to_patient(
        conversation=conversation, staff=principal_for(nurse), text="Good day."
    )

    *_before, note, answer = told_now(conversation, secret)

    assert (note["event"], note["author"]) == ("message", "note")
    assert (answer["event"], answer["author"]) == ("message", "staff")
    assert "text" not in answer
