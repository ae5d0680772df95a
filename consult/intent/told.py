"""What a message asks for, by all its words: where the patterns of `intents.toml` say nothing.

The table (`weights/intent.json`) is data, made from utterances written for the product by
`manage.py weigh_messages intent`.
"""

from functools import cache
from pathlib import Path

from consult.language.concepts_read import Reading
from consult.language.grams import Grams, Guess, pieces_of, read_grams

WEIGHTS = Path(__file__).parent / "weights"
TABLE = WEIGHTS / "intent.json"
LONGEST = 1_000  # characters: what is asked for stands near the beginning


def intents_told(reading: Reading) -> list[Guess]:
    """Return every intent with how sure it is."""
    return _table().shares(names_of(reading))


def names_of(reading: Reading) -> set[str]:
    """Return what is weighed of a message."""
    text = " ".join(sentence.text for sentence in reading.sentences)
    return set(pieces_of(text[:LONGEST]))


@cache
def _table() -> Grams:
    return read_grams(TABLE)
