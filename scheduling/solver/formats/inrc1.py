"""Reads the text form of the first nurse rostering competition.

Cover and one shift a day are hard, everything else costs what the file says. The horizon
stands alone: a run at its edge counts with the days it has there.

References:
    S. Haspeslagh, P. De Causmaecker, A. Schaerf, M. Stolevik: The first international
    nurse rostering competition 2010, Annals of Operations Research 218, 2014.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduling.solver.errors import FormatError
from scheduling.solver.formats.inrc1_contracts import (
    FOUR_WEEKS,
    WEEKDAYS,
    Terms,
    contract,
    read_pattern,
    read_terms,
)
from scheduling.solver.formats.source import Line, numbered
from scheduling.solver.instance import (
    MAX_DAYS,
    MAX_PEOPLE,
    MAX_SHIFT_TYPES,
    MINUTES_A_DAY,
    HeldSkill,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.rules import (
    MAX_WEIGHT,
    Count,
    Demand,
    Pattern,
    Request,
    Rule,
)

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
_HEADER = re.compile(r"([A-Z_]+)\s*(?:=?\s*(\d{1,9}))?", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", re.ASCII)


def read_inrc1(text: str, *, name: str = "") -> Instance:
    """Return the instance that a file in this format describes.

    Raises:
        FormatError: The file is not what the format says; the message names the line.
    """
    sections = _sections(numbered(text, comment="//"))
    source = _Source(*_period(sections["SCHEDULING_PERIOD"]))
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
            line.refuse(f"The line does not end with a semicolon: {line.short}.")
        content = Line(line.number, line.text[:-1].strip())
        if waiting:
            sections[list(sections)[-1]].append(content)
            waiting -= 1
            continue
        title, waiting = _header(content, place=len(sections))
        sections[title] = []
    if waiting or len(sections) < len(_SECTIONS):
        message = f"The file ends within or before {_SECTIONS[len(sections) - 1]}."
        if not waiting:
            message = f"The file ends before {_SECTIONS[len(sections)]}."
        raise FormatError(message, line=lines[-1].number)
    return sections


def _header(line: Line, *, place: int) -> tuple[str, int]:
    """Return the title of the section that begins here and how many lines it has."""
    awaited = _SECTIONS[place] if place < len(_SECTIONS) else "the end"
    found = _HEADER.fullmatch(line.text)
    if found is None or found[1] != awaited:
        line.refuse(f"{line.short} where {awaited} belongs.")
    if place == 0:
        return awaited, 1
    return awaited, line.whole(found[2] or "", what=f"The number of {awaited}")


def _period(lines: list[Line]) -> tuple[str, date, int]:
    line = lines[0]
    name, first_text, last_text = line.fields(3, what="The scheduling period")
    first, last = _date(line, first_text), _date(line, last_text)
    days = (last - first).days + 1
    if not 1 <= days <= MAX_DAYS:
        line.refuse(f"The period has {days} days, outside 1 to {MAX_DAYS}.")
    return name, first, days


def _date(line: Line, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        line.refuse(f"{text!r} is not a date of the form 2010-01-31.")


@dataclass(slots=True)
class _Source:
    """What has been read so far."""

    name: str
    start: date
    days: int
    skills: set[str] = field(default_factory=set)
    shifts: dict[str, ShiftType] = field(default_factory=dict)
    needed: dict[str, frozenset[str]] = field(default_factory=dict)
    patterns: dict[str, Pattern] = field(default_factory=dict)
    terms: dict[str, Terms] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    cover_by_weekday: dict[tuple[int, str], int] = field(default_factory=dict)
    cover_by_day: dict[tuple[int, str], int] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def read_skill(self, line: Line) -> None:
        line.new(line.name(line.text, what="A skill"), self.skills, what="skill")
        self.skills.add(line.text)

    def read_shift(self, line: Line) -> None:
        name, told, start, end, count, skills = line.fields(6, what="A shift")
        line.new(line.name(name, what="A shift's id"), self.shifts, what="shift")
        if len(self.shifts) == MAX_SHIFT_TYPES:
            line.refuse(f"There are more than {MAX_SHIFT_TYPES} shifts.")
        first, last = _minute(line, start), _minute(line, end)
        is_night = last <= first
        last += MINUTES_A_DAY if is_night else 0
        self.shifts[name] = ShiftType(
            id=name,
            name=told,
            start_minute=first,
            end_minute=last,
            minutes=last - first,
            is_night=is_night,
        )
        self.needed[name] = self._skills(line, count, skills)

    def read_pattern(self, line: Line) -> None:
        name, rule = read_pattern(line, self.shifts)
        line.new(name, self.patterns, what="pattern")
        self.patterns[name] = rule

    def read_contract(self, line: Line) -> None:
        terms = read_terms(line)
        line.new(terms.id, self.terms, what="contract")
        for name in terms.patterns:
            line.known(name, self.patterns, what="pattern")
        if terms.most_weekends.weight and self.days > FOUR_WEEKS:
            line.refuse(
                f"Weekends in four weeks cannot be limited in {self.days} days."
            )
        self.terms[terms.id] = terms

    def read_person(self, line: Line) -> None:
        name, told, contract_id, count, skills = line.fields(5, what="An employee")
        line.new(line.name(name, what="An employee's id"), self.people, what="employee")
        if len(self.people) == MAX_PEOPLE:
            line.refuse(f"There are more than {MAX_PEOPLE} employees.")
        line.known(contract_id, self.terms, what="contract")
        held = self._skills(line, count, skills)
        self.people[name] = Person(
            id=name,
            name=told,
            contracts=(contract_id,),
            skills=tuple(HeldSkill(skill=skill) for skill in sorted(held)),
            rules=tuple(self._skill_rules(self.terms[contract_id], held)),
        )

    def _skill_rules(self, terms: Terms, held: frozenset[str]) -> Iterator[Rule]:
        """Yield the cost of shifts worked without a skill they need."""
        lacking: dict[int, set[str]] = {}
        for shift, needed in self.needed.items():
            lacking.setdefault(len(needed - held), set()).add(shift)
        for count, shifts in lacking.items():
            if count and terms.alternative_skill.weight:
                yield Count(
                    name="alternative skill",
                    shifts=frozenset(shifts),
                    at_most=0,
                    weight=terms.alternative_skill.weight * count,
                )

    def read_weekday_cover(self, line: Line) -> None:
        weekday, shift, count = line.fields(3, what="A cover")
        line.known(weekday, WEEKDAYS, what="weekday")
        key = (WEEKDAYS.index(weekday), line.known(shift, self.shifts, what="shift"))
        line.new(key, self.cover_by_weekday, what="cover", told=f"{weekday} {shift}")
        self.cover_by_weekday[key] = self._people_needed(line, count)

    def read_date_cover(self, line: Line) -> None:
        when, shift, count = line.fields(3, what="A cover")
        key = (self._day(line, when), line.known(shift, self.shifts, what="shift"))
        line.new(key, self.cover_by_day, what="cover", told=f"{when} {shift}")
        self.cover_by_day[key] = self._people_needed(line, count)

    def read_request(self, line: Line, title: str) -> None:
        is_shift, is_on = title.startswith("SHIFT"), "_ON_" in title
        fields = line.fields(4 if is_shift else 3, what="A request")
        shifts = frozenset(self.shifts)
        if is_shift:
            shifts = frozenset({line.known(fields[2], self.shifts, what="shift")})
        request = Request(
            person=line.known(fields[0], self.people, what="employee"),
            day=self._day(line, fields[1]),
            shifts=shifts,
            is_on=is_on,
            weight=line.whole(fields[-1], what="The weight", most=MAX_WEIGHT),
            name=title.lower().replace("_", " "),
        )
        self.requests.append(request)

    def instance(self, name: str) -> Instance:
        contracts = tuple(
            contract(terms, patterns=self.patterns, shifts=self.shifts)
            for terms in self.terms.values()
        )
        return Instance(
            name=self.name or name,
            start=self.start,
            days=self.days,
            shift_types=tuple(self.shifts.values()),
            people=tuple(self.people.values()),
            contracts=contracts,
            demands=tuple(self._demands()),
            requests=tuple(self.requests),
        )

    def _demands(self) -> Iterator[Demand]:
        """Yield the exact number of each shift and day; what is not named is none."""
        for day in range(self.days):
            weekday = (self.start + timedelta(days=day)).weekday()
            for shift in self.shifts:
                usual = self.cover_by_weekday.get((weekday, shift), 0)
                count = self.cover_by_day.get((day, shift), usual)
                yield Demand(
                    day=day, shifts=frozenset({shift}), at_least=count, at_most=count
                )

    def _skills(self, line: Line, count_text: str, text: str) -> frozenset[str]:
        skills = frozenset(
            line.known(skill, self.skills, what="skill") for skill in text.split()
        )
        count = line.whole(count_text, what="The number of skills")
        if count != len(skills):
            line.refuse(f"{count} skills are announced, {len(skills)} are named.")
        return skills

    def _people_needed(self, line: Line, text: str) -> int:
        return line.whole(text, what="The cover", most=MAX_PEOPLE)

    def _day(self, line: Line, text: str) -> int:
        day = (_date(line, text) - self.start).days
        if not 0 <= day < self.days:
            line.refuse(f"{text} lies outside the scheduling period.")
        return day


def _minute(line: Line, text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        line.refuse(f"{text!r} is not a time of the form 14:30:00.")
    return int(found[1]) * 60 + int(found[2])
