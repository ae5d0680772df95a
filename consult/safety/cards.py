"""The card that a danger shows first: what to do now, and whom to call.

The words are data with their source; the numbers are the hospital's own.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal  # Any: a table as its file has it

from consult.language.detect import Language
from consult.safety.check import Finding
from consult.safety.levels import LEVELS

CardKind = Literal["medical", "self_harm", "poisoning", "abuse"]
Service = Literal["emergency", "crisis", "poison", "police"]
_TABLE = Path(__file__).with_name("cards.toml")


@dataclass(frozen=True, slots=True)
class Card:
    """What to do in a danger, in one language, with its numbers filled in."""

    id: str
    kind: CardKind
    title: str
    steps: tuple[str, ...]
    calls: tuple[tuple[Service, str], ...]


def card_for(
    findings: Sequence[Finding],
    *,
    language: Language,
    numbers: Mapping[Service, str],
) -> Card:
    """Return the card of the gravest finding; the general one where there is none.

    Args:
        findings: Rules that fired.
        language: The language of the talk.
        numbers: The hospital's numbers; a service without one is left out.
    """
    entry = min(
        (_entry(found.rule) for found in _gravest(findings)),
        key=_table().index,
        default=_table()[-1],
    )
    filled = {f"{service}_number": number for service, number in numbers.items()}
    return Card(
        id=entry["id"],
        kind=entry["kind"],
        title=entry["title"][language].format(**filled),
        steps=tuple(step.format(**filled) for step in entry["steps"][language]),
        calls=tuple(
            (service, numbers[service])
            for service in entry["calls"]
            if numbers.get(service)
        ),
    )


def _gravest(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of the highest level; people in a crisis before all others."""
    crises = [each for each in findings if each.kind in {"self_harm", "abuse"}]
    if crises:
        return crises
    highest = max((LEVELS.index(each.level) for each in findings), default=0)
    return [each for each in findings if LEVELS.index(each.level) == highest]


def _entry(rule: str) -> dict[str, Any]:
    return next(entry for entry in _table() if rule.startswith(tuple(entry["rules"])))


@cache
def _table() -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = tomllib.loads(_TABLE.read_text("utf-8"))["card"]
    return cards
