"""The sections of the competition's files: a title, sometimes with a count, then lines."""

import re
from collections.abc import Sequence

from scheduling.solver.errors import FormatError
from scheduling.solver.formats.source import Line, numbered
from scheduling.solver.message import phrase

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK = len(DAYS)
_RANGE = re.compile(r"\(\s*(\d{1,9})\s*,\s*(\d{1,9})\s*\)", re.ASCII)


class Reader:
    """Goes through the lines of a file in the order that its format fixes."""

    def __init__(self, source: str | Sequence[Line]) -> None:
        self._lines = numbered(source) if isinstance(source, str) else source
        self._place = 0

    def value(self, title: str) -> tuple[Line, str]:
        """Return the line and value of `TITLE = value`."""
        line = self._next(title)
        name, equals, value = (part.strip() for part in line.text.partition("="))
        if name != title or not equals:
            line.refuse(
                phrase(
                    "%(short)s where %(title)s = ... belongs.",
                    short=line.short,
                    title=title,
                )
            )
        return line, value

    def title(self, title: str) -> None:
        """Pass a line that holds nothing but a title."""
        line = self._next(title)
        if line.text != title:
            line.refuse(
                phrase(
                    "%(short)s where %(title)s belongs.", short=line.short, title=title
                )
            )

    def counted(self, title: str, *, least: int = 0, most: int) -> list[Line]:
        """Return as many lines as `TITLE = count` announces."""
        line, value = self.value(title)
        count = line.whole(
            value,
            what=phrase("The number of %(title)s", title=title),
            least=least,
            most=most,
        )
        return self.lines(count, title)

    def lines(self, count: int, title: str) -> list[Line]:
        """Return the next lines, which must be there."""
        return [self._next(title) for _ in range(count)]

    def rest(self) -> list[Line]:
        """Return every line that is left."""
        left = list(self._lines[self._place :])
        self._place = len(self._lines)
        return left

    def end(self) -> None:
        """Refuse anything that is left."""
        if self._place < len(self._lines):
            line = self._lines[self._place]
            line.refuse(phrase("%(short)s where the end belongs.", short=line.short))

    def peek(self) -> str:
        """Return the text of the next line; empty at the end."""
        if self._place == len(self._lines):
            return ""
        return self._lines[self._place].text

    def _next(self, title: str) -> Line:
        if self._place == len(self._lines):
            message = phrase("The file ends within or before %(title)s.", title=title)
            raise FormatError(message, line=self._lines[-1].number)
        line = self._lines[self._place]
        self._place += 1
        return line


def limits(line: Line, text: str, *, what: str) -> tuple[int, int]:
    """Return the two numbers of `(least,most)`."""
    found = _RANGE.fullmatch(text)
    if found is None:
        line.refuse(
            phrase(
                "%(what)s is %(text)s, not of the form (least,most).",
                what=what,
                text=repr(text),
            )
        )
    least, most = int(found[1]), int(found[2])
    if least > most:
        line.refuse(
            phrase(
                "%(what)s: %(least)s is more than %(most)s.",
                what=what,
                least=least,
                most=most,
            )
        )
    return least, most


def words(line: Line, *, least: int, what: str) -> list[str]:
    """Return the words of a line, at least so many."""
    found = line.text.split()
    if len(found) < least:
        line.refuse(
            phrase(
                "%(what)s has at least %(least)s words: %(short)s.",
                what=what,
                least=least,
                short=line.short,
            )
        )
    return found
