"""What goes in and what comes out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One passage of a library as retrieval reads it.

    Attributes:
        id: Its citation.
        entry: What passages of one entry share.
        title: The question or heading that it answers.
        focus: What it is about, such as a disease or a medicine.
        qtype: The kind of question that it answers.
        body: Empty for a pointer: it is found, and never quoted.
    """

    id: str
    entry: str
    title: str
    focus: str
    qtype: str
    lang: str
    body: str
    url: str
    library: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found.

    Attributes:
        score: Comparable between questions: the first hit's is the confidence.
        why: What it was ranked by, by name.
    """

    id: str
    score: float
    why: dict[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What the library has for a question.

    Attributes:
        confidence: Estimated chance that the first hit answers the question.
        abstained: The chance is too small to answer from it.
        query: The words that were looked for.
        qtypes: The kinds of question that were read in it.
        lang: The language of the texts found, which may not be the question's.
    """

    hits: tuple[Hit, ...]
    confidence: float
    abstained: bool
    query: str
    qtypes: frozenset[str]
    lang: str


def nothing_found(query: str, *, lang: str) -> Found:
    """Return what an empty library has."""
    return Found((), 0.0, abstained=True, query=query, qtypes=frozenset(), lang=lang)
