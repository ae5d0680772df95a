"""Retrieval on graded questions of patients: ours beside BM25 alone and vectors alone.

`make bench BENCH=retrieval` measures; `BENCH="retrieval --fit"` also prints the figures of
`hospital/knowledge/retrieval/ranking.toml`, fitted on all questions. What is reported as
cross-validated was fitted on other questions than it was measured on: halves, ten times.
`BENCH="retrieval --asked OUT.jsonl"` grades what `manage.py ask --batch` wrote for the same
questions, and searches nothing itself.

Grades are 1 (wrong) to 4 (excellent); the mean counts them 0 to 3 as published, and a passage
without a grade as 0, although it is not known to be wrong.
"""

import argparse
import gzip
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge

from hospital.knowledge.retrieval.index import Index, fuse, index_of
from hospital.knowledge.retrieval.question import condense, cut
from hospital.knowledge.retrieval.ranking import FEATURES, RANKED
from hospital.knowledge.retrieval.text import Text
from hospital.knowledge.retrieval.tokens import terms
from hospital.knowledge.retrieval.vectors import encoder
from tests.benchmarks.data import needed
from tests.running import DATASETS_DIR

FOLDER = DATASETS_DIR / "consult"
GOOD, RELATED, UNGRADED = 3, 2, 1
SURE = ("cover", "vector")  # what the confidence is made of
STIFF = 3000.0  # the ridge's: 51 questions bend few weights
LOGISTIC_C = 0.3
ROUNDS = 10
TOP = 10
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: its candidates' features, shape (C, F), and their grades, (C,)."""

    id: str
    features: Array
    grades: Array
    is_graded: NDArray[np.bool_]

    @property
    def ranked(self) -> Array:
        """The features that rank."""
        return self.features[:, : len(RANKED)]


def measure(arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Return mean grade, MRR and abstention of each way, and ours cross-validated."""
    parser = argparse.ArgumentParser(prog="make bench BENCH=retrieval")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--asked", metavar="OUT.jsonl", type=Path)
    options = parser.parse_args(list(arguments))
    if options.asked is not None:
        if not options.asked.is_file():
            parser.error(f"there is no file {options.asked}")
        needed("consult/liveqa_dev_qrels.tsv")
        with options.asked.open(encoding="utf-8") as lines:
            return figures_asked(list(map(json.loads, lines)), read_grades())
    needed("consult/medquad")
    texts, questions, grades = read_texts(), read_questions(), read_grades()
    started = time.perf_counter()
    vectors = encoder().encode([text.title for text in texts], told=_told)
    embedded_s = time.perf_counter() - started
    started = time.perf_counter()
    index = index_of(texts, lang="en", vectors=vectors, known=encoder().words())
    figures: dict[str, Any] = {
        "passages": len(texts),
        "embedded_s": round(embedded_s, 1),
        "indexed_s": round(time.perf_counter() - started, 1),
        **figures_of(index, questions, grades),
    }
    if options.fit:
        figures["fitted"] = fitted(cases_of(index, questions, grades))
    return figures


def figures_of(
    index: Index, questions: Mapping[str, str], grades: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """Return the figures of every way of ranking on all questions."""
    found: dict[str, list[str]] = {}
    sure: dict[str, float] = {}
    took: list[float] = []
    for name, message in questions.items():
        started = time.perf_counter()
        answer = index.find(message, encoder=encoder())
        took.append(time.perf_counter() - started)
        found[name] = [hit.id for hit in answer.hits]
        sure[name] = answer.confidence
    ways = {"ours": found} | {
        way: {name: rank(index, text) for name, text in questions.items()}
        for way, rank in ALONE.items()
    }
    cases = cases_of(index, questions, grades)
    return {
        **{way: _scores(ranked, grades) for way, ranked in ways.items()},
        "at_half_coverage": _at_half(found, sure, grades),
        "cross_validated": cross_validated(cases),
        "median_ms": round(statistics.median(took) * 1000, 1),
    }


# Any: JSON.
def figures_asked(
    rows: Sequence[Mapping[str, Any]], grades: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """Return the figures of the rows that `ask --batch` wrote.

    A graded question without a row counts as one for which nothing was found; a row whose
    question nobody graded does not count.
    """
    given = {str(row["id"]): row for row in rows if str(row["id"]) in grades}
    found: dict[str, list[str]] = {name: [] for name in grades}
    sure = dict.fromkeys(grades, 0.0)
    for name, row in given.items():
        found[name] = [passage["id"] for passage in row["passages"]]
        sure[name] = max((passage["score"] for passage in row["passages"]), default=0.0)
    good = [
        grades[name].get(_first_of(found[name]), UNGRADED) >= GOOD
        for name, row in given.items()
        if not row["abstained"]
    ]
    return {
        "questions": len(grades),
        "rows": len(given),
        **_scores(found, grades),
        "answered": len(good),
        "share_answered": round(len(good) / len(grades), 3),
        "precision_of_answered": round(statistics.fmean(good), 3) if good else None,
        "at_half_coverage": _at_half(found, sure, grades),
    }


def _raw_words(index: Index, message: str) -> list[str]:
    return _best(index, index.words.scores(dict.fromkeys(terms(message), 1.0)))


def _condensed_words(index: Index, message: str) -> list[str]:
    question = condense(index.spelling.mended(cut(message)))
    return _best(index, index.words.scores(question.terms))


def _vectors(index: Index, message: str) -> list[str]:
    assert index.vectors is not None
    return _best(index, index.vectors @ encoder().encode([message])[0])


def _fused_raw(index: Index, message: str) -> list[str]:
    assert index.vectors is not None
    words = index.words.scores(dict.fromkeys(terms(message), 1.0))
    vector = index.vectors @ encoder().encode([message])[0]
    return _best(index, fuse((words, 1.0), (vector, 1.0)))


ALONE = {
    "bm25_raw_message": _raw_words,
    "bm25_condensed": _condensed_words,
    "vectors_alone": _vectors,
    "fused_raw_message": _fused_raw,
}


def _best(index: Index, scores: NDArray[np.float32]) -> list[str]:
    order = np.argsort(-scores, kind="stable")[:TOP]
    return [index.places[at].id for at in order]


def cases_of(
    index: Index, questions: Mapping[str, str], grades: Mapping[str, Mapping[str, int]]
) -> list[Case]:
    """Return what is learned from: every candidate of every question."""
    cases = []
    for name, message in questions.items():
        question = condense(index.spelling.mended(cut(message)))
        best, features = index.candidates(question, encoder=encoder())
        ids = [index.places[at].id for at in best]
        cases.append(
            Case(
                id=name,
                features=features.astype(np.float64),
                grades=np.array(
                    [grades[name].get(id_, UNGRADED) for id_ in ids], float
                ),
                is_graded=np.array([id_ in grades[name] for id_ in ids]),
            )
        )
    return cases


def rank_weights(cases: Sequence[Case]) -> Array:
    """Return the weights, shape (F,), of a stiff ridge on grades within each question."""
    stacked = np.vstack([case.ranked for case in cases])
    spread = stacked.std(axis=0) + 1e-9
    rows = [(case.ranked - case.ranked.mean(axis=0)) / spread for case in cases]
    grades = [case.grades - case.grades.mean() for case in cases]
    model = Ridge(alpha=STIFF, fit_intercept=False)
    model.fit(np.vstack(rows), np.concatenate(grades))
    weights: Array = model.coef_ / spread
    return weights


def confidence(cases: Sequence[Case], weights: Array) -> tuple[float, Array]:
    """Return intercept and weights of the chance that the first candidate is good."""
    sure, good = _first(cases, weights)
    spread = sure.std(axis=0) + 1e-9
    model = LogisticRegression(C=LOGISTIC_C).fit(sure / spread, good)
    return float(model.intercept_[0]), model.coef_[0] / spread


def _first(cases: Sequence[Case], weights: Array) -> tuple[Array, NDArray[np.bool_]]:
    columns = [FEATURES.index(name) for name in SURE]
    tops = [int(np.argmax(case.ranked @ weights)) for case in cases]
    sure = np.array(
        [case.features[top, columns] for case, top in zip(cases, tops, strict=True)]
    )
    good = [case.grades[top] >= GOOD for case, top in zip(cases, tops, strict=True)]
    return sure, np.array(good)


def cross_validated(cases: Sequence[Case]) -> dict[str, float]:
    """Return ours, fitted on one half of the questions and measured on the other."""
    draw = np.random.default_rng(20261127)
    means: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        shuffled = [cases[at] for at in draw.permutation(len(cases))]
        half = len(shuffled) // 2
        for learn, test in (
            (shuffled[:half], shuffled[half:]),
            (shuffled[half:], shuffled[:half]),
        ):
            for name, value in _held_out(learn, test).items():
                means[name].append(value)
    return {name: round(statistics.fmean(values), 3) for name, values in means.items()}


def _held_out(learn: Sequence[Case], test: Sequence[Case]) -> dict[str, float]:
    weights = rank_weights(learn)
    base, slopes = confidence(learn, weights)
    ranked = {case.id: np.argsort(-(case.ranked @ weights)) for case in test}
    grades = {case.id: case.grades[ranked[case.id]] for case in test}
    sure, good = _first(test, weights)
    order = np.argsort(-(base + sure @ slopes))[: (len(test) + 1) // 2]
    firsts = [test[at] for at in order]
    related = [grades[case.id][0] >= RELATED for case in firsts]
    known = [bool(case.is_graded[ranked[case.id][0]]) for case in firsts]
    answered = good[order]
    return {
        "mean_grade": statistics.fmean(row[0] - 1 for row in grades.values()),
        "mrr": statistics.fmean(_reciprocal(row) for row in grades.values()),
        "precision_at_half": float(answered.mean()),
        "related_at_half": float(np.mean(related)),
        "precision_at_half_of_graded": float(answered[known].mean()),
    }


def fitted(cases: Sequence[Case]) -> dict[str, Any]:
    """Return the figures fitted on all questions, as `ranking.toml` holds them."""
    weights = rank_weights(cases)
    base, slopes = confidence(cases, weights)
    sure, _ = _first(cases, weights)
    chances = 1 / (1 + np.exp(-(base + sure @ slopes)))
    return {
        "rank": dict(zip(RANKED, weights.round(3).tolist(), strict=True)),
        "confidence.en": {
            "base": round(base, 3),
            **dict(zip(SURE, slopes.round(3).tolist(), strict=True)),
            "least": round(float(np.median(chances)), 3),
        },
    }


def _scores(
    ranked: Mapping[str, Sequence[str]], grades: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    rows = [
        [grades[name].get(id_, UNGRADED) for id_ in ids[:TOP]] or [UNGRADED]
        for name, ids in ranked.items()
    ]
    return {
        "mean_grade": round(statistics.fmean(row[0] - 1 for row in rows), 3),
        "mrr": round(statistics.fmean(_reciprocal(row) for row in rows), 3),
        "first_is_good": round(statistics.fmean(row[0] >= GOOD for row in rows), 3),
    }


def _reciprocal(row: Sequence[float] | Array) -> float:
    for place, grade in enumerate(row[:TOP], start=1):
        if grade >= GOOD:
            return 1 / place
    return 0.0


def _at_half(
    found: Mapping[str, Sequence[str]],
    sure: Mapping[str, float],
    grades: Mapping[str, Mapping[str, int]],
) -> dict[str, float | None]:
    """Return what the surer half of the questions got; the weights have seen them."""
    half = sorted(sure, key=lambda name: -sure[name])[: (len(sure) + 1) // 2]
    firsts = [grades[name].get(_first_of(found[name])) for name in half]
    graded = [grade for grade in firsts if grade is not None]
    return {
        "precision": round(sum(g >= GOOD for g in graded) / len(half), 3),
        "related": round(sum(g >= RELATED for g in graded) / len(half), 3),
        "precision_of_graded": round(sum(g >= GOOD for g in graded) / len(graded), 3)
        if graded
        else None,
    }


def _first_of(ids: Sequence[str]) -> str:
    """Return the first id; where nothing was found, one that nobody graded."""
    return ids[0] if ids else ""


def read_texts() -> list[Text]:
    """Return MedQuAD as retrieval reads it: answered questions, then pointers."""
    return [
        Text(
            id=row["id"],
            entry=row["id"],
            title=row["question"],
            focus=row.get("focus") or row["question"],
            qtype=row["qtype"],
            lang="en",
            body=row.get("answer") or "",
            url=row["url"],
            library="medquad",
            synonyms=tuple(row.get("synonyms") or ()),
        )
        for part in ("answers", "pointers")
        for row in _rows(part)
    ]


# Any: JSON.
def _rows(part: str) -> Iterator[dict[str, Any]]:
    path = FOLDER / "medquad" / f"medquad_{part}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_questions() -> dict[str, str]:
    with (FOLDER / "liveqa_dev_questions.jsonl").open(encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def read_grades() -> dict[str, dict[str, int]]:
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    path = FOLDER / "liveqa_dev_qrels.tsv"
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        question, text, grade, _ = line.split("\t")
        grades[question][text] = int(grade)
    return dict(grades)


def _told(share: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\rvectors {share:4.0%}")
