"""The unwanted patterns of the first nurse rostering competition."""

import re
from collections.abc import Mapping

from scheduling.solver.formats.source import Line
from scheduling.solver.instance import ShiftType
from scheduling.solver.message import phrase
from scheduling.solver.rules import MAX_WEIGHT, OFF, Pattern

WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_ENTRY = re.compile(r"\(([^|()]+)\|([^|()]+)\)")


def read_pattern(line: Line, shifts: Mapping[str, ShiftType]) -> tuple[str, Pattern]:
    """Return the id of a pattern and its rule."""
    name, weight, rest = (part.strip() for part in _three(line))
    length_text, _, entries_text = rest.partition(" ")
    entries = [
        (shift.strip(), day.strip()) for shift, day in _ENTRY.findall(entries_text)
    ]
    length = line.whole(length_text, what="The pattern's length", least=1, most=7)
    if len(entries) != length or _ENTRY.sub("", entries_text).strip():
        line.refuse(
            phrase(
                "The pattern is not one of %(length)s entries: %(short)s.",
                length=length,
                short=line.short,
            )
        )
    rule = Pattern(
        name="unwanted pattern " + " ".join(shift for shift, _day in entries),
        days=tuple(_matching(line, shift, shifts) for shift, _day in entries),
        weekdays=_start_weekdays(line, [day for _shift, day in entries]),
        weight=line.whole(weight, what="The weight", most=MAX_WEIGHT),
    )
    return line.name(name, what="A pattern's id"), rule


def _three(line: Line) -> list[str]:
    parts = line.text.split(",", 2)
    if len(parts) != 3:
        line.refuse(
            phrase(
                "A pattern has an id, a weight and entries: %(short)s.",
                short=line.short,
            )
        )
    return parts


def _matching(
    line: Line, shift: str, shifts: Mapping[str, ShiftType]
) -> frozenset[str]:
    if shift == "None":
        return frozenset({OFF})
    if shift == "Any":
        return frozenset(shifts)
    return frozenset({line.known(shift, shifts, what="shift")})


def _start_weekdays(line: Line, days: list[str]) -> frozenset[int]:
    """Return the weekdays on which the entries' days let the pattern start."""
    starts = set(range(len(WEEKDAYS)))
    for place, day in enumerate(days):
        if day != "Any":
            line.known(day, WEEKDAYS, what="weekday")
            starts &= {(WEEKDAYS.index(day) - place) % len(WEEKDAYS)}
    if not starts:
        line.refuse(phrase("The days of the pattern do not follow each other."))
    return frozenset(starts) if len(starts) < len(WEEKDAYS) else frozenset()
