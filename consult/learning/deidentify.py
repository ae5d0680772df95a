"""Texts that say nothing of who somebody is: by patterns, and by every name on file.

Patterns find what looks like a number, an address, a date or a name. What the hospital
knows (names of its patients and people, their numbers) is taken out wherever it stands;
rather a common word too much than a name too few.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from consult.language.detect import HAN
from consult.language.redact import redact

_HAN_RUN = re.compile(f"[{HAN}]+")
_TOKEN = re.compile(r"[^\W_]+(?:[-_.'][^\W_]+)*")
_PARTS = re.compile(r"[\s^=,·.\-]+")
_IS_HAN = re.compile(f"[{HAN}]")
SHORTEST_WORD, SHORTEST_HAN, LONGEST_HAN = 3, 2, 8
NAME, NUMBER = "[name]", "[number]"


@dataclass(frozen=True, slots=True)
class Known:
    """What the hospital has on file, folded for looking up."""

    names: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, *, names: Iterable[str], numbers: Iterable[str]) -> "Known":
        """Return it from names as they are written and numbers of any system."""
        parts = {part for name in names for part in _name_parts(_folded(name))}
        ids = {_folded(number).strip() for number in numbers}
        return cls(
            frozenset(parts), frozenset(i for i in ids if len(i) >= SHORTEST_WORD)
        )


def deidentified(text: str, known: Known) -> str:
    """Return the text with a mark for each thing that says who somebody is."""
    text = unicodedata.normalize("NFKC", text)
    text = _HAN_RUN.sub(lambda match: _without_names(match.group(), known), text)
    text = _TOKEN.sub(lambda match: _token(match.group(), known), text)
    return redact(text).text


def tells_of(text: str, known: Known) -> bool:
    """Whether anything on file still stands in a text."""
    return deidentified(text, known) != redact(unicodedata.normalize("NFKC", text)).text


def _token(token: str, known: Known) -> str:
    folded = token.lower()
    if folded in known.numbers:
        return NUMBER
    words = [word.removesuffix("'s") for word in re.split(r"[-_.]", folded)]
    is_named = any(word in known.names for word in (folded, *words))
    return NAME if is_named else token


def _without_names(run: str, known: Known) -> str:
    at, kept = 0, ""
    while at < len(run):
        longest = min(LONGEST_HAN, len(run) - at)
        size = next(
            (
                size
                for size in range(longest, SHORTEST_HAN - 1, -1)
                if run[at : at + size] in known.names
            ),
            0,
        )
        kept += NAME if size else run[at]
        at += size or 1
    return kept


def _name_parts(name: str) -> Iterable[str]:
    """Yield the parts of a name that may stand alone, a Chinese one also without its family's."""
    if _IS_HAN.search(name):
        whole = _PARTS.sub("", name)
        yield whole
        if len(whole) > SHORTEST_HAN:
            yield whole[1:] if len(whole) == SHORTEST_HAN + 1 else whole[2:]
        return
    for part in _PARTS.split(name):
        if len(part) >= SHORTEST_WORD:
            yield part


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
