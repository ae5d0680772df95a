"""A library of one language, ready to be searched."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hospital.knowledge.retrieval.bm25 import bm25, most
from hospital.knowledge.retrieval.names import Names, names_of
from hospital.knowledge.retrieval.question import Question, condense, cut
from hospital.knowledge.retrieval.ranking import FEATURES, RANKED, Ranking, ranking
from hospital.knowledge.retrieval.sparse import Floats, Matrix
from hospital.knowledge.retrieval.spelling import Spelling, spelling_of
from hospital.knowledge.retrieval.text import Found, Hit, Text, nothing_found
from hospital.knowledge.retrieval.vectors import Encoder

# Reciprocal rank fusion: G. Cormack, C. Clarke, S. Buettcher, SIGIR 2009.
FLATNESS = 60
DEPTH = 200  # of each ranking
NAMES_COUNT = 0.5  # the ranking by names beside those by words and by vectors
CANDIDATES = 60
MOST_HITS = 10
GENERAL = frozenset({"information", ""})


@dataclass(frozen=True, slots=True)
class Place:
    """What ranking needs of a text; the text itself stays where it came from."""

    id: str
    entry: str
    qtype: str


@dataclass(frozen=True, slots=True)
class Index:
    """The library's words, names and vectors.

    Attributes:
        lang: Of all its texts.
        vectors: Shape (R, 384), or none where the encoder knows no word of the language.
    """

    lang: str
    places: tuple[Place, ...]
    words: Matrix
    names: Names
    spelling: Spelling
    vectors: Floats | None

    def find(
        self,
        message: str,
        *,
        encoder: Encoder | None = None,
        figures: Ranking | None = None,
    ) -> Found:
        """Return the best passages for a message, and how sure the first of them is.

        Args:
            message: What a person wrote, of any length.
            encoder: Needed where there are vectors.
            figures: The fitted ones where none are given.
        """
        figures = figures or ranking()
        question = condense(self.spelling.mended(cut(message)))
        query = " ".join(question.terms)
        if not self.places or not question.terms:
            return nothing_found(query, lang=self.lang)
        best, features = self.candidates(question, encoder=encoder)
        if not len(best):
            return nothing_found(query, lang=self.lang)
        worth = features[:, : len(RANKED)] @ figures.weights
        order = np.argsort(-worth, kind="stable")[:MOST_HITS]
        why = [
            dict(zip(FEATURES, map(float, features[at]), strict=True)) for at in order
        ]
        model = figures.confidence[self.lang]
        chance = model.chance(why[0])
        return Found(
            hits=tuple(
                Hit(
                    id=self.places[best[at]].id,
                    score=chance * math.exp(worth[at] - worth[order[0]]),
                    why=reasons,
                )
                for at, reasons in zip(order, why, strict=True)
            ),
            confidence=chance,
            abstained=chance < model.least,
            query=query,
            qtypes=question.qtypes,
            lang=self.lang,
        )

    def candidates(
        self, question: Question, *, encoder: Encoder | None
    ) -> tuple[Sequence[int], Floats]:
        """Return the places of the candidates and their features, shape (C, 6)."""
        words = self.words.scores(question.terms)
        names = self.names.scores(question.terms)
        vector = np.zeros_like(words)
        if self.vectors is not None and encoder is not None:
            vector = self.vectors @ encoder.encode([question.text])[0]
        fused = fuse((words, 1.0), (vector, 1.0), (names, NAMES_COUNT))
        best = np.argsort(-fused, kind="stable")[:CANDIDATES]
        best = best[fused[best] > 0]
        kinds = [self.places[at].qtype for at in best]
        columns = (
            words[best] / max(float(words.max()), 1e-9),
            names[best],
            vector[best],
            np.array([kind in question.qtypes for kind in kinds], np.float32),
            np.array([kind in GENERAL for kind in kinds], np.float32),
            words[best] / most(self.words, question.terms),
        )
        features: Floats = np.stack(columns, axis=1).astype(np.float32)
        return best.tolist(), features


def fuse(*rankings: tuple[Floats, float]) -> Floats:
    """Return the weighted reciprocal rank fusion of scores, each of shape (R,)."""
    fused = np.zeros_like(rankings[0][0])
    for scores, weight in rankings:
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        best = best[scores[best] > 0]
        fused[best] += np.float32(weight) / (FLATNESS + 1 + np.arange(len(best)))
    return fused


def index_of(
    texts: Sequence[Text],
    *,
    lang: str,
    vectors: Floats | None,
    known: frozenset[str] = frozenset(),
) -> Index:
    """Return the index of a library's texts.

    Args:
        texts: All of one language.
        lang: Which.
        vectors: Of their titles, in their order.
        known: Words that are right though the library has them not.
    """
    spelling = spelling_of(texts)
    return Index(
        lang=lang,
        places=tuple(Place(text.id, text.entry, text.qtype) for text in texts),
        words=bm25(texts),
        names=names_of(texts),
        spelling=Spelling(
            names=spelling.names,
            known=frozenset(spelling.known) | known,
            abbreviations=spelling.abbreviations,
        ),
        vectors=vectors,
    )
