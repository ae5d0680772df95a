"""Who has which report explained, and what an explanation may say."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from consult.models import OF_A_REPORT, Conversation, Kind, Turn
from consult.pipelines.answering import history_of
from hospital.accounts.models import Role, User
from hospital.audit.models import Access
from hospital.records.models import DiagnosticReport
from tests.consult.language.generators.service import serving
from tests.consult.pipelines.test_answering import (
    answered,
    library,  # noqa: F401 (the fixture)
)
from tests.consult.talks import persons_talk, strangers_talk
from tests.hospital.knowledge.rows import make_entry, make_passage
from tests.rows import NOON, make_department, make_patient, make_person

pytestmark = pytest.mark.django_db
ASKS = "Can you explain my report?"
IMPRESSION = "Consolidation in the right lower lobe."
PASTED = f"""Name: Ning Li, phone 13800138000
FINDINGS: No midline shift. {IMPRESSION}
IMPRESSION: Findings are consistent with gout."""


@pytest.fixture(autouse=True)
def glossary(library: None) -> None:  # noqa: F811 (the fixture)
    for lang, heading, text in (
        ("en", "What does “consolidation” mean?", "The lung looks white. It heals."),
        ("zh", "“实变”是什么意思？", "肺看起来是白的。会好的。"),
    ):
        entry = make_entry(external_id="words", lang=lang, title=f"Words {lang}")
        make_passage(
            entry,
            citation=f"words/{lang}#consolidation",
            heading=heading,
            qtype="faq",
            text=text,
        )


def patient_with(*titles: str, **fields: object) -> User:
    """Return a patient's account with signed reports, the first the newest."""
    user = make_person(Role.PATIENT)
    patient = make_patient(user=user)
    signer = make_person(Role.CLINICIAN)
    signer.first_name, signer.last_name = "Mei", "Chen"
    signer.save()
    for days, title in enumerate(titles):
        DiagnosticReport.objects.create(
            patient=patient,
            department=make_department(f"dept-{title.lower()}-{days}"),
            code="24627-2",
            title=title,
            impression=IMPRESSION,
            findings="No pleural fluid.\nHeart of normal size.",
            issued=NOON - timedelta(days=days),
            signed_by=signer,
            **fields,
        )
    return user


def parts_of(answer: Turn) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for sentence in answer.answer["sentences"]:
        parts.setdefault(sentence["under"], []).append(sentence["text"])
    return parts


def test_a_patients_own_report_is_quoted_and_its_words_are_explained() -> None:
    user = patient_with("Chest", assistance=[{"model": "ct-covid", "version": "1"}])
    report = DiagnosticReport.objects.get()

    answer = answered(ASKS, persons_talk(user))

    parts = parts_of(answer)
    assert answer.kind == Kind.REPORT
    assert parts["What the doctor concluded"] == [IMPRESSION]
    assert parts["What was seen"] == ["No pleural fluid.", "Heart of normal size."]
    assert parts["Who signed it"][0].startswith("Signed by Mei Chen on ")
    assert parts["Who signed it"][1].endswith("medical device): ct-covid 1.")
    assert any("no diagnosis" in each for each in parts["What this is not"])
    assert "Whom to ask" in parts
    word = next(each for each in answer.answer["sentences"] if each.get("term"))
    assert word == {
        "text": "The lung looks white. It heals.",
        "passages": ["words/en#consolidation", f"report:{report.pk}"],
        "under": "Words in it, explained by the library",
        "term": "Consolidation",
        "where": IMPRESSION,
    }
    cited = {each["id"]: each for each in answer.answer["passages"]}
    assert cited[f"report:{report.pk}"]["href"] == f"/my/reports/{report.pk}/"
    for sentence in answer.answer["sentences"]:
        for citation in sentence["passages"][:1]:
            assert sentence["text"] in cited[citation]["text"]
    opened = Access.objects.get(action="explain")
    assert (opened.user, opened.record_id) == (user, str(report.pk))


def test_of_several_reports_the_patient_chooses_by_date() -> None:
    conversation = persons_talk(patient_with("Chest", "Head"))

    asked = answered(ASKS, conversation)

    chips = asked.answer["follow"]["chips"]
    assert [chip[:7] for chip in chips] == ["Chest ·", "Head · "]
    assert not Access.objects.filter(action="explain").exists()
    chosen = answered(chips[1], conversation)
    assert chosen.answer["passages"][0]["title"] == "Head"


def test_a_chinese_talk_explains_an_english_report_in_chinese() -> None:
    answer = answered("帮我看看我的报告", persons_talk(patient_with("Chest")))

    word = next(each for each in answer.answer["sentences"] if each.get("term"))
    assert (word["term"], word["text"]) == ("Consolidation", "肺看起来是白的。会好的。")


@pytest.mark.parametrize(
    ("who", "told", "needs"),
    [
        ("stranger", "You are not signed in", "sign_in"),
        ("other patient", "There is no signed report of yours yet", ""),
        ("patient without a record", "not tied to a record yet", ""),
        ("clinician", "Only patients have their own reports", ""),
    ],
)
def test_nobody_elses_report_is_explained(who: str, told: str, needs: str) -> None:
    patient_with("Chest")
    label = f"Chest · {NOON:%Y-%m-%d}"
    talk: Conversation
    if who == "stranger":
        talk = strangers_talk()
    elif who == "clinician":
        ward = DiagnosticReport.objects.get().department
        talk = persons_talk(make_person(Role.CLINICIAN, ward))
    else:
        other = make_person(Role.PATIENT)
        if who == "other patient":
            make_patient(user=other)
        talk = persons_talk(other)

    answer = answered(f"Explain my report: {label}", talk)

    assert answer.kind == Kind.REPORT
    assert told in parts_of(answer)["What is possible"][0]
    assert answer.answer["needs"] == needs
    assert IMPRESSION not in str(answer.answer)
    assert not Access.objects.filter(action="explain").exists()


def test_a_pasted_report_is_explained_word_by_word_and_no_generator_reads_it(
    settings: LazySettings,
) -> None:
    with serving() as service:
        settings.GENERATOR = "endpoint"
        settings.GENERATOR_URL = f"http://127.0.0.1:{service.port}/says"
        settings.GENERATOR_MODEL = "ward-model"
        settings.LANGUAGE_ALLOWED_HOSTS = ["127.0.0.1"]
        talk = strangers_talk()

        answer = answered(PASTED, talk)

        assert service.asked == []
    assert answer.kind == Kind.REPORT
    assert [each["term"] for each in answer.answer["sentences"] if "term" in each] == [
        "Consolidation"
    ]
    assert "Whom to ask" in parts_of(answer)
    answer.number += 1
    assert list(history_of(answer)) == []
    assert talk.turns.filter(OF_A_REPORT).count() == 2


def test_a_text_of_which_no_word_is_known_says_so() -> None:
    answer = answered("FINDINGS: Xyzzy.\nIMPRESSION: Plugh.", strangers_talk())

    words = parts_of(answer)["Words in it, explained by the library"]
    assert words == ["The library explains none of the words of this report yet."]
