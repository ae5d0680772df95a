"""Which words the library explains: a glossary's, and the names of illnesses and tests."""

from collections.abc import Sequence

from django.db.models import Q

from consult.explaining import Term
from consult.explaining.words import quoted_names
from hospital.knowledge.models import Passage
from hospital.knowledge.selectors import passages_in_force
from hospital.knowledge.vocabulary import FAQ

NAMED = ("disease", "infection", "test")  # categories whose titles are technical words


Explained = dict[str, list[Passage]]


def explained_words() -> tuple[list[Term], Explained]:
    """Return the words, and the passages in every language that explain each key."""
    glossary = Q(qtype=FAQ, heading__contains="“")
    named = Q(qtype="information", entry__category__in=NAMED)
    passages = (
        passages_in_force()
        .filter(glossary | named, entry__is_pointer=False)
        .select_related("entry__library", "entry__source")
        .defer("embedding")
        .order_by("id")
    )
    terms: list[Term] = []
    explained: Explained = {}
    for passage in passages:
        key = _key(passage)
        explained.setdefault(key, []).append(passage)
        terms += [Term(name, key) for name in _names(passage)]
    return terms, explained


def passage_for(passages: Sequence[Passage], *, lang: str) -> Passage:
    """Return the passage in a language, else the one there is."""
    return next((each for each in passages if each.entry.lang == lang), passages[0])


def _key(passage: Passage) -> str:
    """Return what a passage and its translations share."""
    section = passage.citation.rpartition("#")[2]
    return f"{passage.entry.external_id}#{section}"


def _names(passage: Passage) -> list[str]:
    if passage.qtype == FAQ:
        return quoted_names(passage.heading)
    return [passage.entry.title, *passage.entry.synonyms]
