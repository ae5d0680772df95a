"""Every rule carries its source and examples, and keeps what they promise."""

import re

import pytest

from consult.language.detect import HAN
from consult.safety import check, rules
from consult.safety.rules_read import Rule

IS_HAN = re.compile(f"[{HAN}]")
EXAMPLES = [(rule.id, text) for rule in rules() for text in rule.examples]
COUNTER_EXAMPLES = [
    (rule.id, text) for rule in rules() for text in rule.counter_examples
]


def fired(text: str) -> list[str]:
    return [found.rule for found in check([text]).findings]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES)
def test_example_fires_its_rule(rule: str, text: str) -> None:
    assert rule in fired(text)


@pytest.mark.parametrize(("rule", "text"), COUNTER_EXAMPLES)
def test_counter_example_does_not(rule: str, text: str) -> None:
    assert rule not in fired(text)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_rule_names_its_source_and_speaks_each_of_its_languages(rule: Rule) -> None:
    spoken = {"zh" if IS_HAN.search(text) else "en" for text in rule.examples}

    assert rule.source
    assert rule.url.startswith("https://")
    assert rule.languages == ("en", "zh")
    assert spoken == set(rule.languages)
    assert rule.counter_examples
