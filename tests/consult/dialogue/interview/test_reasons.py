"""The person reads why a level was given in plain words; staff read every reason."""

import pytest

from consult.dialogue.interview import State, next_step, why_for_patient
from consult.language.detect import Language
from consult.safety.rules_read import Rule, rules

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def why(*said: str) -> str:
    state = State()
    for text in said:
        step = next_step(state, text)
        state = step.state
    return why_for_patient(state.why, step.level, step.outcome.language)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["I have chest pain"], "Why: you told us: chest pain or pressure."),
        (["胸痛"], "为什么：您提到胸痛或胸闷。"),
        (["喘不上气"], "为什么：您提到现在喘不上气。"),
        (["I have a cough"], "Why: you told us: cough; so far no sign of danger."),
        (["hello"], "Why: so far you have told us of no sign of danger."),
        (["My back hurts", "yes"], "Why: you told us: back pain with numbness"),
        (["I have chest pain", "which clinic for acne?"], "chest pain or pressure"),
    ],
)
def test_a_person_reads_the_signs_that_the_level_stands_on(
    said: list[str], words: str
) -> None:
    assert words in why(*said)


def test_nobody_in_a_crisis_reads_what_was_concluded_of_them() -> None:
    assert why("I want to kill myself") == ""
    assert why("我不想活了") == ""


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_every_rule_has_words_for_the_person(rule: Rule) -> None:
    for language in LANGUAGES:
        words = why_for_patient([rule.id], rule.level, language)
        is_of_crisis = rule.kind in {"self_harm", "abuse"}
        assert bool(words) is not is_of_crisis
        assert "danger sign" not in words
        assert words.isascii() == (language == "en" or is_of_crisis)
