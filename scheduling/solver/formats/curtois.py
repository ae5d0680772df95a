"""Reads the shift scheduling benchmarks of Curtois and Qu.

Every rule of the staff is hard; requests and cover cost. A run at an edge of the horizon
may go on outside it, so only the limits above bind there.

References:
    T. Curtois, R. Qu: Computational results on new staff scheduling benchmark
    instances, 2014. http://www.schedulingbenchmarks.org/nrp/
"""

from dataclasses import dataclass, field
from datetime import date

from scheduling.solver.errors import FormatError
from scheduling.solver.formats.curtois_staff import person_rules, shift_limits
from scheduling.solver.formats.source import Line, numbered
from scheduling.solver.instance import (
    MAX_DAYS,
    MAX_PEOPLE,
    MAX_SHIFT_TYPES,
    MINUTES_A_DAY,
    Contract,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.message import phrase
from scheduling.solver.rules import (
    MAX_WEIGHT,
    Demand,
    Pattern,
    Request,
    Rule,
)

START = date(2024, 1, 1)  # the files name no date, only that day 0 is a Monday
EVERYBODY = "everybody"
_SECTIONS = (
    "SECTION_HORIZON",
    "SECTION_SHIFTS",
    "SECTION_STAFF",
    "SECTION_DAYS_OFF",
    "SECTION_SHIFT_ON_REQUESTS",
    "SECTION_SHIFT_OFF_REQUESTS",
    "SECTION_COVER",
)


def read_curtois(text: str, *, name: str = "") -> Instance:
    """Return the instance that a file in this format describes.

    Raises:
        FormatError: The file is not what the format says; the message names the line.
    """
    sections = _sections(numbered(text, comment="#"))
    source = _Source(days=_horizon(sections["SECTION_HORIZON"]))
    for line in sections["SECTION_SHIFTS"]:
        source.read_shift(line)
    source.read_successions()
    for line in sections["SECTION_STAFF"]:
        source.read_person(line)
    for line in sections["SECTION_DAYS_OFF"]:
        source.read_days_off(line)
    for line in sections["SECTION_SHIFT_ON_REQUESTS"]:
        source.read_request(line, is_on=True)
    for line in sections["SECTION_SHIFT_OFF_REQUESTS"]:
        source.read_request(line, is_on=False)
    for line in sections["SECTION_COVER"]:
        source.read_cover(line)
    source.need_cover_of_every_day()
    source.need_whole_last_day(sections["SECTION_COVER"])
    return source.instance(name)


def _sections(lines: list[Line]) -> dict[str, list[Line]]:
    """Return the lines of each section; all are needed, in their order."""
    sections: dict[str, list[Line]] = {}
    for line in lines:
        if not line.text.startswith("SECTION_"):
            if not sections:
                line.refuse(
                    phrase(
                        "%(short)s stands before the first section.", short=line.short
                    )
                )
            sections[list(sections)[-1]].append(line)
            continue
        place = len(sections)
        awaited = _SECTIONS[place] if place < len(_SECTIONS) else "the end"
        if line.text != awaited:
            line.refuse(
                phrase(
                    "%(short)s where %(awaited)s belongs.",
                    short=line.short,
                    awaited=awaited,
                )
            )
        sections[line.text] = []
    if len(sections) < len(_SECTIONS):
        message = phrase(
            "The file ends before %(sections)s.", sections=_SECTIONS[len(sections)]
        )
        raise FormatError(message, line=lines[-1].number)
    return sections


def _horizon(lines: list[Line]) -> int:
    if len(lines) != 1:
        message = phrase("SECTION_HORIZON holds one number: the days.")
        raise FormatError(message, line=lines[1].number if lines else 0)
    line = lines[0]
    return line.whole(line.text, what="The horizon", least=1, most=MAX_DAYS)


@dataclass(slots=True)
class _Source:
    """What has been read so far."""

    days: int
    shifts: dict[str, ShiftType] = field(default_factory=dict)
    followers: list[tuple[Line, str, str]] = field(default_factory=list)
    successions: list[Rule] = field(default_factory=list)
    people: dict[str, tuple[frozenset[str], tuple[Rule, ...]]] = field(
        default_factory=dict
    )
    leave: dict[str, frozenset[int]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    demands: dict[tuple[int, str], Demand] = field(default_factory=dict)

    def read_shift(self, line: Line) -> None:
        name, length, banned = line.fields(3, what="A shift")
        line.name(name, what="A shift's id")
        if name in self.shifts:
            line.refuse(phrase("The shift %(name)s is there twice.", name=name))
        if len(self.shifts) == MAX_SHIFT_TYPES:
            line.refuse(
                phrase(
                    "There are more than %(max_shift_types)s shifts.",
                    max_shift_types=MAX_SHIFT_TYPES,
                )
            )
        minutes = line.whole(
            length,
            what=phrase("The length of shift %(name)s", name=name),
            most=MINUTES_A_DAY,
        )
        self.shifts[name] = ShiftType(id=name, minutes=minutes)
        if banned:
            self.followers.append((line, name, banned))

    def read_successions(self) -> None:
        """Turn the shifts that cannot follow into rules, once all shifts are known."""
        for line, name, banned in self.followers:
            after = frozenset(
                line.known(follower.strip(), self.shifts, what="shift")
                for follower in banned.split("|")
            )
            told = ", ".join(sorted(after))
            rule = Pattern(
                name=f"{name} before {told}", days=(frozenset({name}), after)
            )
            self.successions.append(rule)

    def read_person(self, line: Line) -> None:
        name, limits, *numbers = line.fields(8, what="A person")
        line.name(name, what="A person's id")
        if name in self.people:
            line.refuse(phrase("The person %(name)s is there twice.", name=name))
        if len(self.people) == MAX_PEOPLE:
            line.refuse(
                phrase(
                    "There are more than %(max_people)s people.", max_people=MAX_PEOPLE
                )
            )
        most = self._most_by_shift(line, limits)
        barred = frozenset(shift for shift, limit in most.items() if limit == 0)
        rules = (*shift_limits(most), *person_rules(line, numbers))
        self.people[name] = (barred, rules)

    def _most_by_shift(self, line: Line, limits: str) -> dict[str, int]:
        most: dict[str, int] = {}
        for limit in limits.split("|"):
            shift, equals, number = (part.strip() for part in limit.partition("="))
            if not equals:
                line.refuse(
                    phrase(
                        "%(limit)s is not of the form shift=number.", limit=repr(limit)
                    )
                )
            line.known(shift, self.shifts, what="shift")
            if shift in most:
                line.refuse(
                    phrase("The shift %(shift)s is limited twice.", shift=shift)
                )
            most[shift] = line.whole(
                number, what=phrase("The most shifts of %(shift)s", shift=shift)
            )
        return most

    def read_days_off(self, line: Line) -> None:
        name, *days = (part.strip() for part in line.text.split(","))
        self._known_person(line, name)
        if name in self.leave:
            line.refuse(phrase("The days off of %(name)s are there twice.", name=name))
        self.leave[name] = frozenset(self._day(line, day) for day in days)

    def read_request(self, line: Line, *, is_on: bool) -> None:
        name, day, shift, weight = line.fields(4, what="A request")
        self._known_person(line, name)
        request = Request(
            person=name,
            day=self._day(line, day),
            shifts=frozenset({line.known(shift, self.shifts, what="shift")}),
            is_on=is_on,
            weight=_weight(line, weight),
            name="shift on requests" if is_on else "shift off requests",
        )
        self.requests.append(request)

    def read_cover(self, line: Line) -> None:
        day_text, shift, need, under, over = line.fields(5, what="A cover")
        day = self._day(line, day_text)
        line.known(shift, self.shifts, what="shift")
        if (day, shift) in self.demands:
            line.refuse(
                phrase(
                    "The cover of %(shift)s on day %(day)s is there twice.",
                    shift=shift,
                    day=day,
                )
            )
        count = line.whole(need, what="The cover", most=MAX_PEOPLE)
        self.demands[day, shift] = Demand(
            day=day,
            shifts=frozenset({shift}),
            at_least=count,
            at_most=count,
            under_weight=_weight(line, under),
            over_weight=_weight(line, over),
        )

    def need_cover_of_every_day(self) -> None:
        """Refuse a file that was cut off within its last section."""
        covered = {day for day, _shift in self.demands}
        missing = [day for day in range(self.days) if day not in covered]
        if missing:
            message = phrase(
                "SECTION_COVER says nothing of day %(missing)s.", missing=missing[0]
            )
            raise FormatError(message)

    def need_whole_last_day(self, lines: list[Line]) -> None:
        """Refuse a last day without a shift that all others name: the file was cut off."""
        named: dict[int, set[str]] = {}
        for day, shift in self.demands:
            named.setdefault(day, set()).add(shift)
        last = named.pop(self.days - 1)
        usual = next(iter(named.values()), last)
        if last < usual and all(shifts == usual for shifts in named.values()):
            lines[-1].refuse(
                phrase(
                    "SECTION_COVER names %(shift)s on every day but the last, day"
                    " %(day)s: is the file cut off? Add its cover there, 0 for nobody.",
                    shift=min(usual - last),
                    day=self.days - 1,
                )
            )

    def instance(self, name: str) -> Instance:
        everybody = Contract(id=EVERYBODY, rules=tuple(self.successions))
        people = tuple(
            Person(
                id=person,
                contracts=(EVERYBODY,),
                rules=rules,
                barred=barred,
                leave=self.leave.get(person, frozenset()),
            )
            for person, (barred, rules) in self.people.items()
        )
        return Instance(
            name=name,
            start=START,
            days=self.days,
            shift_types=tuple(self.shifts.values()),
            people=people,
            contracts=(everybody,),
            demands=tuple(self.demands.values()),
            requests=tuple(self.requests),
        )

    def _known_person(self, line: Line, name: str) -> None:
        line.known(name, self.people, what="person")

    def _day(self, line: Line, text: str) -> int:
        return line.whole(text, what="The day", most=self.days - 1)


def _weight(line: Line, text: str) -> int:
    return line.whole(text, what="The weight", most=MAX_WEIGHT)
