"""Text read line by line, refused with the number of the line that is to blame."""

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import NoReturn

from scheduling.solver.errors import FormatError
from scheduling.solver.message import phrase
from scheduling.solver.rules import LONGEST_MINIMUM

MAX_CHARACTERS = 16_000_000  # the largest published file has 50 thousand
MAX_LINE = 10_000  # the longest published line has 163
MAX_ID = 200
MAX_NUMBER = 1_000_000_000
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number, counted from 1, and its text without edges."""

    number: int
    text: str

    def refuse(self, message: str) -> NoReturn:
        raise FormatError(message, line=self.number)

    def fields(
        self, count: int, *, what: str, separator: str | None = ","
    ) -> list[str]:
        """Return the line's fields, of which there must be so many."""
        fields = [field.strip() for field in self.text.split(separator)]
        if len(fields) != count:
            self.refuse(
                phrase(
                    "%(what)s has %(count)s fields, not %(found)s: %(short)s",
                    what=what,
                    count=count,
                    found=len(fields),
                    short=self.short,
                )
            )
        return fields

    def whole(
        self, text: str, *, what: str, least: int = 0, most: int = MAX_NUMBER
    ) -> int:
        """Return the whole number that a field holds."""
        if not _WHOLE.fullmatch(text):
            self.refuse(
                phrase(
                    "%(what)s is %(text)s, which is not a whole number.",
                    what=what,
                    text=shown(text),
                )
            )
        number = int(text)
        if not least <= number <= most:
            self.refuse(
                phrase(
                    "%(what)s is %(number)s, outside %(least)s to %(most)s.",
                    what=what,
                    number=number,
                    least=least,
                    most=most,
                )
            )
        return number

    def minimum(self, number: int, *, what: str) -> int:
        """Return how many in a row are the fewest; more than any roster holds is refused."""
        if number > LONGEST_MINIMUM:
            self.refuse(endless(what, number))
        return number

    def name(self, text: str, *, what: str) -> str:
        """Return an id, which must be neither empty nor endless."""
        if not 1 <= len(text) <= MAX_ID:
            self.refuse(
                phrase(
                    "%(what)s needs 1 to %(max_id)s characters, not %(count)s.",
                    what=what,
                    max_id=MAX_ID,
                    count=len(text),
                )
            )
        return text

    def known(self, text: str, ids: Container[str], *, what: str) -> str:
        """Return an id that must be among those already read."""
        if text not in ids:
            self.refuse(
                phrase("The %(what)s %(text)s is unknown.", what=what, text=shown(text))
            )
        return text

    def new(
        self, key: object, seen: Container[object], *, what: str, told: str = ""
    ) -> None:
        """Refuse an id that was read before."""
        if key in seen:
            self.refuse(
                phrase(
                    "The %(what)s %(told)s is there twice.",
                    what=what,
                    told=str(told or key),
                )
            )

    @property
    def short(self) -> str:
        return shown(self.text)


def numbered(text: str, *, comment: str = "") -> list[Line]:
    """Return the lines that say something, without comments.

    Raises:
        FormatError: The text or a line is too long, or it is empty or no text at all.
    """
    if len(text) > MAX_CHARACTERS:
        message = phrase(
            "The file has more than %(max_characters)s characters.",
            max_characters=MAX_CHARACTERS,
        )
        raise FormatError(message)
    lines = []
    # With their ends: some control characters end a line too, and are refused so.
    raws = text.removeprefix("\ufeff").splitlines(keepends=True)
    for number, raw in enumerate(raws, start=1):
        if not is_text(raw):
            message = phrase("This is not text: there are control characters in it.")
            raise FormatError(message, line=number)
        if len(raw.rstrip()) > MAX_LINE:
            message = phrase(
                "The line has more than %(max_line)s characters.", max_line=MAX_LINE
            )
            raise FormatError(message, line=number)
        stripped = raw.strip()
        if stripped and not (comment and stripped.startswith(comment)):
            lines.append(Line(number, stripped))
    if not lines:
        message = phrase("The file is empty.")
        raise FormatError(message)
    return lines


def endless(what: str, number: int) -> str:
    """Return why so many in a row cannot be asked for."""
    return phrase(
        "%(what)s: at least %(number)s in a row are more than any roster holds; ask for"
        " at most %(most)s.",
        what=what,
        number=number,
        most=LONGEST_MINIMUM,
    )


def is_text(text: str) -> bool:
    """Whether there is nothing in it but what people write."""
    return _CONTROL.search(text) is None


def shown(text: str) -> str:
    """Return a piece of the file as an error message shows it."""
    most = 60
    return f"'{text}'" if len(text) <= most else f"'{text[:most]}...'"
