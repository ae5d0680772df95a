"""What a plain cause in the same talk explains: of that, the words alone raise no alarm.

Vomiting weighs like an emergency, and with diarrhoea it is an upset stomach; a swollen face
does, and beside a bad tooth it is an abscess. The causes are data (`explained.toml`). Rules
hear as before whatever is explained; only what words weigh together is weighed without it.
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from consult.language.concepts_read import Reading, concept_names
from consult.safety.errors import SafetyDataError

_TABLE = Path(__file__).with_name("explained.toml")


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause.

    Attributes:
        by: The concepts that must be there, all of them.
        unless: With one of these nothing is explained.
        explains: The concepts whose words are left out.
    """

    by: frozenset[str]
    unless: frozenset[str]
    explains: frozenset[str]


def unexplained(reading: Reading) -> Reading | None:
    """Return the reading without what a plain cause explains; None where there is none."""
    present = reading.concepts("present")
    explained = frozenset[str]().union(
        *(
            cause.explains
            for cause in _causes()
            if cause.by <= present and cause.unless.isdisjoint(present)
        )
    )
    if not explained:
        return None
    words: dict[int, set[str]] = defaultdict(set)
    for each in reading.mentions:
        if each.concept in explained:
            words[each.sentence].add(each.words)
    return Reading(
        sentences=tuple(
            replace(each, text=_without(words[each.number], each.text))
            for each in reading.sentences
        ),
        mentions=tuple(
            each for each in reading.mentions if each.concept not in explained
        ),
    )


def _without(words: set[str], text: str) -> str:
    for each in sorted(words, key=len, reverse=True):
        text = text.replace(each, " ")
    return text


@cache
def _causes() -> tuple[Cause, ...]:
    tables = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["cause"]
    causes = tuple(
        Cause(*(frozenset(table[name]) for name in ("by", "unless", "explains")))
        for table in tables
    )
    named = frozenset[str]().union(
        *(each.by | each.unless | each.explains for each in causes)
    )
    if named - concept_names():
        message = f"causes name unknown concepts: {sorted(named - concept_names())}"
        raise SafetyDataError(message)
    return causes
