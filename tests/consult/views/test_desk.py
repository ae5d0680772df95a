import pytest
from django.test import Client
from django.utils import timezone

from consult.models import Author, Conversation, Kind, Phrase, Turn
from hospital.accounts.models import Role, User
from tests.consult.talks import strangers_talk, taken_talk, waiting_talk, write
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db


def at_the_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_queue_shows_the_most_urgent_first() -> None:
    nurse = make_person(Role.NURSE)
    calm = waiting_talk()
    crisis = strangers_talk()
    write(crisis, "我不想活了")

    page = at_the_desk(nurse).get("/conversations/")

    assert [row.pk for row in page.context["waiting"]] == [crisis.pk, calm.pk]
    assert "我不想活了" in page.text


def test_the_desk_says_who_comes_sooner_and_by_what() -> None:
    nurse = make_person(Role.NURSE)
    calm, angry = waiting_talk(), strangers_talk()
    for text in ("Your staff are useless", "This is ridiculous", "转人工"):
        write(angry, text)
    Conversation.objects.update(waiting_since=timezone.now())

    page = at_the_desk(nurse).get("/conversations/")

    assert [row.pk for row in page.context["waiting"]] == [angry.pk, calm.pk]
    assert page.text.count("Angry: 2 messages in a row") == 1
    assert page.text.count("5 min sooner, by mood") == 1


def test_what_a_patient_wrote_is_shown_inert() -> None:
    nurse = make_person(Role.NURSE)
    talk = strangers_talk()
    write(talk, "I want to talk to a human <script>alert(1)</script> **now**")

    page = at_the_desk(nurse).get(f"/conversations/{talk.pk}/")

    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **now**" in page.text


def test_who_holds_a_conversation_has_phrases_in_its_language_and_writes() -> None:
    Phrase.objects.all().delete()  # those that every hospital begins with
    skin, heart = make_department(), make_department()
    doctor = make_person(Role.CLINICIAN, skin)
    for department, language, text in (
        (None, "en", "For everybody"),
        (skin, "en", "For the skin"),
        (heart, "en", "For the heart"),
        (skin, "zh", "皮肤科"),
    ):
        Phrase.objects.create(
            department=department, language=language, shortcut="hello", text=text
        )
    talk, client = taken_talk(doctor), at_the_desk(doctor)
    here = f"/conversations/{talk.pk}/"

    page = client.get(here)
    sent = client.post(f"{here}messages/", {"text": "Good day."})
    empty = client.post(f"{here}messages/", {"text": " "}, follow=True)

    assert {phrase.text for phrase in page.context["phrases"]} == {
        "For the skin",
        "For everybody",
    }
    assert sent.status_code == 302
    assert talk.turns.get(author=Author.STAFF).text == "Good day."
    assert "Write a message first" in empty.text


def test_a_correction_is_kept_beside_the_answer() -> None:
    doctor = make_person(Role.CLINICIAN)
    talk = taken_talk(doctor)
    answer = Turn.objects.create(
        conversation=talk,
        number=50,
        author=Author.BOT,
        kind=Kind.ANSWER,
        text="Rest.",
        finished=timezone.now(),
    )
    client = at_the_desk(doctor)

    client.post(
        f"/conversations/{talk.pk}/corrections/{answer.pk}/",
        {"text": "Rest and drink."},
    )

    answer.refresh_from_db()
    assert (answer.text, answer.corrected_text) == ("Rest.", "Rest and drink.")
    assert answer.corrected_by == doctor


def test_who_comes_too_late_is_told_who_has_it() -> None:
    first = make_person(Role.NURSE)
    first.first_name, first.last_name = "Nora", "Ito"
    first.save()
    talk, late = waiting_talk(), at_the_desk(make_person(Role.CLINICIAN))
    at_the_desk(first).post(f"/conversations/{talk.pk}/taking/")

    answer = late.post(f"/conversations/{talk.pk}/taking/", follow=True)

    assert "Nora Ito has taken this conversation already." in answer.text
