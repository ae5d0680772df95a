"""Rows of the library for tests, with what the test does not care about."""

from itertools import count
from typing import Any  # Any: fields of an entry, as the model takes them

from hospital.knowledge.models import Entry, EntryState, Library, Passage

numbers = count(1)


def make_library(slug: str = "", **fields: Any) -> Library:
    slug = slug or f"library-{next(numbers)}"
    return Library.objects.create(slug=slug, name=fields.pop("name", slug), **fields)


def make_entry(library: Library | None = None, **fields: Any) -> Entry:
    library = library or make_library()
    name = f"topic-{next(numbers)}"
    given = {
        "external_id": name,
        "lang": "en",
        "title": name.title(),
        "state": EntryState.PUBLISHED,
        **fields,
    }
    return Entry.objects.create(library=library, **given)


def make_passage(entry: Entry | None = None, **fields: Any) -> Passage:
    entry = entry or make_entry()
    given = {
        "citation": f"{entry.external_id}/{entry.lang}#part-{next(numbers)}",
        "position": entry.passages.count(),
        "heading": "What it is",
        "qtype": "information",
        "text": "Drink enough water.",
        **fields,
    }
    return Passage.objects.create(entry=entry, library=entry.library, **given)
