"""BM25 over several fields of a text: the title, other names, the body.

References:
    S. Robertson, H. Zaragoza, M. Taylor: Simple BM25 extension to multiple weighted fields,
    CIKM 2004: the fields' term frequencies are added, weighted, before they saturate.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from hospital.knowledge.retrieval.sparse import (
    Matrix,
    inverse_frequency,
    matrix,
    rarity_of,
    weighted,
)
from hospital.knowledge.retrieval.text import Text
from hospital.knowledge.retrieval.tokens import terms

SATURATION = 1.2  # k1
LENGTH = 0.75  # b
TITLE, SYNONYMS, BODY = 1.0, 1.0, 0.2  # what a term counts for in each field


def bm25(texts: Iterable[Text]) -> Matrix:
    """Return the matrix whose scores are BM25 over the fields of each text."""
    fields = [_fields(text) for text in texts]
    lengths = np.array([[len(field) for field in each] for each in fields], np.float64)
    average = np.maximum(lengths.mean(axis=0), 1.0) if fields else np.ones(3)
    counted = matrix(
        _frequencies(each, length, average)
        for each, length in zip(fields, lengths, strict=True)
    )
    saturated = Matrix(
        terms=counted.terms,
        starts=counted.starts,
        rows=counted.rows,
        weights=counted.weights
        * np.float32(SATURATION + 1)
        / (counted.weights + np.float32(SATURATION)),
        height=counted.height,
    )
    return weighted(saturated, inverse_frequency(counted))


def most(words: Matrix, asked: Mapping[str, float]) -> float:
    """Return the score that a text with all that is asked, over and over, would have."""
    return sum(
        weight * (SATURATION + 1) * rarity_of(words, term)
        for term, weight in asked.items()
    )


def _fields(text: Text) -> tuple[list[str], list[str], list[str]]:
    title = text.title
    if text.focus.lower() not in title.lower():
        title = f"{text.focus} {title}"
    return terms(title), terms(" ; ".join(text.synonyms)), terms(text.body)


def _frequencies(
    fields: Sequence[Sequence[str]],
    lengths: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    average: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> dict[str, float]:
    """Return the weighted, length-normalised frequency of each term of a text."""
    summed: dict[str, float] = defaultdict(float)
    for field, length, usual, factor in zip(
        fields, lengths, average, (TITLE, SYNONYMS, BODY), strict=True
    ):
        shrunk = factor / (1 - LENGTH + LENGTH * length / usual)
        for term, times in Counter(field).items():
            summed[term] += times * shrunk
    return dict(summed)
