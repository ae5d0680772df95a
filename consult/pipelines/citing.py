"""A passage of the library that is cited by name, not found by a search."""

from collections.abc import Iterable

from consult.language.detect import Language
from consult.services.answers import Said
from hospital.knowledge.filling import filled
from hospital.knowledge.models import Passage
from hospital.knowledge.selectors import passages_in_force
from hospital.knowledge.sentences import sentences


def passage_named(citation: str) -> Passage | None:
    """Return a passage in force; a hospital may have withdrawn it."""
    passages = passages_in_force().filter(citation=citation).exclude(text="")
    return passages.select_related("entry__library", "entry__source").first()


def shown(passage: Passage, *, lang: Language) -> dict[str, object]:
    """Return a passage as it is kept with the answer that quotes it."""
    entry = passage.entry
    return {
        "id": passage.citation,
        "title": entry.title,
        "heading": passage.heading,
        "text": filled(passage.text, lang=entry.lang),
        "lang": entry.lang,
        "library": entry.library.name,
        "note": entry.library.note,
        "url": entry.url,
        "source": entry.source.name if entry.source else "",
        "reviewed": entry.reviewed.isoformat() if entry.reviewed else None,
        "reviewer": entry.reviewed_by,
        "other_language": entry.lang != lang,
    }


def quoted(
    citations: Iterable[str], *, lang: Language
) -> tuple[list[Said], list[dict[str, object]]]:
    """Return the sentences of the passages that are in force, and these as shown."""
    said, passages = list[Said](), list[dict[str, object]]()
    for citation in citations:
        passage = passage_named(citation)
        if passage is None:
            continue
        passages.append(shown(passage, lang=lang))
        text = str(passages[-1]["text"])
        said += [Said(each, (citation,)) for each in sentences(text, lang=lang)]
    return said, passages
