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
    return source.instance(name)


def _sections(lines: list[Line]) -> dict[str, list[Line]]:
    """Return the lines of each section; all are needed, in their order."""
    sections: dict[str, list[Line]] = {}
    for line in lines:
        if not line.text.startswith("SECTION_"):
            if not sections:
                line.refuse(f"{line.short} stands before the first section.")
            sections[list(sections)[-1]].append(line)
            continue
        place = len(sections)
        awaited = _SECTIONS[place] if place < len(_SECTIONS) else "the end"
        if line.text != awaited:
            line.refuse(f"{line.short} where {awaited} belongs.")
        sections[line.text] = []
    if len(sections) < len(_SECTIONS):
        message = f"The file ends before {_SECTIONS[len(sections)]}."
        raise FormatError(message, line=lines[-1].number)
    return sections


def _horizon(lines: list[Line]) -> int:
    if len(lines) != 1:
        message = "SECTION_HORIZON holds one number: the days."
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
            line.refuse(f"The shift {name} is there twice.")
        if len(self.shifts) == MAX_SHIFT_TYPES:
            line.refuse(f"There are more than {MAX_SHIFT_TYPES} shifts.")
        minutes = line.whole(
            length, what=f"The length of shift {name}", most=MINUTES_A_DAY
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
            line.refuse(f"The person {name} is there twice.")
        if len(self.people) == MAX_PEOPLE:
            line.refuse(f"There are more than {MAX_PEOPLE} people.")
        most = self._most_by_shift(line, limits)
        barred = frozenset(shift for shift, limit in most.items() if limit == 0)
        rules = (*shift_limits(most), *person_rules(line, numbers))
        self.people[name] = (barred, rules)

    def _most_by_shift(self, line: Line, limits: str) -> dict[str, int]:
        most: dict[str, int] = {}
        for limit in limits.split("|"):
            shift, equals, number = (part.strip() for part in limit.partition("="))
            if not equals:
                line.refuse(f"{limit!r} is not of the form shift=number.")
            line.known(shift, self.shifts, what="shift")
            if shift in most:
                line.refuse(f"The shift {shift} is limited twice.")
            most[shift] = line.whole(number, what=f"The most shifts of {shift}")
        return most

    def read_days_off(self, line: Line) -> None:
        name, *days = (part.strip() for part in line.text.split(","))
        self._known_person(line, name)
        if name in self.leave:
            line.refuse(f"The days off of {name} are there twice.")
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
            line.refuse(f"The cover of {shift} on day {day} is there twice.")
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
            message = f"SECTION_COVER says nothing of day {missing[0]}."
            raise FormatError(message)

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
