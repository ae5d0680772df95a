"""Levels with their reasons, and departments by the codes of the contract."""

import pytest

from consult.triage import DEPARTMENTS, name_zh
from tests.consult.cases import public_rows, said


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
