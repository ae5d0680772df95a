"""One file of the library, read: front matter in TOML, then a passage under each heading.

    +++
    id = "fever-adult"
    lang = "en"
    ...
    +++

    ## What you can do yourself

    Plain sentences. No markup.

The headings are those of `vocabulary`; in a FAQ they are questions that carry a name of their
own, the same in every language: `## Can I bring food? {#food}`.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hospital.knowledge.sentences import sentences
from hospital.knowledge.vocabulary import (
    CATEGORIES,
    DEPARTMENTS,
    EMERGENCY_NUMBER,
    FAQ,
    HEADINGS,
    LANGUAGES,
    question_type,
)

FENCE = "+++"
_FAQ_HEADING = re.compile(r"(?P<question>.+?)\s*\{#(?P<name>[a-z0-9-]+)\}")
_PLACEHOLDER = re.compile(r"\{[^}]*\}?")
_MARKUP = re.compile(r"\s*(?:[-*+>|]\s|#|`|\d+\.\s)")
_FIELDS: dict[str, type] = {
    "id": str,
    "lang": str,
    "title": str,
    "synonyms": list,
    "category": str,
    "departments": list,
    "sources": list,
    "written": date,
    "reviewed_by": str,
    "licence": str,
}


class DocumentError(ValueError):
    """A library file cannot be read; the message names the file and the line."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        """Name the place before the problem."""
        super().__init__(f"{path}:{line}: {problem}")
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Source:
    """A public page that an entry rests on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading: the unit that is found, shown and cited."""

    id: str  # `<topic>/<lang>#<section>`
    heading: str
    qtype: str
    text: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic in one language."""

    id: str
    lang: str
    title: str
    synonyms: tuple[str, ...]
    category: str
    departments: tuple[str, ...]
    sources: tuple[Source, ...]
    written: date
    reviewed_by: str  # empty until a clinician has read it
    licence: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading and what follows it, with its line."""

    line: int
    heading: str
    text: str


def read_document(path: Path) -> Entry:
    """Return the entry that a library file holds.

    Raises:
        DocumentError: Anything in it is missing, unknown or of the wrong form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as wrong:
        raise DocumentError(
            path, 1, "the file is not UTF-8 text; save it so"
        ) from wrong
    end = _closing_fence(path, lines)
    front = _front_matter(path, lines[1:end])
    passages = tuple(_passages(path, lines, start=end + 1, front=front))
    if not passages:
        raise DocumentError(
            path, len(lines), "no section; add one under a '## ' heading"
        )
    twice = [kind for kind, n in Counter(p.id for p in passages).items() if n > 1]
    if twice:
        raise DocumentError(path, len(lines), f"section {twice[0]} stands there twice")
    return Entry(
        id=front["id"],
        lang=front["lang"],
        title=front["title"],
        synonyms=tuple(front["synonyms"]),
        category=front["category"],
        departments=tuple(front["departments"]),
        sources=tuple(Source(**source) for source in front["sources"]),
        written=front["written"],
        reviewed_by=front["reviewed_by"],
        licence=front["licence"],
        passages=passages,
    )


def read_library(folder: Path) -> list[Entry]:
    """Return every entry below a folder, by topic and language.

    Raises:
        DocumentError: A file cannot be read, or its place and its fields disagree.
    """
    return [read_document(path) for path in sorted(folder.glob("*/*.md"))]


def _closing_fence(path: Path, lines: list[str]) -> int:
    if not lines or lines[0] != FENCE:
        raise DocumentError(path, 1, f"the file must begin with a line '{FENCE}'")
    try:
        return lines.index(FENCE, 1)
    except ValueError:
        raise DocumentError(
            path, len(lines), f"the front matter is not closed; end it with '{FENCE}'"
        ) from None


# Any: what TOML holds is known only once it is checked.
def _front_matter(path: Path, lines: list[str]) -> dict[str, Any]:
    try:
        front = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as wrong:
        found = re.search(r"at line (\d+)", str(wrong))
        line = int(found[1]) + 1 if found else len(lines) + 1
        raise DocumentError(path, line, f"not TOML: {wrong}") from wrong
    for problem, field in _field_problems(front, path):
        raise DocumentError(path, _line_of(field, lines), problem)
    return front


def _line_of(field: str, lines: list[str]) -> int:
    for number, line in enumerate(lines, start=2):
        if re.match(rf"{re.escape(field)}\s*=", line):
            return number
    return 1


def _field_problems(front: dict[str, Any], path: Path) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, with its field; a later check trusts that the earlier ones passed."""
    yield from _shape_problems(front)
    yield from _value_problems(front, path)
    yield from _source_problems(front["sources"])


def _shape_problems(front: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field, kind in _FIELDS.items():
        if field not in front:
            yield f"'{field}' is missing from the front matter", field
        elif not isinstance(front[field], kind):
            yield f"'{field}' must be of type {kind.__name__}", field
    for field in front.keys() - _FIELDS.keys():
        yield f"'{field}' is not a field of an entry", field


def _value_problems(front: dict[str, Any], path: Path) -> Iterator[tuple[str, str]]:
    if front["lang"] not in LANGUAGES:
        yield f"lang '{front['lang']}' is none of {', '.join(LANGUAGES)}", "lang"
    if (path.parent.name, path.stem) != (front["id"], front["lang"]):
        yield f"the file must be {front['id']}/{front['lang']}.md", "id"
    if front["category"] not in CATEGORIES:
        yield f"category '{front['category']}' is unknown", "category"
    for code in front["departments"]:
        if code not in DEPARTMENTS:
            yield f"department '{code}' is unknown", "departments"
    if not all(isinstance(word, str) and word.strip() for word in front["synonyms"]):
        yield "every synonym must be a word", "synonyms"


# Any: as above.
def _source_problems(sources: list[Any]) -> Iterator[tuple[str, str]]:
    if not sources:
        yield "name at least one source", "sources"
    for source in sources:
        if not isinstance(source, dict) or source.keys() != {"title", "url"}:
            yield "a source has a title and a url, nothing else", "sources"
        elif not str(source["url"]).startswith("https://"):
            yield f"source '{source['url']}' must begin with https://", "sources"


def _sections(path: Path, lines: list[str], start: int) -> Iterator[_Section]:
    heading, at, text = "", start, list[str]()
    for number, line in enumerate(lines[start:], start=start + 1):
        if line.startswith("## "):
            if heading:
                yield _Section(at, heading, "\n".join(text))
            heading, at, text = line.removeprefix("## ").strip(), number, []
        elif not line.strip():
            continue
        elif not heading:
            raise DocumentError(path, number, "text before the first '## ' heading")
        elif _MARKUP.match(line):
            raise DocumentError(path, number, "write plain sentences, without markup")
        elif set(_PLACEHOLDER.findall(line)) - {EMERGENCY_NUMBER}:
            raise DocumentError(
                path, number, f"the only placeholder is {EMERGENCY_NUMBER}"
            )
        else:
            text.append(line.strip())
    if heading:
        yield _Section(at, heading, "\n".join(text))


def _passages(
    path: Path, lines: list[str], *, start: int, front: dict[str, Any]
) -> Iterator[Passage]:
    lang = front["lang"]
    for section in _sections(path, lines, start):
        if not section.text:
            raise DocumentError(path, section.line, f"'{section.heading}' is empty")
        heading, name, qtype = _named(path, section, lang, front["category"])
        yield Passage(
            id=f"{front['id']}/{lang}#{name}",
            heading=heading,
            qtype=qtype,
            text=section.text,
            sentences=sentences(section.text, lang=lang),
        )


def _named(
    path: Path, section: _Section, lang: str, category: str
) -> tuple[str, str, str]:
    """Return a section's heading, its name within the entry and its type of question."""
    if category == FAQ:
        found = _FAQ_HEADING.fullmatch(section.heading)
        if not found:
            raise DocumentError(
                path, section.line, "end a FAQ's question with its name, as in {#food}"
            )
        return found["question"], found["name"], FAQ
    kind = question_type(section.heading, lang)
    if kind is None:
        allowed = ", ".join(words[lang] for words in HEADINGS.values())
        raise DocumentError(
            path, section.line, f"heading '{section.heading}' is none of: {allowed}"
        )
    return section.heading, kind, kind
