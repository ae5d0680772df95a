"""What stays the same in every week: skills, shifts, contracts and nurses."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.solver.formats.inrc2.sections import Reader, limits, words
from scheduling.solver.formats.source import Line
from scheduling.solver.instance import MAX_PEOPLE, MAX_SHIFT_TYPES
from scheduling.solver.message import phrase

MAX_WEEKS = 57  # what fits into the longest horizon
_MAX_SKILLS = 50


@dataclass(frozen=True, slots=True)
class ShiftTerms:
    """A shift, how long it may go on, and which shifts may not follow it."""

    id: str
    in_a_row: tuple[int, int]
    forbidden_next: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """A contract: ranges of assignments, working days and days off in a row, weekends."""

    id: str
    assignments: tuple[int, int]
    work_in_a_row: tuple[int, int]
    rest_in_a_row: tuple[int, int]
    most_weekends: int
    has_complete_weekends: bool


@dataclass(frozen=True, slots=True)
class Nurse:
    id: str
    contract: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The whole of it; `weeks` is the length of the horizon."""

    name: str
    weeks: int
    skills: tuple[str, ...]
    shifts: dict[str, ShiftTerms]
    contracts: dict[str, ContractTerms]
    nurses: dict[str, Nurse]

    def cell(self, shift: str, skill: str) -> str:
        """Return the shift type that stands for a shift worked in a skill."""
        return f"{shift}:{skill}"


def read_scenario(source: str | Sequence[Line]) -> Scenario:
    """Return the scenario that a file holds, as text or as its lines.

    Raises:
        FormatError: The file is not what the format says; the message names the line.
    """
    reader = Reader(source)
    _, name = reader.value("SCENARIO")
    line, weeks_text = reader.value("WEEKS")
    weeks = line.whole(weeks_text, what="The weeks", least=1, most=MAX_WEEKS)
    skills = _skills(reader.counted("SKILLS", least=1, most=_MAX_SKILLS))
    shifts = _shifts(reader, most=MAX_SHIFT_TYPES // len(skills))
    contracts = _contracts(reader.counted("CONTRACTS", least=1, most=MAX_PEOPLE))
    nurses: dict[str, Nurse] = {}
    for line in reader.counted("NURSES", least=1, most=MAX_PEOPLE):
        nurse = _nurse(line, contracts, skills)
        line.new(nurse.id, nurses, what="nurse")
        nurses[nurse.id] = nurse
    reader.end()
    return Scenario(name, weeks, skills, shifts, contracts, nurses)


def _skills(lines: list[Line]) -> tuple[str, ...]:
    skills: list[str] = []
    for line in lines:
        line.new(line.name(line.text, what="A skill"), skills, what="skill")
        skills.append(line.text)
    return tuple(skills)


def _shifts(reader: Reader, *, most: int) -> dict[str, ShiftTerms]:
    in_a_row: dict[str, tuple[int, int]] = {}
    lines = reader.counted("SHIFT_TYPES", least=1, most=most)
    for line in lines:
        name, range_text = _two(line)
        line.new(line.name(name, what="A shift's id"), in_a_row, what="shift")
        in_a_row[name] = _in_a_row(
            line, range_text, what=phrase("The range of %(name)s", name=name)
        )
    reader.title("FORBIDDEN_SHIFT_TYPES_SUCCESSIONS")
    after: dict[str, frozenset[str]] = {}
    for line in reader.lines(len(lines), "FORBIDDEN_SHIFT_TYPES_SUCCESSIONS"):
        name, count, *forbidden = words(line, least=2, what="A succession")
        line.new(line.known(name, in_a_row, what="shift"), after, what="succession of")
        if line.whole(count, what="The number of successions") != len(forbidden):
            line.refuse(
                phrase(
                    "%(count)s successions are announced: %(short)s.",
                    count=count,
                    short=line.short,
                )
            )
        after[name] = frozenset(
            line.known(one, in_a_row, what="shift") for one in forbidden
        )
    return {name: ShiftTerms(name, in_a_row[name], after[name]) for name in in_a_row}


def _two(line: Line) -> tuple[str, str]:
    name, _, rest = line.text.partition(" ")
    return name.strip(), rest.strip()


def _contracts(lines: list[Line]) -> dict[str, ContractTerms]:
    contracts: dict[str, ContractTerms] = {}
    for line in lines:
        name, *fields = line.fields(6, what="A contract", separator=None)
        line.new(line.name(name, what="A contract's id"), contracts, what="contract")
        contracts[name] = ContractTerms(
            id=name,
            assignments=limits(line, fields[0], what="The assignments"),
            work_in_a_row=_in_a_row(line, fields[1], what="The working days in a row"),
            rest_in_a_row=_in_a_row(line, fields[2], what="The days off in a row"),
            most_weekends=line.whole(fields[3], what="The most weekends"),
            has_complete_weekends=bool(
                line.whole(fields[4], what="The complete weekends", most=1)
            ),
        )
    return contracts


def _in_a_row(line: Line, text: str, *, what: str) -> tuple[int, int]:
    least, most = limits(line, text, what=what)
    return line.minimum(least, what=what), most


def _nurse(
    line: Line, contracts: dict[str, ContractTerms], skills: tuple[str, ...]
) -> Nurse:
    name, contract, count, *held = words(line, least=3, what="A nurse")
    if line.whole(count, what="The number of skills") != len(held):
        line.refuse(
            phrase(
                "%(count)s skills are announced, %(found)s are named.",
                count=count,
                found=len(held),
            )
        )
    return Nurse(
        id=line.name(name, what="A nurse's id"),
        contract=line.known(contract, contracts, what="contract"),
        skills=tuple(line.known(skill, skills, what="skill") for skill in held),
    )
