"""An entry as it comes in, held to what a library keeps."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from hospital.knowledge.vocabulary import LANGUAGES

LONGEST_TEXT = 100_000  # characters of one passage: a book is no passage
# Most characters, by field; what the database keeps.
LONGEST = {
    "id": 200,
    "title": 500,
    "source": 200,
    "focus": 300,
    "qtype": 60,
    "category": 40,
    "licence": 300,
    "reviewed_by": 200,
}
LONGEST_URL = 1000
LONGEST_CITATION = 300
LONGEST_HEADING = 500
LONGEST_WORD = 200
MOST_WORDS = 500
_ADDRESS = re.compile(r"https?://[^\s/\\<>\"']+(?:[/?#][^\s\\<>\"]*)?", re.IGNORECASE)
# Marks that turn the direction of the text around them, and so can hide what it says.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HAN = re.compile(r"[\u3400-\u9fff]")


class IncomingError(ValueError):
    """An entry cannot be kept; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A public page that an entry rests on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class IncomingPassage:
    """One passage; `citation` is the id by which it is cited."""

    citation: str
    heading: str
    qtype: str
    text: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One entry; a pointer has an address and no text."""

    id: str
    lang: str
    title: str
    passages: tuple[IncomingPassage, ...]
    where: str  # its place in the file
    source: str = ""
    focus: str = ""
    qtype: str = ""
    synonyms: tuple[str, ...] = ()
    category: str = ""
    departments: tuple[str, ...] = ()
    url: str = ""
    references: tuple[Reference, ...] = ()
    licence: str = ""
    is_pointer: bool = False
    written: date | None = None
    reviewed_by: str = ""
    reviewed: date | None = None
    expires: date | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be kept as it is."""
        for field in ("id", "title"):
            if not getattr(self, field):
                message = f"'{field}' is missing or empty; fill it in"
                raise IncomingError(message)
        if self.lang not in LANGUAGES:
            message = f"lang '{self.lang}' is none of {', '.join(LANGUAGES)}"
            raise IncomingError(message)
        for field, most in LONGEST.items():
            _check_length(getattr(self, field), field, most=most)
        _check_words(self.synonyms, "synonyms")
        _check_words(self.departments, "departments")
        for url in (self.url, *(reference.url for reference in self.references)):
            check_address(url)
        self._check_passages()

    def _check_passages(self) -> None:
        citations = [passage.citation for passage in self.passages]
        if len(set(citations)) < len(citations):
            message = "two of its passages have the same id; give each its own"
            raise IncomingError(message)
        for passage in self.passages:
            _check_length(passage.citation, "id of a passage", most=LONGEST_CITATION)
            _check_length(passage.heading, "heading", most=LONGEST_HEADING)
            _check_length(passage.text, "text of a passage", most=LONGEST_TEXT)
        if self.is_pointer:
            if not self.url:
                message = "it has neither an answer nor an address; add one of them"
                raise IncomingError(message)
        elif not any(passage.text for passage in self.passages):
            message = "it has no text; add some, or leave the entry out"
            raise IncomingError(message)


@dataclass(frozen=True, slots=True)
class Flaw:
    """An entry, or a file, that was left out; `message` says what to do."""

    file: str
    where: str
    code: str
    message: str


def digest_of(entry: Incoming) -> str:
    """Return the same 64 characters for the same content, wherever it stood."""
    fields = [
        getattr(entry, name)
        for name in Incoming.__dataclass_fields__
        if name != "where"
    ]
    text = json.dumps(fields, default=_plain, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def clean(text: str) -> str:
    """Return the text without control characters and marks that turn its direction.

    Raises:
        IncomingError: It holds half a character.
    """
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            message = "it holds half a character; save the file as UTF-8 anew"
            raise IncomingError(message) from error
        text = _TURNS.sub("", text)
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        kept = (
            char if char in "\n\t" or unicodedata.category(char) != "Cc" else " "
            for char in text
        )
        text = "".join(kept)
    return text.strip()


def one_line(text: str) -> str:
    """Return the text cleaned, on one line."""
    return " ".join(clean(text).split())


def language_of(tag: str, *, text: str) -> str:
    """Return the language a tag such as `zh-CN` names; where it is empty, the text's."""
    if not tag:
        return "zh" if _HAN.search(text) else "en"
    return tag.replace("_", "-").partition("-")[0].lower()


def day_of(text: str, *, field: str) -> date | None:
    """Return the day that a date or a time in ISO form names.

    Raises:
        IncomingError: It names none.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        message = f"'{field}' is '{text[:40]}'; write it as 2026-11-27"
        raise IncomingError(message) from error


def _plain(value: Any) -> Any:  # Any: whatever a field of an entry holds
    if isinstance(value, date):
        return value.isoformat()
    return [getattr(value, name) for name in value.__dataclass_fields__]


def _check_length(text: str, field: str, *, most: int) -> None:
    if len(text) > most:
        message = f"'{field}' has {len(text)} characters; at most {most} are kept"
        raise IncomingError(message)


def _check_words(words: tuple[str, ...], field: str) -> None:
    if len(words) > MOST_WORDS:
        message = f"'{field}' has {len(words)} words; at most {MOST_WORDS} are kept"
        raise IncomingError(message)
    for word in words:
        _check_length(word, field, most=LONGEST_WORD)


def check_address(url: str) -> None:
    """Refuse an address that is no page's; nothing is one, too.

    Raises:
        IncomingError: It begins with anything but https:// or http://.
    """
    if url and (len(url) > LONGEST_URL or not _ADDRESS.fullmatch(url)):
        message = f"address '{url[:100]}' must begin with https:// or http://"
        raise IncomingError(message)
