"""The questions, read from their files: of everybody, and the red flags of each complaint."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any  # Any: a table as its file has it

from consult.language.detect import Language
from consult.safety.levels import Level

_DATA = Path(__file__).with_name("data")
GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Question:
    """One question in the language of the talk, with answers that can be tapped."""

    code: str
    text: str
    chips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A question whose `yes` is a sign, and the level that the sign asks for.

    Attributes:
        of: The concepts of which one must be told for it to be asked; empty for all.
        seen: The concepts that answer it.
    """

    code: str
    level: Level
    of: frozenset[str]
    seen: frozenset[str]
    asks: dict[Language, str]
    sign: dict[Language, str]


@dataclass(frozen=True, slots=True)
class Group:
    """The complaints that are asked the same red flags."""

    name: str
    complaints: frozenset[str]
    flags: tuple[Flag, ...]
    asks_pregnancy: bool
    source: str
    url: str


@cache
def groups() -> dict[str, Group]:
    """Return every group by its name."""
    table = tomllib.loads((_DATA / "flags.toml").read_text(encoding="utf-8"))
    return {
        name: Group(
            name=name,
            complaints=frozenset(entry["complaints"]),
            flags=tuple(_flag(name, flag) for flag in entry["flag"]),
            asks_pregnancy=bool(entry.get("pregnancy", False)),
            source=entry["source"],
            url=entry["url"],
        )
        for name, entry in table.items()
    }


@cache
def flags() -> dict[str, Flag]:
    """Return every flag by its code, `group.sign`."""
    return {flag.code: flag for group in groups().values() for flag in group.flags}


def question(code: str, language: Language) -> Question:
    """Return the question of a code as it is put to the person."""
    flag = flags().get(code)
    entry = _questions()["flag" if flag else code]
    text = flag.asks[language] if flag else entry[language]
    return Question(code, text, tuple(entry["chips"][language]))


def word(name: str, language: Language) -> str:
    """Return how the summary calls something."""
    return str(_questions()["words"][name][language])


def _flag(group: str, entry: dict[str, Any]) -> Flag:  # Any: as tomllib gives it
    return Flag(
        code=f"{group}.{entry['code']}",
        level=entry["level"],
        of=frozenset(entry.get("of", ())),
        seen=frozenset(entry["seen"]),
        asks={"en": entry["en"], "zh": entry["zh"]},
        sign=entry["sign"],
    )


@cache
def _questions() -> dict[str, Any]:  # Any: as tomllib gives it
    return tomllib.loads((_DATA / "questions.toml").read_text(encoding="utf-8"))
