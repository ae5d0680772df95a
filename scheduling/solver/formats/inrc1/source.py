"""What a file of the first nurse rostering competition says, line by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduling.solver.formats.inrc1.contracts import contract
from scheduling.solver.formats.inrc1.patterns import WEEKDAYS, read_pattern
from scheduling.solver.formats.inrc1.terms import Terms, read_terms
from scheduling.solver.formats.source import Line
from scheduling.solver.instance import (
    MAX_PEOPLE,
    MAX_SHIFT_TYPES,
    MINUTES_A_DAY,
    HeldSkill,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.message import phrase
from scheduling.solver.overlaps import overlaps
from scheduling.solver.rules import (
    MAX_WEIGHT,
    Count,
    Demand,
    Pattern,
    Request,
    Rule,
)

FOUR_WEEKS = 28
MAX_OPENINGS = 2_000  # of all weekends, each a pattern: 44 shifts over three days
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", re.ASCII)


@dataclass(slots=True)
class Source:
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
    openings: int = 0

    def read_skill(self, line: Line) -> None:
        line.new(line.name(line.text, what="A skill"), self.skills, what="skill")
        self.skills.add(line.text)

    def read_shift(self, line: Line) -> None:
        name, told, start, end, count, skills = line.fields(6, what="A shift")
        line.new(line.name(name, what="A shift's id"), self.shifts, what="shift")
        if len(self.shifts) == MAX_SHIFT_TYPES:
            line.refuse(
                phrase(
                    "There are more than %(max_shift_types)s shifts.",
                    max_shift_types=MAX_SHIFT_TYPES,
                )
            )
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
                phrase(
                    "Weekends in four weeks cannot be limited in %(days)s days.",
                    days=self.days,
                )
            )
        self._need_comparable(line, terms)
        self.terms[terms.id] = terms

    def _need_comparable(self, line: Line, terms: Terms) -> None:
        """Refuse weekends whose shifts could be mixed in too many ways to list."""
        if not terms.identical_weekends.weight:
            return
        self.openings += len(self.shifts) ** (len(terms.weekend) - 1)
        if self.openings > MAX_OPENINGS:
            line.refuse(
                phrase(
                    "%(count)s shifts cannot be compared over weekends of %(found)s days.",
                    count=len(self.shifts),
                    found=len(terms.weekend),
                )
            )

    def read_person(self, line: Line) -> None:
        name, told, contract_id, count, skills = line.fields(5, what="An employee")
        line.new(line.name(name, what="An employee's id"), self.people, what="employee")
        if len(self.people) == MAX_PEOPLE:
            line.refuse(
                phrase(
                    "There are more than %(max_people)s employees.",
                    max_people=MAX_PEOPLE,
                )
            )
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
        shifts = tuple(self.shifts.values())
        return Instance(
            name=self.name or name,
            start=self.start,
            days=self.days,
            shift_types=shifts,
            people=tuple(self.people.values()),
            contracts=contracts,
            demands=tuple(self._demands()),
            requests=tuple(self.requests),
            may_overlap=bool(overlaps(shifts)),
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
            line.refuse(
                phrase(
                    "%(count)s skills are announced, %(found)s are named.",
                    count=count,
                    found=len(skills),
                )
            )
        return skills

    def _people_needed(self, line: Line, text: str) -> int:
        return line.whole(text, what="The cover", most=MAX_PEOPLE)

    def _day(self, line: Line, text: str) -> int:
        day = (date_in(line, text) - self.start).days
        if not 0 <= day < self.days:
            line.refuse(
                phrase("%(text)s lies outside the scheduling period.", text=text)
            )
        return day


def date_in(line: Line, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        line.refuse(
            phrase("%(text)s is not a date of the form 2010-01-31.", text=repr(text))
        )


def _minute(line: Line, text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        line.refuse(
            phrase("%(text)s is not a time of the form 14:30:00.", text=repr(text))
        )
    return int(found[1]) * 60 + int(found[2])
