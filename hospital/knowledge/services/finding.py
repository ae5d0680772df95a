"""What the library has for a question; workers and commands only, it loads numpy and torch."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from hospital.knowledge.models import Passage
from hospital.knowledge.retrieval.answer import Cited, extract
from hospital.knowledge.retrieval.lexicon import diseases_in, in_english
from hospital.knowledge.retrieval.text import Found, Text
from hospital.knowledge.retrieval.vectors import encoder
from hospital.knowledge.selectors import passages_in_force
from hospital.knowledge.services.embedding import title_of
from hospital.knowledge.services.indexing import Told, index_for

STILL_WORTH = 0.6  # of the best score that the next best needs to be quoted after it

__all__ = ["Answered", "Cited", "PassageView", "answer", "find"]


class _Row(NamedTuple):
    """What is read of a passage with its entry, library and source; see `COLUMNS`."""

    pk: int
    citation: str
    heading: str
    qtype: str
    text: str
    entry: UUID
    external_id: str
    lang: str
    title: str
    synonyms: list[str]
    focus: str
    url: str
    is_pointer: bool
    reviewed: date | None
    reviewed_by: str
    library_id: UUID
    library: str
    library_name: str
    note: str
    source: str | None


COLUMNS = (
    *("pk", "citation", "heading", "qtype", "text", "entry", "entry__external_id"),
    *("entry__lang", "entry__title", "entry__synonyms", "entry__focus", "entry__url"),
    *("entry__is_pointer", "entry__reviewed", "entry__reviewed_by", "entry__library"),
    *("entry__library__slug", "entry__library__name", "entry__library__note"),
    "entry__source__name",
)


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
    if lang == "en":
        return found
    found = _about_what_is_named(question, found, libraries)
    if not found.abstained:
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
    first: dict[int, tuple[_Row, float]] = {}
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
            if any(passage.lang == lang for passage, _ in scored)
            else found.query,
            [(_text(passage), score) for passage, score in scored],
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


def _about_what_is_named(
    question: str, found: Found, libraries: Sequence[str] | None
) -> Found:
    """Return what was found without the passages on other diseases than those asked about.

    Names share their words: hepatitis B is found for hepatitis C, an irritable bowel for
    any other syndrome. Where none of the best names what was asked, the library abstains.
    """
    named = diseases_in(question)
    if not named or found.abstained:
        return found
    passages = _passages(found, libraries)
    hits = tuple(
        hit
        for hit in found.hits
        if hit.id in passages and named & diseases_in(_words(passages[hit.id]))
    )
    if not hits or hits[0].score < STILL_WORTH * found.hits[0].score:
        return replace(found, abstained=True)
    return replace(found, hits=hits, confidence=hits[0].score)


def _words(passage: _Row) -> str:
    """Return all that a passage and its entry say of what they are about."""
    return " ".join(
        (
            *(passage.title, passage.focus, *passage.synonyms),
            *(passage.heading, passage.text),
        )
    )


def _passages(found: Found, libraries: Sequence[str] | None) -> dict[str, _Row]:
    """Return what was found and is still in force, by citation; the index may be older."""
    rows = passages_in_force(libraries).filter(
        citation__in=[hit.id for hit in found.hits], entry__lang=found.lang
    )
    oldest_last = sorted(_read(rows), key=lambda each: each.pk, reverse=True)
    return {passage.citation: passage for passage in oldest_last}


def _translated(
    passages: dict[str, _Row], lang: str, libraries: Sequence[str] | None
) -> dict[str, _Row]:
    """Return what was found in the other language as the same entries say it in this one."""
    rows = (
        passages_in_force(libraries)
        .filter(
            entry__lang=lang,
            entry__external_id__in={one.external_id for one in passages.values()},
        )
        .exclude(text="")
    )
    oldest_last = sorted(_read(rows), key=lambda each: each.pk, reverse=True)
    twins = {_place_of(row): row for row in oldest_last}
    return {
        citation: twins.get(_place_of(passage), passage)
        for citation, passage in passages.items()
    }


def _read(passages: QuerySet[Passage]) -> Iterator[_Row]:
    """Yield the passages as tuples: rows of three models each are slow to make."""
    for values in passages.order_by().values_list(*COLUMNS):
        yield _Row(*values)


def _place_of(passage: _Row) -> tuple[UUID, str, str]:
    return passage.library_id, passage.external_id, passage.qtype


def _text(passage: _Row) -> Text:
    """Return a passage as sentences are chosen from it."""
    return Text(
        id=passage.citation,
        entry=str(passage.entry),
        title=title_of(entry=passage.title, heading=passage.heading),
        focus=passage.focus or passage.title,
        qtype=passage.qtype,
        lang=passage.lang,
        body=passage.text,
        url=passage.url,
        library=passage.library,
        synonyms=tuple(passage.synonyms),
    )


def _view(passage: _Row, score: float, lang: str) -> PassageView:
    return PassageView(
        id=passage.citation,
        title=passage.title,
        heading=passage.heading,
        text=passage.text,
        lang=passage.lang,
        library=passage.library,
        library_name=passage.library_name,
        note=passage.note,
        url=passage.url,
        source=passage.source or "",
        qtype=passage.qtype,
        is_pointer=passage.is_pointer,
        reviewed=passage.reviewed,
        reviewed_by=passage.reviewed_by,
        score=score,
        other_language=passage.lang != lang,
    )
