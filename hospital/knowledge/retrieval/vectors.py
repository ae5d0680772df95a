"""A short English text as a unit vector; MiniLM itself is loaded when it is first needed."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from hospital.knowledge.retrieval.sparse import Floats

ENCODER = "all-MiniLM-L6-v2/gt-0.1.0"
LENGTH = 384
Told = Callable[[float], None]


class Encoder(Protocol):
    """What makes vectors of texts. MiniLM knows English, and no other language."""

    def words(self) -> frozenset[str]:
        """Return the words that it knows whole."""

    def encode(self, texts: Sequence[str], *, told: Told | None = None) -> Floats:
        """Return the vectors of texts, shape (N, 384), each of length one.

        Args:
            texts: Any; what stands behind their first 256 tokens does not count.
            told: Hears the share that is done.
        """


@cache
def encoder() -> Encoder:
    """Return the process's encoder: loading torch takes seconds, so not before it is asked."""
    minilm = import_module("hospital.knowledge.retrieval.minilm")
    return cast("Encoder", minilm.MiniLM())  # cast: known by its name alone
