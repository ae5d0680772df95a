"""Texts from another system as FHIR R4: Composition and DocumentReference.

A Composition is an article: each section a passage. A DocumentReference is a text of one
piece, or, without its data, the address of one. They come in a Bundle, alone, or a line each.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from hospital.knowledge.reading.incoming import (
    Flaw,
    Incoming,
    IncomingError,
    IncomingPassage,
    clean,
    day_of,
    language_of,
    one_line,
)
from hospital.knowledge.reading.lines import Told

MOST_BYTES = 100_000_000
DEEPEST = 20  # sections within sections
WITHDRAWN = "entered-in-error"
TEXTS = ("text/plain", "text/markdown", "text/html")

Resource = Mapping[str, Any]  # Any: what a resource holds is known once it is read


def read_bundle(path: Path, told: Told) -> Iterator[Incoming | Flaw]:
    """Yield the entry of each resource of a file, or what is wrong with it."""
    if path.stat().st_size > MOST_BYTES:
        problem = "the file is larger than 100 MB; write one resource a line (.ndjson)"
        yield Flaw(str(path), "", "too_large", problem)
        return
    try:
        whole = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        yield Flaw(str(path), "", "not_json", f"not JSON: {error}")
        return
    if not isinstance(whole, dict) or "resourceType" not in whole:
        problem = (
            "no FHIR resource; rows of questions go a line each into a .jsonl file"
        )
        yield Flaw(str(path), "", "not_fhir", problem)
        return
    if whole["resourceType"] != "Bundle":
        yield read_resource(path, "", whole)
        return
    entries = _list(whole, "entry")
    for number, entry in enumerate(entries, start=1):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        where = f"entry {number}"
        if isinstance(resource, dict):
            yield read_resource(path, where, resource)
        else:
            yield Flaw(str(path), where, "no_resource", "the entry has no resource")
        told(number / len(entries))


def read_resource(path: Path, where: str, resource: Resource) -> Incoming | Flaw:
    """Return the entry that a resource holds, or what is wrong with it."""
    kind = str(resource.get("resourceType"))
    where = f"{where} {kind}/{resource.get('id', '')}".strip()[:200]
    reader = READERS.get(kind)
    if reader is None:
        problem = f"{kind} is no text of a library; {' and '.join(READERS)} are"
        return Flaw(str(path), where, "unknown_type", problem)
    if WITHDRAWN in (resource.get("status"), resource.get("docStatus")):
        problem = "it was entered in error; retire the entry here if there is one"
        return Flaw(str(path), where, "withdrawn", problem)
    try:
        return reader(resource, where)
    except IncomingError as error:
        return Flaw(str(path), where, "bad_entry", str(error))


def _composition(resource: Resource, where: str) -> Incoming:
    id_ = one_line(_text(resource, "id"))
    sections = list(_sections(_list(resource, "section")))
    passages = tuple(
        IncomingPassage(f"{id_}#{number}", heading, "", text)
        for number, (heading, text) in enumerate(sections, start=1)
    )
    title = one_line(_text(resource, "title"))
    attester = _first(_list(resource, "attester"))
    return Incoming(
        id=id_,
        lang=language_of(_text(resource, "language"), text=title),
        title=title,
        passages=passages,
        where=where,
        source=_display(_first(_list(resource, "author"))),
        focus=_subject(resource, "event") or title,
        url=_address(resource),
        written=day_of(_text(resource, "date"), field="date"),
        reviewed_by=_display(_dict(attester, "party")),
        reviewed=day_of(_text(attester, "time"), field="attester.time"),
    )


def _document(resource: Resource, where: str) -> Incoming:
    id_ = one_line(_text(resource, "id"))
    attachment = _dict(_first(_list(resource, "content")), "attachment")
    title = one_line(_text(attachment, "title") or _text(resource, "description"))
    text = _attached(attachment)
    passage = IncomingPassage(id_, title, "", text)
    return Incoming(
        id=id_,
        lang=language_of(
            _text(attachment, "language") or _text(resource, "language"), text=title
        ),
        title=title,
        passages=(passage,),
        where=where,
        source=_display(_first(_list(resource, "author"))),
        focus=title,
        url=clean(_text(attachment, "url")) or _address(resource),
        is_pointer=not text,
        written=day_of(_text(resource, "date"), field="date"),
        reviewed_by=_display(_dict(resource, "authenticator")),
    )


READERS = {"Composition": _composition, "DocumentReference": _document}


def _sections(sections: Sequence[Any], *, depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        message = f"its sections are nested deeper than {DEEPEST}; flatten them"
        raise IncomingError(message)
    for section in sections:
        if not isinstance(section, dict):
            message = "a section must be an object with a title and a text"
            raise IncomingError(message)
        text = plain(_text(_dict(section, "text"), "div"))
        if text:
            yield one_line(_text(section, "title")), text
        yield from _sections(_list(section, "section"), depth=depth + 1)


def _attached(attachment: Resource) -> str:
    data = _text(attachment, "data")
    if not data:
        return ""
    kind = _text(attachment, "contentType").partition(";")[0].strip()
    if kind not in TEXTS:
        message = f"contentType '{kind}' is none of {', '.join(TEXTS)}"
        raise IncomingError(message)
    try:
        text = base64.b64decode(data, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        message = "attachment.data is not UTF-8 text in base64"
        raise IncomingError(message) from error
    return plain(text) if kind == "text/html" else clean(text)


def _address(resource: Resource) -> str:
    source = clean(_text(_dict(resource, "meta"), "source"))
    return source if source.startswith(("https://", "http://")) else ""


def _subject(resource: Resource, field: str) -> str:
    code = _first(_list(_first(_list(resource, field)), "code"))
    return one_line(_text(code, "text"))


def _display(reference: Resource) -> str:
    return one_line(_text(reference, "display"))


def _text(resource: Resource, field: str) -> str:
    value = resource.get(field, "")
    if not isinstance(value, str):
        message = f"'{field}' must be text"
        raise IncomingError(message)
    return value


def _list(resource: Resource, field: str) -> list[Any]:
    value = resource.get(field, [])
    if not isinstance(value, list):
        message = f"'{field}' must be a list"
        raise IncomingError(message)
    return value


def _dict(resource: Resource, field: str) -> Resource:
    value = resource.get(field, {})
    if not isinstance(value, dict):
        message = f"'{field}' must be an object"
        raise IncomingError(message)
    return value


def _first(values: Sequence[Any]) -> Resource:
    return values[0] if values and isinstance(values[0], dict) else {}


class _Plain(HTMLParser):
    """Gathers what a reader of the page would see."""

    BLOCKS = frozenset(
        [
            "p",
            "div",
            "br",
            "li",
            "ul",
            "ol",
            "tr",
            "table",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "section",
            "dt",
            "dd",
        ]
    )
    UNSEEN = frozenset({"script", "style", "title", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts = list[str]()
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in self.UNSEEN
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in self.UNSEEN and self._unseen > 0
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def plain(html: str) -> str:
    """Return what a reader of the narrative would see, a line each block."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    lines = ("".join(parser.parts)).split("\n")
    return "\n".join(filter(None, (one_line(line) for line in lines)))
