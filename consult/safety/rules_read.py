"""The rules of safety, read from their files: each with id, source, languages, examples."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args  # Any: a table as its file has it

from consult.language.concepts_read import concept_names
from consult.language.detect import Language
from consult.safety.errors import SafetyDataError
from consult.safety.levels import LEVELS, Level

Kind = Literal["self_harm", "emergency", "abuse", "poisoning"]
_RULES = Path(__file__).with_name("rules")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it fires when each group has a concept that is present now.

    `together` asks for all groups in one sentence or its neighbours. `unless` names
    concepts that take it back. `asked` counts what is put as a question too: who asks which
    way does not hurt is not asking in general. `past` counts what is over too. Ages are in years; `pregnant` asks for a pregnancy.
    """

    id: str
    kind: Kind
    level: Level
    languages: tuple[Language, ...]
    source: str
    url: str
    groups: tuple[frozenset[str], ...]
    unless: frozenset[str]
    together: bool
    asked: bool
    past: bool
    min_age: float | None
    max_age: float | None
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the files."""
    read = [
        _rule(table)
        for path in sorted(_RULES.glob("*.toml"))
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    ]
    ids = [rule.id for rule in read]
    doubled = {name for name in ids if ids.count(name) > 1}
    if doubled:
        message = f"rules with the same id: {sorted(doubled)}"
        raise SafetyDataError(message)
    return tuple(read)


def _rule(table: dict[str, Any]) -> Rule:  # Any: as tomllib gives it
    groups = tuple(frozenset(group) for group in table["groups"])
    unless = frozenset(table.get("unless", ()))
    unknown = frozenset[str]().union(*groups, unless) - concept_names() - COUNTED
    if unknown:
        message = f"rule {table['id']} names unknown concepts: {sorted(unknown)}"
        raise SafetyDataError(message)
    if table["kind"] not in get_args(Kind) or table["level"] not in LEVELS:
        message = f"rule {table['id']} has an unknown kind or level"
        raise SafetyDataError(message)
    return Rule(
        id=table["id"],
        kind=table["kind"],
        level=table["level"],
        languages=tuple(table["languages"]),
        source=table["source"],
        url=table["url"],
        groups=groups,
        unless=unless,
        together=bool(table.get("together", False)),
        asked=bool(table.get("asked", False)),
        past=bool(table.get("past", False)),
        min_age=table.get("min_age"),
        max_age=table.get("max_age"),
        examples=tuple(table.get("examples", ())),
        counter_examples=tuple(table.get("counter_examples", ())),
    )


# Concepts that are counted or passed along, not written: see `check`.
COUNTED = frozenset(
    {
        *("many_counted", "many_at_once"),
        *("is_pregnant", "weighs_self_harm", "weighs_emergency"),
    }
)
