"""What a week asks for: how many nurses of each skill, and what nurses wish."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.solver.formats.inrc2.scenario import Scenario
from scheduling.solver.formats.inrc2.sections import DAYS, WEEK, Reader, limits
from scheduling.solver.formats.source import Line
from scheduling.solver.instance import MAX_PEOPLE
from scheduling.solver.message import phrase

ANY_SHIFT = "Any"


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many are needed in a shift and skill: at the least, and at best."""

    day: int
    shift: str
    skill: str
    minimum: int
    optimum: int


@dataclass(frozen=True, slots=True)
class OffRequest:
    """A wish not to work a shift; `ANY_SHIFT` asks for the day off."""

    nurse: str
    shift: str
    day: int


@dataclass(frozen=True, slots=True)
class Week:
    requirements: tuple[Requirement, ...]
    requests: tuple[OffRequest, ...]


def read_week(source: str | Sequence[Line], scenario: Scenario) -> Week:
    """Return the week that a file holds, as text or as its lines.

    Raises:
        FormatError: The file is not what the format says; the message names the line.
    """
    reader = Reader(source)
    reader.title("WEEK_DATA")
    (line,) = reader.lines(1, "WEEK_DATA")
    line.known(line.text, {scenario.name}, what="scenario")
    reader.title("REQUIREMENTS")
    requirements: list[Requirement] = []
    seen: set[tuple[str, str]] = set()
    pairs = len(scenario.shifts) * len(scenario.skills)
    for line in reader.lines(pairs, "REQUIREMENTS"):
        found = _requirements(line, scenario)
        key = (found[0].shift, found[0].skill)
        line.new(key, seen, what="requirement", told=" ".join(key))
        seen.add(key)
        requirements += found
    most = MAX_PEOPLE * WEEK
    requests = tuple(
        _request(line, scenario)
        for line in reader.counted("SHIFT_OFF_REQUESTS", most=most)
    )
    reader.end()
    return Week(tuple(requirements), requests)


def _requirements(line: Line, scenario: Scenario) -> list[Requirement]:
    shift, skill, *days = line.fields(2 + WEEK, what="A requirement", separator=None)
    line.known(shift, scenario.shifts, what="shift")
    line.known(skill, scenario.skills, what="skill")
    return [
        Requirement(
            day,
            shift,
            skill,
            *limits(line, text, what=phrase("The need on %(name)s", name=name)),
        )
        for day, (name, text) in enumerate(zip(DAYS, days, strict=True))
    ]


def _request(line: Line, scenario: Scenario) -> OffRequest:
    nurse, shift, day = line.fields(3, what="A request", separator=None)
    line.known(nurse, scenario.nurses, what="nurse")
    if shift != ANY_SHIFT:
        line.known(shift, scenario.shifts, what="shift")
    return OffRequest(nurse, shift, DAYS.index(line.known(day, DAYS, what="day")))
