"""The contracts of the first nurse rostering competition, as rules.

Whether a flag is on and what it costs is read for each one; nothing is assumed. A shift
in a weekend that is worked throughout costs for each day that another shift differs from
it; a weekend of more than two days that is worked in part costs by how it is broken.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from scheduling.solver.formats.source import Line, shown
from scheduling.solver.instance import Contract, ShiftType
from scheduling.solver.rules import (
    MAX_WEIGHT,
    OFF,
    Count,
    Pattern,
    Rule,
    Run,
    Weekends,
)

WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
WEEKENDS = {
    "SaturdaySunday": (5, 6),
    "FridaySaturdaySunday": (4, 5, 6),
    "SaturdaySundayMonday": (5, 6, 0),
    "FridaySaturdaySundayMonday": (4, 5, 6, 0),
}
FOUR_WEEKS = 28
_CONTRACT_FIELDS = 20
_TERM = re.compile(r"\(\s*([01])\s*\|\s*(\d{1,9})\s*(?:\|\s*(\d{1,9})\s*)?\)", re.ASCII)
_ENTRY = re.compile(r"\(\s*([^|()]+?)\s*\|\s*([^|()]+?)\s*\)")


@dataclass(frozen=True, slots=True)
class Term:
    """One limit of a contract; `weight` is 0 where its flag is off."""

    weight: int
    value: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """A contract as the file has it."""

    id: str
    weekend: tuple[int, ...]
    most_assignments: Term
    fewest_assignments: Term
    longest_work: Term
    shortest_work: Term
    longest_rest: Term
    shortest_rest: Term
    most_weekends_in_a_row: Term
    fewest_weekends_in_a_row: Term
    most_weekends: Term
    complete_weekends: Term
    identical_weekends: Term
    no_night_before_free_weekend: Term
    two_free_days_after_night: Term
    alternative_skill: Term
    patterns: tuple[str, ...]


def read_terms(line: Line) -> Terms:
    """Return the contract that a line holds."""
    fields = line.fields(_CONTRACT_FIELDS, what="A contract")
    definition = fields[12]
    if definition not in WEEKENDS:
        line.refuse(f"The weekend {shown(definition)} is unknown.")
    _term(line, fields[2], has_value=False)  # one shift a day: a cell holds no more
    patterns = tuple(fields[19].split())
    count = line.whole(fields[18], what="The number of patterns")
    if count != len(patterns):
        line.refuse(f"{count} patterns are announced, {len(patterns)} are named.")
    limit = [_term(line, text, has_value=True) for text in fields[3:12]]
    flag = [_term(line, text, has_value=False) for text in fields[13:18]]
    return Terms(
        id=line.name(fields[0], what="A contract's id"),
        weekend=WEEKENDS[definition],
        most_assignments=limit[0],
        fewest_assignments=limit[1],
        longest_work=limit[2],
        shortest_work=limit[3],
        longest_rest=limit[4],
        shortest_rest=limit[5],
        most_weekends_in_a_row=limit[6],
        fewest_weekends_in_a_row=limit[7],
        most_weekends=limit[8],
        complete_weekends=flag[0],
        identical_weekends=flag[1],
        no_night_before_free_weekend=flag[2],
        two_free_days_after_night=flag[3],
        alternative_skill=flag[4],
        patterns=patterns,
    )


def _term(line: Line, text: str, *, has_value: bool) -> Term:
    found = _TERM.fullmatch(text)
    if found is None or (found[3] is not None) != has_value:
        form = "(on|weight|value)" if has_value else "(on|weight)"
        line.refuse(f"{shown(text)} is not of the form {form}.")
    weight = line.whole(found[2], what="The weight", most=MAX_WEIGHT)
    return Term(weight if found[1] == "1" else 0, int(found[3] or 0))


def read_pattern(line: Line, shifts: Mapping[str, ShiftType]) -> tuple[str, Pattern]:
    """Return the id of a pattern and its rule."""
    name, weight, rest = (part.strip() for part in _three(line))
    length_text, _, entries_text = rest.partition(" ")
    entries = _ENTRY.findall(entries_text)
    length = line.whole(length_text, what="The pattern's length", least=1, most=7)
    if len(entries) != length or _ENTRY.sub("", entries_text).strip():
        line.refuse(f"The pattern is not one of {length} entries: {line.short}.")
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
        line.refuse(f"A pattern has an id, a weight and entries: {line.short}.")
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
        line.refuse("The days of the pattern do not follow each other.")
    return frozenset(starts) if len(starts) < len(WEEKDAYS) else frozenset()


def contract(
    terms: Terms, *, patterns: Mapping[str, Pattern], shifts: Mapping[str, ShiftType]
) -> Contract:
    """Return the contract with a rule for each term that costs something."""
    nights = frozenset(shift.id for shift in shifts.values() if shift.is_night)
    rules = (
        *_limits(terms),
        *_weekend_limits(terms),
        *_broken_weekends(terms, frozenset(shifts)),
        *_mixed_weekends(terms, tuple(shifts)),
        *_after_nights(terms, nights, frozenset(shifts)),
        *(patterns[name] for name in terms.patterns),
    )
    kept = (rule for rule in rules if rule.weight)
    return Contract(id=terms.id, rules=tuple(kept))


def _limits(terms: Terms) -> Iterator[Rule]:
    most, fewest = terms.most_assignments, terms.fewest_assignments
    yield Count(name="most assignments", at_most=most.value, weight=most.weight)
    yield Count(name="fewest assignments", at_least=fewest.value, weight=fewest.weight)
    long, short = terms.longest_work, terms.shortest_work
    yield Run(
        name="most consecutive working days", at_most=long.value, weight=long.weight
    )
    yield Run(
        name="fewest consecutive working days",
        at_least=short.value,
        open_start=False,
        open_end=False,
        weight=short.weight,
    )
    long, short = terms.longest_rest, terms.shortest_rest
    yield Run(
        name="most consecutive free days",
        of="off",
        at_most=long.value,
        weight=long.weight,
    )
    yield Run(
        name="fewest consecutive free days",
        of="off",
        at_least=short.value,
        open_start=False,
        open_end=False,
        weight=short.weight,
    )


def _weekend_limits(terms: Terms) -> Iterator[Rule]:
    long, short = terms.most_weekends_in_a_row, terms.fewest_weekends_in_a_row
    yield Weekends(
        name="most consecutive working weekends",
        measure="run",
        weekdays=terms.weekend,
        at_most=long.value,
        weight=long.weight,
    )
    yield Weekends(
        name="fewest consecutive working weekends",
        measure="run",
        weekdays=terms.weekend,
        at_least=short.value,
        weight=short.weight,
    )
    yield Weekends(
        name="most working weekends",
        weekdays=terms.weekend,
        at_most=terms.most_weekends.value,
        weight=terms.most_weekends.weight,
    )


def _broken_weekends(terms: Terms, shifts: frozenset[str]) -> Iterator[Rule]:
    """Yield the cost of weekends worked in part.

    Each free day costs one, each of its days one more for every gap between worked days:
    what the competition's evaluator charges, in its tables for three and four days.
    """
    name, weight = "complete weekends", terms.complete_weekends.weight
    length = len(terms.weekend)
    if length == 2:
        yield Weekends(
            name=name, measure="complete", weekdays=terms.weekend, weight=weight
        )
        return
    for worked in product((True, False), repeat=length):
        units = _broken_units(worked)
        if units:
            yield Pattern(
                name=name,
                days=tuple(shifts if one else frozenset({OFF}) for one in worked),
                weekdays=frozenset({terms.weekend[0]}),
                weight=weight * units,
            )


def _broken_units(worked: tuple[bool, ...]) -> int:
    if all(worked) or not any(worked):
        return 0
    stretches = sum(
        one and not before
        for one, before in zip(worked, (False, *worked), strict=False)
    )
    return worked.count(False) + len(worked) * (stretches - 1)


def _mixed_weekends(terms: Terms, shifts: tuple[str, ...]) -> Iterator[Rule]:
    """Yield the cost of weekends worked throughout in more than one shift."""
    length = len(terms.weekend)
    for opening in product(shifts, repeat=length - 1):
        by_units: dict[int, set[str]] = {}
        for last in shifts:
            kinds = len({*opening, last})
            by_units.setdefault(length * (kinds - 1), set()).add(last)
        for units, lasts in by_units.items():
            if units:
                yield Pattern(
                    name="identical weekends",
                    days=(*(frozenset({one}) for one in opening), frozenset(lasts)),
                    weekdays=frozenset({terms.weekend[0]}),
                    weight=terms.identical_weekends.weight * units,
                )


def _after_nights(
    terms: Terms, nights: frozenset[str], shifts: frozenset[str]
) -> Iterator[Rule]:
    if not nights:
        return
    off = frozenset({OFF})
    yield Pattern(
        name="no night before a free weekend",
        days=(nights, *(off for _day in terms.weekend)),
        weekdays=frozenset({(terms.weekend[0] - 1) % len(WEEKDAYS)}),
        weight=terms.no_night_before_free_weekend.weight,
    )
    name, weight = "two free days after nights", terms.two_free_days_after_night.weight
    if shifts - nights:
        yield Pattern(name=name, days=(nights, shifts - nights), weight=weight)
    yield Pattern(name=name, days=(nights, off, shifts), weight=weight)
