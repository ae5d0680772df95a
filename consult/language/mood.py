"""How somebody feels, for routing only: who is distressed or angry sooner meets a person.

Rules are data (`mood.toml`), each with id, source, languages and examples. A mood never
changes a level of urgency, and is never told to the person.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from consult.language.concepts_read import Reading
from consult.language.errors import LanguageDataError
from consult.language.patterns import Pattern, compile_pattern
from consult.language.standing import frame_of

Mood = Literal["calm", "worried", "angry", "distressed"]
MOODS: tuple[Mood, ...] = get_args(Mood)  # in the order in which a person is needed
_RULES = Path(__file__).with_name("mood.toml")


@dataclass(frozen=True, slots=True)
class MoodRule:
    """One rule: its patterns say the mood, unless one of `unless` is in the sentence."""

    id: str
    mood: Mood
    source: str
    patterns: tuple[Pattern, ...]
    keys: frozenset[str]  # of all its patterns
    unless: tuple[Pattern, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


def mood_of(reading: Reading) -> Mood:
    """Return the mood that the sentences say, the one that most needs a person."""
    found = {rule.mood for rule in _fired(reading)}
    return max(found, key=MOODS.index, default="calm")


def mood_rules_of(reading: Reading) -> tuple[str, ...]:
    """Return the ids of the rules that fired."""
    return tuple(rule.id for rule in _fired(reading))


def _fired(reading: Reading) -> list[MoodRule]:
    return [
        rule
        for rule in mood_rules()
        if any(
            _is_in(rule.patterns, sentence.text, sentence.keys)
            and not _is_in(rule.unless, sentence.text, sentence.keys)
            and not frame_of(sentence.text).is_fiction
            for sentence in reading.sentences
            if not rule.keys.isdisjoint(sentence.keys)
        )
    ]


def _is_in(patterns: tuple[Pattern, ...], text: str, keys: frozenset[str]) -> bool:
    return any(
        pattern.may_be_in(keys) and pattern.regex.search(text) for pattern in patterns
    )


@cache
def mood_rules() -> tuple[MoodRule, ...]:
    """Return every rule, in the order of the file."""
    table = tomllib.loads(_RULES.read_text(encoding="utf-8"))
    rules = []
    for entry in table["rule"]:
        if entry["mood"] not in MOODS:
            message = f"rule {entry['id']} has an unknown mood {entry['mood']!r}"
            raise LanguageDataError(message)
        patterns = tuple(map(compile_pattern, (*entry["en"], *entry["zh"])))
        rules.append(
            MoodRule(
                id=entry["id"],
                mood=entry["mood"],
                source=entry["source"],
                patterns=patterns,
                keys=frozenset[str]().union(*(each.keys for each in patterns)),
                unless=tuple(map(compile_pattern, entry.get("unless", ()))),
                examples=tuple(entry["examples"]),
                counter_examples=tuple(entry["counter_examples"]),
            )
        )
    return tuple(rules)
