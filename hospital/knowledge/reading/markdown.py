"""Our own Markdown, a file or a folder of `<topic>/<lang>.md`, as entries."""

from collections.abc import Iterator
from pathlib import Path

from hospital.knowledge.documents import DocumentError, Entry, read_document
from hospital.knowledge.reading.incoming import (
    Flaw,
    Incoming,
    IncomingError,
    IncomingPassage,
    Reference,
    clean,
    one_line,
)
from hospital.knowledge.reading.lines import Told


def read_folder(folder: Path, told: Told) -> Iterator[Incoming | Flaw]:
    """Yield the entry of each file below the folder, or what is wrong with it."""
    paths = sorted(folder.glob("*/*.md"))
    if not paths:
        problem = "no <topic>/<lang>.md is in this folder; name the folder of topics"
        yield Flaw(str(folder), "", "no_documents", problem)
    for number, path in enumerate(paths, start=1):
        yield read_one(path)
        told(number / len(paths))


def read_one(path: Path) -> Incoming | Flaw:
    """Return the entry that one file holds, or what is wrong with it."""
    try:
        return _incoming(read_document(path))
    except DocumentError as error:
        where = f"line {error.line}"
        return Flaw(str(path), where, "bad_document", error.problem)
    except (IncomingError, OSError) as error:
        return Flaw(str(path), "", "bad_entry", str(error))


def _incoming(entry: Entry) -> Incoming:
    passages = (
        IncomingPassage(part.id, one_line(part.heading), part.qtype, clean(part.text))
        for part in entry.passages
    )
    return Incoming(
        id=one_line(entry.id),
        lang=entry.lang,
        title=one_line(entry.title),
        passages=tuple(passages),
        where="",
        focus=one_line(entry.title),
        synonyms=tuple(map(one_line, entry.synonyms)),
        category=entry.category,
        departments=entry.departments,
        references=tuple(
            Reference(one_line(source.title), source.url) for source in entry.sources
        ),
        licence=one_line(entry.licence),
        written=entry.written,
        reviewed_by=one_line(entry.reviewed_by),
    )
