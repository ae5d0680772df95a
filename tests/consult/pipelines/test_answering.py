import re
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from consult.api.serializers import TurnSerializer
from consult.models import Author, Conversation, Guidance, Kind, State, Turn, TurnState
from consult.selectors.suggestions import suggestions
from consult.services.answers import answer_again, stop_answer
from hospital.env import DataFolder
from hospital.jobs.models import Job, JobState
from hospital.knowledge.models import Entry, Library
from hospital.notices.models import Notice
from tests.consult.talks import strangers_talk, write
from tests.hospital.knowledge.rows import make_entry, make_library, make_passage
from tests.jobs import run_here

pytestmark = pytest.mark.django_db
CARE = "Drink enough and rest. Call {emergency_number} when it is hard to breathe."


@pytest.fixture(autouse=True)
def library(settings: Settings, tmp_path: Path) -> None:
    """Two topics, whose index is kept in a folder of the test's own."""
    settings.VAR = DataFolder(tmp_path)
    shelf = make_library("anji", name="Anji")
    for name, title, care in (
        ("common-cold", "Common cold", CARE),
        ("gout", "Gout", "Rest the joint and cool it."),
    ):
        entry = make_entry(shelf, external_id=name, title=title)
        for kind, heading, text in (
            ("information", "What it is", f"{title} is common. It is well understood."),
            ("self_care", "What you can do yourself", care),
            ("see_doctor", "When to see a doctor", "See a doctor when it lasts."),
        ):
            make_passage(
                entry,
                citation=f"{name}/en#{kind}",
                heading=heading,
                qtype=kind,
                text=text,
            )


def answered(text: str, conversation: Conversation | None = None) -> Turn:
    """Return the bot's answer to a message, made by its job."""
    answer = write(conversation or strangers_talk(), text).answer
    assert answer is not None
    assert answer.job is not None
    run_here(answer.job)
    answer.refresh_from_db()
    return answer


def test_a_question_is_answered_with_the_librarys_own_sentences() -> None:
    Guidance.objects.create(emergency_number="999")

    answer = answered("What can I do myself about a common cold?")

    assert (answer.state, answer.kind) == (TurnState.DONE, Kind.ANSWER)
    texts = {each["id"]: each["text"] for each in answer.answer["passages"]}
    assert "common-cold/en#self_care" in texts
    assert "Call 999 when" in texts["common-cold/en#self_care"]
    for sentence in answer.answer["sentences"]:
        assert sentence["passages"]
        assert all(sentence["text"] in texts[each] for each in sentence["passages"])
    assert Job.objects.get(pk=answer.job_id).state == JobState.SUCCEEDED


def test_how_much_was_found_is_told_and_writing_only_where_somebody_writes(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "consult.services.telling.publish_all",
        lambda _topic, events: told.extend(
            data["words"] for event, data in events if event == "status"
        ),
    )

    with django_capture_on_commit_callbacks(execute=True):
        answer = answered("What can I do myself about a common cold?")

    assert answer.kind == Kind.ANSWER
    assert told[0] == "Your question waits for its turn…"
    assert told[1] == "Searching the library…"
    assert re.fullmatch(r"Searching the library… [1-9] passages? found", told[2])
    assert told[3:] == []


def test_a_question_in_traditional_characters_is_answered_in_simplified_ones() -> None:
    gout = make_entry(
        Library.objects.get(), external_id="gout", lang="zh", title="痛风", focus="痛风"
    )
    text = "痛风发作时要多喝水，少喝酒，尽快看医生。"
    make_passage(gout, citation="gout/zh#self_care", heading="痛风", text=text)

    answer = answered("痛風發作的時候怎麼辦？")

    assert answer.kind == Kind.ANSWER
    assert answer.answer["passages"][0]["id"] == "gout/zh#self_care"


def test_what_the_library_does_not_know_is_not_made_up() -> None:
    answer = answered("How do I fix a bicycle chain on a rainy Sunday?")

    assert (answer.kind, answer.abstained) == (Kind.ABSTAINED, True)
    assert "no answer is made up" in answer.text
    assert answer.answer["passages"] == []


def test_a_refusal_says_why_and_what_is_possible_instead() -> None:
    answer = answered("What dose of my blood thinner should I take today?")

    assert answer.kind == Kind.REFUSAL
    assert answer.answer["why"]
    assert answer.answer["instead"]
    assert answer.text.startswith(answer.answer["why"])


def test_a_complaint_is_asked_about_one_question_at_a_time() -> None:
    answer = answered("I have a headache")

    assert answer.kind == Kind.QUESTION
    assert answer.answer["follow"]["text"] == answer.text
    assert answer.answer["follow"]["chips"]


def test_a_question_without_a_topic_is_looked_for_with_the_one_before() -> None:
    talk = strangers_talk()
    answered("What is gout?", talk)

    answer = answered("What can I do myself about it?", talk)

    assert {each["title"] for each in answer.answer["passages"]} == {"Gout"}


@pytest.mark.parametrize("is_all_said", [False, True])
def test_the_last_answer_repeats_nothing_that_stands_above(
    is_all_said: bool,  # noqa: FBT001
) -> None:
    if not is_all_said:
        gout = Entry.objects.get(external_id="gout")
        for kind in ("symptoms", "causes"):
            make_passage(
                gout,
                citation=f"gout/en#{kind}",
                heading=kind,
                qtype=kind,
                text=f"These are the {kind} of gout. A joint is red in most people.",
            )
    talk = strangers_talk()
    answer = answered("My joint hurts. What can I do myself about gout?", talk)
    above = {each["id"] for each in answer.answer["passages"]}

    while question := answer.answer.get("follow"):
        answer = answered((question["chips"] or ["35"])[-1], talk)

    below = {each["id"] for each in answer.answer["passages"]}
    assert above
    assert above.isdisjoint(below)
    assert bool(below) is not is_all_said
    assert ("stands above and still holds" in answer.text) is is_all_said
    assert not answer.abstained


def test_an_answer_that_was_stopped_is_not_made() -> None:
    answer = write(strangers_talk(), "What is gout?").answer
    assert answer is not None
    stop_answer(conversation=answer.conversation)
    job = Job.objects.get(pk=answer.job_id)
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, cancel_requested=None)

    run_here(job)

    answer.refresh_from_db()
    assert (answer.state, answer.text) == (TurnState.STOPPED, "")


def test_a_job_that_runs_twice_leaves_one_answer() -> None:
    answer = answered("What is gout?")
    Job.objects.filter(pk=answer.job_id).update(state=JobState.QUEUED)

    run_here(Job.objects.get(pk=answer.job_id))

    assert Turn.objects.filter(author=Author.BOT).count() == 1
    assert Turn.objects.get(pk=answer.pk).text == answer.text


def test_two_questions_without_an_answer_call_a_person() -> None:
    conversation = strangers_talk()
    for _time in range(2):
        answered("How do I fix a bicycle chain on a rainy Sunday?", conversation)

    assert Conversation.objects.get().state == State.WAITING


def test_what_may_be_asked_next_are_the_other_sections_of_what_was_quoted() -> None:
    asked_next = suggestions(["gout/en#self_care", "gout/en#information"])

    assert asked_next == ["Gout: When to see a doctor"]


def again(answer: Turn) -> Turn:
    """Return what the bot answers when another answer is wanted."""
    other = answer_again(conversation=answer.conversation)
    assert other.job is not None
    run_here(other.job)
    other.refresh_from_db()
    return other


def test_another_answer_quotes_other_passages_or_says_that_there_are_none() -> None:
    cold = Entry.objects.get(external_id="common-cold")
    for kind, heading, text in (
        ("symptoms", "Symptoms", "A common cold brings a runny nose. A cough follows."),
        ("causes", "Causes", "Viruses cause a common cold. They pass by the hands."),
    ):
        make_passage(
            cold,
            citation=f"common-cold/en#{kind}",
            heading=heading,
            qtype=kind,
            text=text,
        )
    first = answered("What can I do myself about a common cold?")
    seen = {each["id"] for each in first.answer["passages"]}

    for _time in range(4):
        other = again(first)
        cited = {each["id"] for each in other.answer["passages"]}
        if cited & seen:
            break
        seen |= cited

    assert other.answer["sentences"][0]["passages"] == []
    assert "no other passage" in other.answer["sentences"][0]["text"]
    assert other.answer["sentences"][1]["passages"]
    assert seen > {each["id"] for each in first.answer["passages"]}


def test_who_wants_a_visit_is_told_how_and_that_none_is_booked_here() -> None:
    faq = make_entry(external_id="hospital-faq", title="Hospital FAQ")
    make_passage(
        faq,
        citation="hospital-faq/en#book",
        heading="How do I book a visit?",
        qtype="faq",
        text="You can book by phone. The desk helps, too.",
    )

    answer = answered("I want to book an appointment")

    assert answer.kind == Kind.ANSWER
    assert answer.answer["needs"] == "person"
    first, *quoted = answer.answer["sentences"]
    assert first["text"].startswith("I cannot book, change or cancel a visit here.")
    assert [each["text"] for each in quoted] == [
        "You can book by phone.",
        "The desk helps, too.",
    ]
    assert all(each["passages"] == ["hospital-faq/en#book"] for each in quoted)


@pytest.mark.parametrize(
    ("text", "lang", "heard", "told"),
    [
        (
            "I want to make a complaint about a rude nurse",
            "en",
            "I am sorry about what happened",
            "Go to the complaints office.",
        ),
        ("我要投诉，护士态度很差", "zh", "很抱歉让您遇到这样的事", "请找投诉办公室。"),
    ],
)
def test_a_complaint_is_heard_with_the_way_to_make_it_and_a_person(
    text: str, lang: str, heard: str, told: str
) -> None:
    topic = "complaints-and-second-opinion"
    citation = f"{topic}/{lang}#procedure"
    entry = make_entry(external_id=topic, lang=lang)
    make_passage(entry, citation=citation, text=told)

    answer = answered(text)

    assert (answer.kind, answer.answer["needs"]) == (Kind.ANSWER, "person")
    first, quoted = answer.answer["sentences"]
    assert first["text"].startswith(heard)
    assert (quoted["text"], quoted["passages"]) == (told, [citation])


def test_two_angry_messages_in_a_row_offer_a_person_and_call_nobody() -> None:
    conversation = strangers_talk()

    first = answered("What is gout? This is ridiculous", conversation)
    second = answered("你们这是什么态度，气死我了，痛风是什么", conversation)
    conversation.refresh_from_db()

    offers = [each.answer["offers_person"] for each in (first, second)]
    assert offers == [False, True]
    assert (conversation.state, conversation.angry_turns) == (State.BOT, 2)
    assert TurnSerializer(second).data["offers_person"] is True
    assert not Notice.objects.exists()


def test_a_calm_message_between_two_angry_ones_offers_nothing() -> None:
    conversation = strangers_talk()

    answers = [
        answered(text, conversation)
        for text in (
            "Useless bot, what is gout?",
            "What is gout?",
            "Useless bot, gout?",
        )
    ]

    assert [each.answer["offers_person"] for each in answers] == [False] * 3


def test_what_stands_on_a_danger_card_is_not_said_again_below_it() -> None:
    answer = write(strangers_talk(), "What is gout?").answer
    assert answer is not None
    assert answer.question is not None
    answer.question.card = {"steps": ["Gout is common."]}
    answer.question.save()
    assert answer.job is not None

    run_here(answer.job)

    answer.refresh_from_db()
    texts = [each["text"] for each in answer.answer["sentences"]]
    assert texts
    assert "Gout is common." not in texts


@pytest.mark.parametrize(
    ("text", "said"),
    [("hello", "Hello."), ("thanks, bye", "You are welcome."), ("您好！", "您好。")],
)
def test_who_is_only_polite_gets_a_polite_word_and_counts_as_no_failure(
    text: str, said: str
) -> None:
    answer = answered(text)

    assert answer.text.startswith(said)
    assert (answer.kind, answer.abstained) == (Kind.QUESTION, False)
    assert answer.answer["cares"] is False
    assert Conversation.objects.get().failures == 0


def test_an_insult_gets_no_department_and_the_way_to_a_person() -> None:
    answer = answered("you are a useless stupid machine")

    assert answer.text.startswith("I am sorry")
    assert answer.answer["cares"] is False


def test_who_tells_a_complaint_is_told_how_soon_and_where() -> None:
    answer = answered("I have a common cold. What can I do myself?")

    assert answer.answer["cares"] is True
