"""Reads a whole file: its sections in their order, then what each line says."""

import re
from datetime import date

from scheduling.solver.errors import FormatError
from scheduling.solver.formats.inrc1.source import Source, date_in
from scheduling.solver.formats.source import Line, numbered
from scheduling.solver.instance import MAX_DAYS, Instance
from scheduling.solver.message import phrase

_SECTIONS = (
    "SCHEDULING_PERIOD",
    "SKILLS",
    "SHIFT_TYPES",
    "CONTRACTS",
    "PATTERNS",
    "EMPLOYEES",
    "DAY_OF_WEEK_COVER",
    "DATE_SPECIFIC_COVER",
    "DAY_OFF_REQUESTS",
    "DAY_ON_REQUESTS",
    "SHIFT_OFF_REQUESTS",
    "SHIFT_ON_REQUESTS",
)
_HEADER = re.compile(r"([A-Z_]+)(?:(?:\s*=)?\s*(\d{1,9}))?", re.ASCII)


def read_inrc1(text: str, *, name: str = "") -> Instance:
    """Return the instance that a file in this format describes.

    Raises:
        FormatError: The file is not what the format says; the message names the line.
    """
    sections = _sections(numbered(text, comment="//"))
    source = Source(*_period(sections["SCHEDULING_PERIOD"]))
    for line in sections["SKILLS"]:
        source.read_skill(line)
    for line in sections["SHIFT_TYPES"]:
        source.read_shift(line)
    for line in sections["PATTERNS"]:
        source.read_pattern(line)
    for line in sections["CONTRACTS"]:
        source.read_contract(line)
    for line in sections["EMPLOYEES"]:
        source.read_person(line)
    for line in sections["DAY_OF_WEEK_COVER"]:
        source.read_weekday_cover(line)
    for line in sections["DATE_SPECIFIC_COVER"]:
        source.read_date_cover(line)
    for title in _SECTIONS[8:]:
        for line in sections[title]:
            source.read_request(line, title)
    return source.instance(name)


def _sections(lines: list[Line]) -> dict[str, list[Line]]:
    """Return the lines of each section; all are needed, in their order and number."""
    sections: dict[str, list[Line]] = {}
    waiting = 0
    for line in lines:
        if not line.text.endswith(";"):
            line.refuse(
                phrase(
                    "The line does not end with a semicolon: %(short)s.",
                    short=line.short,
                )
            )
        content = Line(line.number, line.text[:-1].strip())
        if waiting:
            sections[list(sections)[-1]].append(content)
            waiting -= 1
            continue
        title, waiting = _header(content, place=len(sections))
        sections[title] = []
    if waiting or len(sections) < len(_SECTIONS):
        message = phrase(
            "The file ends within or before %(sections)s.",
            sections=_SECTIONS[len(sections) - 1],
        )
        if not waiting:
            message = phrase(
                "The file ends before %(sections)s.", sections=_SECTIONS[len(sections)]
            )
        raise FormatError(message, line=lines[-1].number)
    return sections


def _header(line: Line, *, place: int) -> tuple[str, int]:
    """Return the title of the section that begins here and how many lines it has."""
    awaited = _SECTIONS[place] if place < len(_SECTIONS) else "the end"
    found = _HEADER.fullmatch(line.text)
    if found is None or found[1] != awaited:
        line.refuse(
            phrase(
                "%(short)s where %(awaited)s belongs.",
                short=line.short,
                awaited=awaited,
            )
        )
    if place == 0:
        return awaited, 1
    return awaited, line.whole(
        found[2] or "", what=phrase("The number of %(awaited)s", awaited=awaited)
    )


def _period(lines: list[Line]) -> tuple[str, date, int]:
    line = lines[0]
    name, first_text, last_text = line.fields(3, what="The scheduling period")
    first, last = date_in(line, first_text), date_in(line, last_text)
    days = (last - first).days + 1
    if not 1 <= days <= MAX_DAYS:
        line.refuse(
            phrase(
                "The period has %(days)s days, outside 1 to %(max_days)s.",
                days=days,
                max_days=MAX_DAYS,
            )
        )
    return name, first, days
