"""What is refused, by category: a request fires one when each of its parts is there.

A category is written from parts (an act, a wrong, a target), so that new wordings of the
same wish are met. A part can be asked for by its absence too. The words that answer are
data: why not, and what is possible instead.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from consult.intent.errors import RefusalDataError
from consult.language.concepts_read import Reading, Sentence
from consult.language.detect import Language
from consult.language.patterns import Pattern, compile_pattern

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not met, and what is possible instead, by language."""

    category: str
    is_harmful: bool
    why: dict[Language, str]
    instead: dict[Language, str]


@dataclass(frozen=True, slots=True)
class _Category:
    refusal: Refusal
    ways: tuple[
        tuple[frozenset[str], frozenset[str]], ...
    ]  # parts wanted, parts barred


def refusal_of(reading: Reading) -> Refusal | None:
    """Return the first category that the words of a talk ask for, if any."""
    for sentence in reading.sentences:
        parts = _parts_in(sentence)
        for category in _categories():
            if any(
                wanted <= parts and not barred & parts
                for wanted, barred in category.ways
            ):
                return category.refusal
    return None


def _parts_in(sentence: Sentence) -> frozenset[str]:
    found: set[str] = set()
    index = _parts()
    for key in sentence.keys:
        for name, pattern in index.get(key, ()):
            if name in found or not pattern.has_others_in(sentence.keys):
                continue
            looks = pattern.regex.match if name in _AT_START else pattern.regex.search
            if looks(sentence.text):
                found.add(name)
    return frozenset(found)


_AT_START = frozenset({"imperative_wrong"})  # an order begins with its verb


@cache
def _parts() -> dict[str, list[tuple[str, Pattern]]]:
    table = tomllib.loads((_DATA / "parts.toml").read_text(encoding="utf-8"))
    index: dict[str, list[tuple[str, Pattern]]] = {}
    for name, entry in table.items():
        for source in (*entry.get("en", ()), *entry.get("zh", ())):
            pattern = compile_pattern(source)
            for key in pattern.keys:
                index.setdefault(key, []).append((name, pattern))
    return index


@cache
def _categories() -> tuple[_Category, ...]:
    table = tomllib.loads((_DATA / "refusals.toml").read_text(encoding="utf-8"))
    names = {name for entries in _parts().values() for name, _ in entries}
    categories = []
    for entry in table["category"]:
        ways = tuple(_way(way) for way in entry["ways"])
        unknown = frozenset[str]().union(*(a | b for a, b in ways)) - names
        if unknown:
            message = f"{entry['name']} names unknown parts: {sorted(unknown)}"
            raise RefusalDataError(message)
        refusal = Refusal(
            entry["name"], entry["harmful"], entry["why"], entry["instead"]
        )
        categories.append(_Category(refusal, ways))
    return tuple(categories)


def _way(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Read `act wrong -patient`: parts wanted, and with a minus parts barred."""
    words = source.split()
    return (
        frozenset(word for word in words if not word.startswith("-")),
        frozenset(word.removeprefix("-") for word in words if word.startswith("-")),
    )
