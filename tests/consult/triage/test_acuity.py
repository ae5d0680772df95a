"""Five levels of acuity: each sign of a life in danger by its examples, and none lowered."""

import pytest

from consult.dialogue.interview import State, next_step
from consult.triage.acuity import acuity_name, signs
from consult.triage.reasons import reason_in_words
from tests.consult.cases import said

EXAMPLES = [(sign.code, text) for sign in signs() for text in sign.examples]
COUNTER = [(sign.code, text) for sign in signs() for text in sign.counter_examples]


@pytest.mark.parametrize(("code", "text"), EXAMPLES)
def test_example_of_a_life_in_danger_is_acuity_one(code: str, text: str) -> None:
    outcome = said(text)

    assert (outcome.level, outcome.acuity) == ("emergency", 1)
    assert code in outcome.grave_reasons
    assert reason_in_words(code, outcome.language) != code


@pytest.mark.parametrize(("code", "text"), COUNTER)
def test_counter_example_of_a_life_in_danger_is_not(code: str, text: str) -> None:
    assert code not in [reason.code for reason in said(text).reasons]
    assert said(text).acuity > 1


@pytest.mark.parametrize(
    ("text", "acuity"),
    [
        ("crushing chest pain and sweating", 2),
        ("胸口像石头压着，出冷汗", 2),
        ("I want to kill myself", 2),
        ("high fever", 3),
        ("高烧40度", 3),
        ("我甲状腺有结节", 4),
        ("流鼻涕两天了", 5),
    ],
)
def test_each_level_has_its_acuity(text: str, acuity: int) -> None:
    assert said(text).acuity == acuity


@pytest.mark.parametrize(
    ("spo2", "level", "acuity"),
    [(89.0, "emergency", 1), (91.0, "emergency", 2), (94.0, "urgent", 3)],
)
def test_measured_oxygen_counts(spo2: float, level: str, acuity: int) -> None:
    outcome = said("I feel unwell", age=50, vitals={"spo2": spo2})

    assert (outcome.level, outcome.acuity) == (level, acuity)


def test_nothing_later_makes_a_life_less_in_danger() -> None:
    first = next_step(State(), "I can't breathe")
    later = next_step(first.state, "It was a joke. Which clinic is for acne?")

    assert (first.acuity, later.acuity) == (1, 1)
    assert "immediate.breath" in later.state.why


def test_acuities_are_named_in_both_languages() -> None:
    assert [acuity_name(number, "zh") for number in range(1, 6)] == [
        *("濒危", "危重", "急症", "非急症", "居家护理")
    ]
    assert all(acuity_name(number, "en").isascii() for number in range(1, 6))
