"""What the library has for a question; workers and commands only, it loads numpy and torch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from hospital.knowledge.models import Passage
from hospital.knowledge.retrieval.answer import Cited, extract
from hospital.knowledge.retrieval.lexicon import in_english
from hospital.knowledge.retrieval.text import Found
from hospital.knowledge.retrieval.vectors import encoder
from hospital.knowledge.selectors import passages_in_force
from hospital.knowledge.services.indexing import Told, index_for, text_of

STILL_WORTH = 0.6  # of the best score that the next best needs to be quoted after it

__all__ = ["Answered", "Cited", "PassageView", "answer", "find"]


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage found, as it is shown.

    Attributes:
        id: Its citation, which opens it.
        title: Of its entry.
        source: Who wrote it; empty for our own.
        note: What a reader must know of its library.
        is_pointer: There is no text, only `url`.
        other_language: It is not in the language of the question.
    """

    id: str
    title: str
    heading: str
    text: str
    lang: str
    library: str
    library_name: str
    note: str
    url: str
    source: str
    qtype: str
    is_pointer: bool
    reviewed: date | None
    reviewed_by: str
    score: float
    other_language: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The library's answer: sentences where it is sure enough, and what was found.

    Attributes:
        confidence: Estimated chance that the first passage answers the question.
        query: The words that were looked for.
    """

    sentences: tuple[Cited, ...]
    passages: tuple[PassageView, ...]
    abstained: bool
    confidence: float
    query: str


def find(
    question: str,
    *,
    lang: str,
    libraries: Sequence[str] | None = None,
    told: Told | None = None,
) -> Found:
    """Return the best passages for a question.

    A Chinese question that no Chinese passage answers well is looked for among the English
    ones by its medical terms; what is found then is in English, and says so.

    Args:
        question: What a person wrote.
        lang: `en` or `zh`: what they wrote it in.
        libraries: Slugs; all that are switched on where there are none.
        told: Hears what is made before the first search, and its share.
    """
    index = index_for(libraries, lang=lang, told=told)
    found = index.find(
        question, encoder=encoder() if index.vectors is not None else None
    )
    if lang == "en" or not found.abstained:
        return found
    terms = in_english(question)
    if not terms:
        return found
    english = index_for(libraries, lang="en", told=told)
    other = english.find(
        terms, encoder=encoder() if english.vectors is not None else None
    )
    return found if other.abstained and found.hits else other


def answer(
    question: str,
    *,
    lang: str,
    libraries: Sequence[str] | None = None,
    level: str = "routine",
    without: Collection[str] = (),
    told: Told | None = None,
) -> Answered:
    """Return sentences of the library that answer a question, each with its citation.

    Args:
        question: What a person wrote.
        lang: `en` or `zh`: what they wrote it in.
        libraries: Slugs; all that are switched on where there are none.
        level: How urgent it is; in an emergency the signs of one are quoted first.
        without: Citations that were quoted before: the next best passages are, where
            they are nearly as good.
        told: Hears what is made before the first search, and its share.
    """
    found = find(question, lang=lang, libraries=libraries, told=told)
    passages = _passages(found, libraries)
    if found.lang != lang:
        passages = _translated(passages, lang, libraries)
    first: dict[int, tuple[Passage, float]] = {}
    for hit in found.hits:
        if passage := passages.get(hit.id):
            first.setdefault(passage.pk, (passage, hit.score))
    scored = list(first.values())
    least = STILL_WORTH * max((score for _, score in scored), default=0.0)
    if without:
        scored = [
            (passage, score)
            for passage, score in scored
            if score >= least and passage.citation not in without
        ]
    sentences = (
        ()
        if found.abstained
        else extract(
            question
            if any(passage.entry.lang == lang for passage, _ in scored)
            else found.query,
            [
                (replace(text_of(passage), id=passage.citation), score)
                for passage, score in scored
            ],
            is_emergency=level == "emergency",
        )
    )
    return Answered(
        sentences=sentences,
        passages=tuple(_view(passage, score, lang) for passage, score in scored),
        abstained=found.abstained,
        confidence=found.confidence,
        query=found.query,
    )


def _passages(found: Found, libraries: Sequence[str] | None) -> dict[str, Passage]:
    """Return what was found and is still in force, by citation; the index may be older."""
    rows = (
        passages_in_force(libraries)
        .filter(citation__in=[hit.id for hit in found.hits], entry__lang=found.lang)
        .select_related("entry__library", "entry__source")
        .defer("embedding")
        .order_by()
    )
    oldest_last = sorted(rows, key=lambda each: each.pk, reverse=True)
    return {passage.citation: passage for passage in oldest_last}


def _translated(
    passages: dict[str, Passage], lang: str, libraries: Sequence[str] | None
) -> dict[str, Passage]:
    """Return what was found in the other language as the same entries say it in this one."""
    rows = (
        passages_in_force(libraries)
        .filter(
            entry__lang=lang,
            entry__external_id__in={one.entry.external_id for one in passages.values()},
        )
        .exclude(text="")
        .select_related("entry__library", "entry__source")
        .defer("embedding")
        .order_by("-pk")
    )
    twins = {_place_of(row): row for row in rows}
    return {
        citation: twins.get(_place_of(passage), passage)
        for citation, passage in passages.items()
    }


def _place_of(passage: Passage) -> tuple[UUID, str, str]:
    entry = passage.entry
    return entry.library_id, entry.external_id, passage.qtype


def _view(passage: Passage, score: float, lang: str) -> PassageView:
    entry = passage.entry
    return PassageView(
        id=passage.citation,
        title=entry.title,
        heading=passage.heading,
        text=passage.text,
        lang=entry.lang,
        library=entry.library.slug,
        library_name=entry.library.name,
        note=entry.library.note,
        url=entry.url,
        source=entry.source.name if entry.source else "",
        qtype=passage.qtype,
        is_pointer=entry.is_pointer,
        reviewed=entry.reviewed,
        reviewed_by=entry.reviewed_by,
        score=score,
        other_language=entry.lang != lang,
    )
