"""The five levels of acuity: the four of urgency, and whose life is in danger now.

An emergency is 1 where a life-saving deed cannot wait, else 2; urgent is 3, routine 4 and
self-care 5. Names, signs and their sources are data (`data/acuity.toml`).
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any  # Any: a table as its file has it

from consult.language.concepts_read import concept_names
from consult.language.detect import Language
from consult.safety.check import Person, Safety
from consult.safety.errors import SafetyDataError
from consult.safety.levels import Level
from consult.safety.rules_read import rules

IMMEDIATE = 1
_TABLE = Path(__file__).with_name("data") / "acuity.toml"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a life in danger: a rule heard, with one concept of each group."""

    code: str
    rules: frozenset[str]
    groups: tuple[frozenset[str], ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


def acuity_of(level: Level, *, is_immediate: bool) -> int:
    """Return the acuity from 1, the gravest, to 5."""
    if level == "emergency" and is_immediate:
        return IMMEDIATE
    return next(
        number
        for number, entry in _entries().items()
        if entry["level"] == level and number != IMMEDIATE
    )


def acuity_name(number: int, language: Language) -> str:
    """Return what an acuity is called."""
    return str(_entries()[number]["name"][language])


def immediate_signs(safety: Safety, person: Person) -> Iterator[str]:
    """Yield the code of each sign that a life is in danger now."""
    heard = {each.rule for each in safety.heard if each.level == "emergency"}
    present = safety.reading.concepts("present")
    for sign in signs():
        if sign.rules & heard and all(group & present for group in sign.groups):
            yield sign.code
    if person.vitals.get("spo2", 100.0) < _table()["immediate"]["spo2_below"]:
        yield "immediate.spo2"


@cache
def signs() -> tuple[Sign, ...]:
    """Return every sign that is told in words."""
    read = tuple(
        Sign(
            code=entry["code"],
            rules=frozenset(entry["rules"]),
            groups=tuple(frozenset(group) for group in entry.get("with", ())),
            examples=tuple(entry["examples"]),
            counter_examples=tuple(entry["counter_examples"]),
        )
        for entry in _table()["immediate"]["sign"]
    )
    named = frozenset[str]().union(*(each.rules for each in read))
    wanted = frozenset[str]().union(*(group for each in read for group in each.groups))
    unknown = (named - {rule.id for rule in rules()}) | (wanted - concept_names())
    if unknown:
        message = f"signs name unknown rules or concepts: {sorted(unknown)}"
        raise SafetyDataError(message)
    return read


@cache
def _entries() -> dict[int, dict[str, Any]]:
    return {entry["number"]: entry for entry in _table()["acuity"]}


@cache
def _table() -> dict[str, Any]:  # Any: as tomllib gives it
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
