"""A long message condensed to what it asks: weighted terms, and the kinds of question."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hospital.knowledge.retrieval.tokens import terms

_TABLES = Path(__file__).with_name("words.toml")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|(?<=[。？！；])|\n")
SAID = 0.5  # weight of what is told, beside what is asked
LONGEST = 8000  # characters; what asks stands near the ends of a longer message
ENCODED = 900  # characters of a message that its vector is made of


@dataclass(frozen=True, slots=True)
class Question:
    """A message as retrieval reads it.

    Attributes:
        terms: Weight by term, in (0, 1].
        text: What its vector is made of.
        qtypes: Kinds of text that would answer it; empty when it names none.
    """

    terms: dict[str, float]
    text: str
    qtypes: frozenset[str]


def condense(message: str) -> Question:
    """Return what a message asks.

    The first line of several counts as its subject. The subject and the sentences that ask
    weigh twice what the rest does; where no sentence asks, everything is the question.
    """
    subject, sentences = _parts(message)
    asking = [sentence for sentence in sentences if _asks().search(sentence)]
    asked = [subject, *(asking or sentences)]
    weights = dict.fromkeys(_subject_terms(message), SAID)
    for part in asked:
        weights.update(dict.fromkeys(_subject_terms(part), 1.0))
    focused = " ".join(part for part in asked if part)
    return Question(
        terms=weights,
        text=message if len(message) <= ENCODED else focused[:ENCODED],
        qtypes=_kinds_in(focused),
    )


def cut(message: str) -> str:
    """Return a message without the middle of what is too long to be a question."""
    if len(message) <= LONGEST:
        return message
    return f"{message[: LONGEST // 2]}\n{message[-LONGEST // 2 :]}"


def _parts(message: str) -> tuple[str, list[str]]:
    first, is_several, rest = message.strip().partition("\n")
    if not is_several:
        first, rest = "", first
    sentences = [piece.strip() for piece in _SENTENCE_END.split(rest)]
    return first.strip(), [sentence for sentence in sentences if sentence]


def _subject_terms(text: str) -> list[str]:
    english, chinese = _stops()
    return [
        term
        for term in terms(chinese.sub(" ", text))
        if term not in english and (len(term) > 1 or not term.isascii())
    ]


def _kinds_in(text: str) -> frozenset[str]:
    return frozenset(
        qtype
        for pattern, qtypes in _kinds()
        if pattern.search(text)
        for qtype in qtypes
    )


# Any: what TOML holds is known only once it is read.
@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_TABLES.read_text(encoding="utf-8"))


@cache
def stop_terms() -> frozenset[str]:
    """Return the English terms that say nothing of a subject."""
    return frozenset(terms(_tables()["stop_en"]))


@cache
def _stops() -> tuple[frozenset[str], re.Pattern[str]]:
    longest_first = sorted(_tables()["stop_zh"].split(), key=len, reverse=True)
    return stop_terms(), re.compile("|".join(longest_first))


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(f"{_tables()['asks_en']}|{_tables()['asks_zh']}", re.IGNORECASE)


@cache
def _kinds() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple(
        (re.compile(f"{kind['en']}|{kind['zh']}", re.IGNORECASE), tuple(kind["qtypes"]))
        for kind in _tables()["kinds"]
    )
