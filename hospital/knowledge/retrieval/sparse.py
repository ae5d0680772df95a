"""A matrix of term weights by document, kept column by column, as plain arrays."""

import math
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Weights of terms in rows.

    Attributes:
        terms: Column by term.
        starts: Shape (T + 1,): where each term's weights begin.
        rows: Shape (N,): the row of each weight, ascending within a term.
        weights: Shape (N,).
        height: Rows in all.
    """

    terms: Mapping[str, int]
    starts: NDArray[np.int64]
    rows: Ints
    weights: Floats
    height: int

    def column(self, term: str) -> tuple[Ints, Floats]:
        """Return the rows that have a term, and its weight in each."""
        at = self.terms.get(term)
        if at is None:
            return self.rows[:0], self.weights[:0]
        span = slice(self.starts[at], self.starts[at + 1])
        return self.rows[span], self.weights[span]

    def frequency(self, term: str) -> int:
        """Return how many rows have a term."""
        return len(self.column(term)[0])

    def scores(self, asked: Mapping[str, float]) -> Floats:
        """Return the weighted sum of the asked terms' weights by row, shape (R,)."""
        summed = np.zeros(self.height, np.float32)
        for term, weight in asked.items():
            rows, weights = self.column(term)
            summed[rows] += np.float32(weight) * weights
        return summed


def matrix(rows: Iterable[Mapping[str, float]]) -> Matrix:
    """Return the matrix of rows that are each a weight by term."""
    terms: dict[str, int] = {}
    columns, places, weights = array("i"), array("i"), array("f")
    height = 0
    for height, row in enumerate(rows, start=1):
        for term, weight in row.items():
            columns.append(terms.setdefault(term, len(terms)))
            places.append(height - 1)
            weights.append(weight)
    by_column = np.frombuffer(columns, np.int32) if columns else np.zeros(0, np.int32)
    order = np.argsort(by_column, kind="stable")
    counts = np.bincount(by_column, minlength=len(terms))
    return Matrix(
        terms=terms,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        rows=np.array(places, np.int32)[order],
        weights=np.array(weights, np.float32)[order],
        height=height,
    )


def inverse_frequency(matrix: Matrix) -> Floats:
    """Return the rarity of each term, shape (T,): BM25's, never negative."""
    counts = np.diff(matrix.starts)
    rarity = np.log1p((matrix.height - counts + 0.5) / (counts + 0.5))
    return rarity.astype(np.float32)


def rarity_of(matrix: Matrix, term: str) -> float:
    """Return the rarity of one term, which need not stand in any row."""
    count = matrix.frequency(term)
    return math.log1p((matrix.height - count + 0.5) / (count + 0.5))


def weighted(matrix: Matrix, factors: Floats) -> Matrix:
    """Return the matrix with each column multiplied, `factors` of shape (T,)."""
    per_weight = np.repeat(factors, np.diff(matrix.starts))
    return Matrix(
        terms=matrix.terms,
        starts=matrix.starts,
        rows=matrix.rows,
        weights=matrix.weights * per_weight,
        height=matrix.height,
    )
