"""A classifier of characters and words that needs no library to be asked.

Pieces of one to three characters for Chinese; words, pairs of words and pieces of words
for English: MiniLM knows English alone, and slips keep most of their pieces.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import mul
from pathlib import Path

from consult.language.detect import HAN
from consult.language.normalize import normalize

_HAN_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile(r"[a-z0-9']+")
CHARACTERS = (1, 2, 3)
PIECES = (3, 4, 5)
KEPT = 16  # messages that are read at a time, by the threads of a process


@dataclass(frozen=True, slots=True)
class Guess:
    """A label and how sure its classifier is, in [0, 1]."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Grams:
    """A linear classifier over pieces of text.

    Attributes:
        biases: One for each label.
        weights: For each piece one weight a label, with its rarity folded in.
        rarities: By which the text's length is measured.
    """

    labels: tuple[str, ...]
    biases: tuple[float, ...]
    weights: Mapping[str, Sequence[float]]
    rarities: Mapping[str, float]

    def guess(self, text: str) -> Guess:
        """Return the likeliest label."""
        return max(self.shares(pieces(text)), key=lambda each: each.probability)

    def shares(self, names: Iterable[str]) -> list[Guess]:
        """Return every label with how sure it is for something that has these names."""
        known = [name for name in names if name in self.weights]
        rarities = [self.rarities[name] for name in known]
        length = math.sqrt(sum(map(mul, rarities, rarities))) or 1.0
        columns = zip(*(self.weights[name] for name in known), strict=True)
        sums = [sum(column) for column in columns] or [0.0] * len(self.biases)
        scores = [
            bias + weight / length
            for bias, weight in zip(self.biases, sums, strict=True)
        ]
        top = max(scores)
        shares = [math.exp(score - top) for score in scores]
        total = sum(shares)
        return [
            Guess(label, share / total)
            for label, share in zip(self.labels, shares, strict=True)
        ]


def pieces(text: str) -> list[str]:
    """Return what a text is made of, each once, in the spelling that the rules read."""
    return sorted(pieces_of(normalize(text)))


@lru_cache(maxsize=KEPT)
def pieces_of(text: str) -> frozenset[str]:
    """Return what a normalized text is made of.

    The last are kept: a message is asked what it is about, how soon, and where.
    """
    found: set[str] = {mark for mark in "?!" if mark in text or _WIDE[mark] in text}
    for run in _HAN_RUN.findall(text):
        for size in CHARACTERS:
            found.update(run[at : at + size] for at in range(len(run) - size + 1))
    words = _WORD.findall(text)
    found.update(words)
    found.update(map(" ".join, pairwise(words)))
    for word in words:
        edged = f"<{word}>"
        for size in PIECES:
            cuts = (edged[at : at + size] for at in range(len(edged) - size + 1))
            found.update(f"_{cut}" for cut in cuts)
    return frozenset(found)


_WIDE = {"?": "？", "!": "！"}


def read_grams(path: Path) -> Grams:
    """Return the classifier in a file that `write_grams` wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    table = data["pieces"]
    return Grams(
        labels=tuple(data["labels"]),
        biases=tuple(data["biases"]),
        weights={piece: row[1:] for piece, row in table.items()},
        rarities={piece: row[0] for piece, row in table.items()},
    )


def write_grams(grams: Grams, path: Path) -> None:
    """Write a classifier as JSON: for each piece its rarity, then its weights."""
    table = {
        piece: [grams.rarities[piece], *weights]
        for piece, weights in sorted(grams.weights.items())
    }
    data = {"labels": grams.labels, "biases": grams.biases, "pieces": table}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")
