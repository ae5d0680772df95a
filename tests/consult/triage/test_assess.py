"""Levels with their reasons, and departments by the codes of the contract."""

import pytest

from consult.dialogue import Request
from consult.dialogue.interview import State, next_step, summary_of
from consult.dialogue.turn import take_turn
from consult.safety.check import Person, check
from consult.safety.rules_read import rules
from consult.triage import DEPARTMENTS, name_zh
from consult.triage.complaints import complaints
from consult.triage.departments import departments
from consult.triage.reasons import reason_in_words
from tests.consult.cases import public_rows, said

BURNS = "My stomach hurts and I have heartburn"


@pytest.mark.parametrize(
    ("text", "level", "department"),
    [
        ("I have had a runny nose for two days", "self_care", "general medicine"),
        ("流鼻涕两天了", "self_care", "general medicine"),
        ("我甲状腺有结节", "routine", "endocrinology"),
        ("my knee hurts", "self_care", "orthopaedics"),
        ("耳朵痛", "routine", "ENT"),
        ("severe ear pain", "urgent", "ENT"),
        ("宝宝拉肚子", "urgent", "gastroenterology"),
        ("hello", "routine", "general medicine"),
    ],
)
def test_complaints_have_their_level_and_place(
    text: str, level: str, department: str
) -> None:
    outcome = said(text)

    assert outcome.level == level
    assert department in outcome.departments
    assert len(outcome.departments) <= 3


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("cough for 3 days", "routine"),
        ("拉肚子一天了", "routine"),
        ("耳朵痛两天", "routine"),
        ("rash on my arm for 2 days", "routine"),
        ("severe ear pain for two days", "urgent"),
        ("blood in my urine", "urgent"),
        ("尿血两天", "urgent"),
    ],
)
def test_a_bare_complaint_is_urgent_by_a_sign_alone(text: str, level: str) -> None:
    outcome = said(text)

    assert outcome.level == level
    assert level in {reason.level for reason in outcome.reasons}


def test_emergency_begins_with_its_department() -> None:
    outcome = said("crushing chest pain and sweating")

    assert outcome.departments == ("emergency", "cardiology", "respiratory medicine")
    assert outcome.reasons[0].code == "emergency.chest.pressure"


def test_every_department_has_a_chinese_name() -> None:
    assert len(DEPARTMENTS) == 32
    assert name_zh("ENT") == "耳鼻喉科"


def test_the_youngest_and_oldest_are_not_left_to_themselves() -> None:
    assert said("runny nose", age=30).level == "self_care"
    assert said("runny nose", age=80).level == "routine"


@pytest.mark.realdata
def test_red_flags_of_the_public_vignettes_escalate() -> None:
    rows = public_rows(
        "triage/vignettes.jsonl",
        "triage/vignettes_extended.jsonl",
        "triage/vignettes_realworld.jsonl",
    )

    escalated = {True: [0, 0], False: [0, 0]}
    for row in rows:
        asked, labels = row["input"], row["labels"]
        outcome = said(
            f"{asked['chief_complaint']}. {asked['history']}",
            **asked["demographics"],
            vitals=asked["vitals"],
        )
        counts = escalated[labels["gold_escalation_required"]]
        counts[0] += outcome.level in {"urgent", "emergency"}
        counts[1] += 1

    assert escalated[True][1] + escalated[False][1] == 154
    assert escalated[True][0] / escalated[True][1] >= 0.98
    assert escalated[False][0] / escalated[False][1] <= 0.25


@pytest.mark.parametrize(
    ("text", "departments"),
    [
        ("I want to kill myself, my knee hurts too", ("emergency", "psychiatry")),
        ("我不想活了，胃也疼", ("emergency", "psychiatry")),
        ("孩子最近自残", ("emergency", "psychiatry")),
    ],
)
def test_beside_a_crisis_no_other_place_is_named(
    text: str, departments: tuple[str, ...]
) -> None:
    assert said(text).departments == departments


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I want to talk to a person about my knee", "orthopaedics rehabilitation"),
        ("我想和人工聊聊膝盖", "orthopaedics rehabilitation"),
    ],
)
def test_a_wish_for_a_person_tells_of_no_illness(text: str, codes: str) -> None:
    assert said(text).departments == tuple(codes.split())
    assert said("I want to talk to a person").departments == ("general medicine",)


def test_liver_disease_belongs_to_gastroenterology() -> None:
    assert said("肝病看什么科").departments[0] == "gastroenterology"


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    codes = [rule.id for rule in rules()]
    codes += [f"complaint.{each.concept}" for each in complaints()]

    for code in [*codes, "nothing_named", "interview.severity"]:
        english, chinese = reason_in_words(code, "en"), reason_in_words(code, "zh")
        assert code not in (english, chinese)
        assert english.isascii()
        assert not chinese.isascii()


@pytest.mark.parametrize(
    "text", ["花粉过敏自己可以怎么办？", "What can I do myself against hay fever?"]
)
def test_nobody_calm_is_sent_to_the_emergency_doctors_by_words_alone(text: str) -> None:
    codes = departments(check((text,)), level="self_care", age=None)

    assert codes
    assert "emergency" not in codes


@pytest.mark.parametrize(
    ("text", "offered", "codes"),
    [
        (BURNS, None, ("gastroenterology", "general surgery")),
        (BURNS, {"general medicine", "radiology"}, ("general medicine",)),
        (BURNS, {"general surgery", "radiology"}, ("general surgery",)),
        (BURNS, {"radiology"}, ()),
        ("I want to kill myself", {"emergency", "dental"}, ("emergency",)),
        ("I want to kill myself", {"general medicine"}, ("general medicine",)),
    ],
)
def test_only_departments_that_the_hospital_has_are_offered(
    text: str, offered: set[str] | None, codes: tuple[str, ...]
) -> None:
    outcome = take_turn(Request((text,), None, Person()), offered=offered)

    assert outcome.departments == codes


def test_a_summary_names_no_department_where_the_hospital_has_none_that_fits() -> None:
    here, nowhere = (
        summary_of(next_step(State(), "My tooth hurts", offered=offered).state)
        for offered in ({"dental"}, {"radiology"})
    )

    assert "dental" in here.text("en")
    assert "epartment" not in nowhere.text("en")
