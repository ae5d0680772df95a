"""Moods by rule: each rule by its examples, and which mood wins."""

import pytest

from consult.language import read
from consult.language.mood import MoodRule, mood_of, mood_rules, mood_rules_of

EXAMPLES = [(rule.id, text) for rule in mood_rules() for text in rule.examples]
COUNTERS = [(rule.id, text) for rule in mood_rules() for text in rule.counter_examples]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES)
def test_example_fires_its_rule(rule: str, text: str) -> None:
    assert rule in mood_rules_of(read([text]))


@pytest.mark.parametrize(("rule", "text"), COUNTERS)
def test_counter_example_does_not(rule: str, text: str) -> None:
    assert rule not in mood_rules_of(read([text]))


@pytest.mark.parametrize("rule", mood_rules(), ids=lambda rule: rule.id)
def test_rule_names_its_source_and_examples_of_both_languages(rule: MoodRule) -> None:
    assert rule.source
    assert any(text.isascii() for text in rule.examples)
    assert any(not text.isascii() for text in rule.examples)


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("I have a cough", "calm"),
        ("我咳嗽三天了", "calm"),
        ("I'm worried it is serious. Your staff are useless", "angry"),
        ("气死我了，我受不了了，一直哭", "distressed"),
        ("in the film the girl can't stop crying", "calm"),
    ],
)
def test_the_mood_that_most_needs_a_person_wins(text: str, mood: str) -> None:
    assert mood_of(read([text])) == mood
