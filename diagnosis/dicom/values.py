"""Reads single attributes of a data set, expecting every one to be wrong.

Loads pydicom: decoder children and workers only.
"""

import math
import re
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from diagnosis.dicom.errors import DicomRefused

# What pydicom raises when a value does not fit its representation.
BROKEN = (
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    OverflowError,
    NotImplementedError,
    LookupError,
    struct.error,
)
# DICOM PS3.5 9.1; leading zeros are forbidden there and common in practice.
UID_PATTERN = re.compile(r"[0-9]+(\.[0-9]+)*")
UID_LENGTH = 64
MAX_FLOAT_DIGITS = 64  # a DS has 16; more is not a number anyone measured
DATE = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})")
TIME = re.compile(r"(\d{2}):?(\d{2})(?::?(\d{2}))?")


@dataclass(slots=True)
class Values:
    """One data set, and what was odd in what was asked of it."""

    dataset: Dataset
    notes: set[str] = field(default_factory=set)

    def text(self, keyword: str, *, limit: int) -> str:
        """Return a descriptive text, shortened to `limit` where it is longer."""
        value = self._text(keyword)
        if len(value) > limit:
            self.notes.add("text_shortened")
        return value[:limit].rstrip()

    def identity(self, keyword: str, *, limit: int) -> str:
        """Return a text that tells patients or studies apart: never shortened."""
        value = self._text(keyword)
        if len(value) > limit:
            raise DicomRefused("value_too_long", f"({keyword})")
        return value

    def uid(self, keyword: str) -> str:
        """Return a required UID."""
        try:
            value = self.dataset.get(keyword)
        except BROKEN as error:
            raise DicomRefused("invalid_uid", f"({keyword})") from error
        if value in (None, ""):
            raise DicomRefused("missing_tag", f"({keyword})")
        uid = str(value).strip("\0 ")
        if len(uid) > UID_LENGTH or not UID_PATTERN.fullmatch(uid):
            raise DicomRefused("invalid_uid", f"({keyword})")
        return uid

    def integer(self, keyword: str, *, low: int, high: int) -> int | None:
        """Return a whole number within bounds, else None with a note."""
        number = self.number(keyword)
        if number is None or not number.is_integer() or not low <= number <= high:
            return None
        return int(number)

    def number(self, keyword: str) -> float | None:
        """Return the first value as a finite number, else None with a note."""
        values = self.numbers(keyword, 1)
        return values[0] if values else None

    def numbers(self, keyword: str, count: int) -> tuple[float, ...] | None:
        """Return the first `count` values, all finite, else None with a note."""
        try:
            value = self.dataset.get(keyword)
            if value is None or value == "":
                return None
            several = list(value) if _is_several(value) else [value]
            numbers = tuple(float(part) for part in several[:count])
        except BROKEN:
            self.notes.add("not_finite")
            return None
        if len(numbers) < count:
            return None
        if not all(math.isfinite(number) for number in numbers):
            self.notes.add("not_finite")
            return None
        return numbers

    def texts(self, keyword: str, *, limit: int, count: int) -> tuple[str, ...]:
        """Return the first `count` values of a text of several."""
        try:
            value = self.dataset.get(keyword)
        except BROKEN:
            self.notes.add("invalid_text")
            return ()
        if value is None:
            return ()
        several = list(value) if _is_several(value) else [value]
        return tuple(clean(str(part))[:limit] for part in several[:count])

    def date(self, keyword: str) -> str:
        """Return a date as YYYY-MM-DD, or nothing where it is not one."""
        match = DATE.fullmatch(self._text(keyword))
        if not match:
            return ""
        year, month, day = (int(part) for part in match.groups())
        if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= 31):
            return ""
        last = 31 - (month in (4, 6, 9, 11))
        if month == 2:
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            last = 29 if leap else 28
        return f"{year:04}-{month:02}-{day:02}" if day <= last else ""

    def time(self, keyword: str) -> str:
        """Return a time as HH:MM:SS, or nothing where it is not one."""
        match = TIME.match(self._text(keyword))
        if not match:
            return ""
        hour, minute, second = (int(part or 0) for part in match.groups())
        if hour > 23 or minute > 59 or second > 59:
            return ""
        return f"{hour:02}:{minute:02}:{second:02}"

    def item(self, keyword: str) -> Dataset | None:
        """Return the first item of a sequence."""
        try:
            sequence = self.dataset.get(keyword)
            return sequence[0] if sequence else None
        except (*BROKEN, OSError, EOFError):
            self.notes.add("invalid_text")
            return None

    def items(self, keyword: str) -> list[Dataset]:
        """Return every item of a sequence; none where it cannot be read."""
        try:
            return list(self.dataset.get(keyword) or ())
        except (*BROKEN, OSError, EOFError):
            self.notes.add("invalid_text")
            return []

    def _text(self, keyword: str) -> str:
        try:
            value = self.dataset.get(keyword)
            if value is None:
                return ""
            if _is_several(value):
                value = "\\".join(str(part) for part in value)
            raw = str(value)
        except BROKEN:
            self.notes.add("invalid_text")
            return ""
        return clean(raw)


def clean(text: str) -> str:
    """Return text that a database and a page can hold: no controls, no surrogates."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (
        character
        for character in text
        if unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())


def _is_several(value: object) -> bool:
    return isinstance(value, (MultiValue, list, tuple)) and isinstance(value, Iterable)
