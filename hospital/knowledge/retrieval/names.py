"""How well the question names what a text is about: its focus, or another name for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from hospital.knowledge.retrieval.question import stop_terms
from hospital.knowledge.retrieval.sparse import (
    Floats,
    Ints,
    Matrix,
    inverse_frequency,
    matrix,
    weighted,
)
from hospital.knowledge.retrieval.text import Text
from hospital.knowledge.retrieval.tokens import terms


@dataclass(frozen=True, slots=True)
class Names:
    """Every distinct name as a unit vector of term rarities, and whose it is.

    Attributes:
        matrix: One row a name.
        rarity: Shape (T,): of the matrix's terms.
        names, owners: Pairs of a name's row and a text's place.
        height: Texts in all.
    """

    matrix: Matrix
    rarity: Floats
    names: Ints
    owners: Ints
    height: int

    def scores(self, asked: Mapping[str, float]) -> Floats:
        """Return the cosine of the question and each text's closest name, shape (R,)."""
        known = {
            term: weight * float(self.rarity[self.matrix.terms[term]])
            for term, weight in asked.items()
            if term in self.matrix.terms
        }
        best = np.zeros(self.height, np.float32)
        length = float(np.sqrt(sum(weight**2 for weight in known.values())))
        if length:
            cosines = self.matrix.scores(known) / np.float32(length)
            np.maximum.at(best, self.owners, cosines[self.names])
        return best


def names_of(texts: Iterable[Text]) -> Names:
    """Return the names of all texts: their focus and its synonyms."""
    rows: dict[tuple[str, ...], int] = {}
    named: list[int] = []
    owners: list[int] = []
    height = 0
    for height, text in enumerate(texts, start=1):
        for name in (text.focus, *text.synonyms):
            key = tuple(sorted(set(terms(name)) - stop_terms()))
            if key:
                named.append(rows.setdefault(key, len(rows)))
                owners.append(height - 1)
    plain = matrix(dict.fromkeys(key, 1.0) for key in rows)
    rarity = inverse_frequency(plain)
    heavy = weighted(plain, rarity)
    lengths = np.sqrt(np.bincount(heavy.rows, heavy.weights**2, minlength=heavy.height))
    unit = Matrix(
        terms=heavy.terms,
        starts=heavy.starts,
        rows=heavy.rows,
        weights=(heavy.weights / lengths[heavy.rows]).astype(np.float32),
        height=heavy.height,
    )
    return Names(
        matrix=unit,
        rarity=rarity,
        names=np.array(named, np.int32),
        owners=np.array(owners, np.int32),
        height=height,
    )
