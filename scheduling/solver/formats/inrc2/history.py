"""What is known of each nurse when a week begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.solver.errors import InstanceError
from scheduling.solver.formats.inrc2.scenario import Scenario
from scheduling.solver.formats.inrc2.sections import Reader
from scheduling.solver.formats.source import Line
from scheduling.solver.instance import MAX_DAYS
from scheduling.solver.message import phrase
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF

NO_SHIFT = "None"


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseHistory:
    """One nurse's totals and how their last days ran.

    Attributes:
        assignments, weekends: Worked since the horizon began.
        last_shift: The shift of the day before; `OFF` when it was free.
        same_shift: Days in a row in that shift.
        worked: Days in a row worked until then.
        rested: Days in a row free until then.
    """

    assignments: int = 0
    weekends: int = 0
    last_shift: str = OFF
    same_shift: int = 0
    worked: int = 0
    rested: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """The state before week `week`, counted from 0."""

    week: int
    nurses: dict[str, NurseHistory]


def read_history(
    source: str | Sequence[Line], scenario: Scenario, *, is_first: bool = False
) -> History:
    """Return the history that a file holds, as text or as its lines.

    Args:
        source: The file.
        scenario: What it belongs to.
        is_first: Whether a run begins with it, and so none of its weeks is over.

    Raises:
        FormatError: The file is not what the format says; the message names the line.
    """
    reader = Reader(source)
    reader.title("HISTORY")
    (line,) = reader.lines(1, "HISTORY")
    week_text, name = line.fields(2, what="The history", separator=None)
    week = line.whole(week_text, what="The week", most=scenario.weeks - 1)
    line.known(name, {scenario.name}, what="scenario")
    if is_first and week:
        line.refuse(
            phrase(
                "The history is that of week %(week)s: a run begins with that of week 0.",
                week=week,
            )
        )
    reader.title("NURSE_HISTORY")
    nurses: dict[str, NurseHistory] = {}
    for line in reader.lines(len(scenario.nurses), "NURSE_HISTORY"):
        nurse, history = _nurse(line, scenario)
        line.new(nurse, nurses, what="nurse")
        nurses[nurse] = history
    reader.end()
    return History(week, nurses)


def _nurse(line: Line, scenario: Scenario) -> tuple[str, NurseHistory]:
    fields = line.fields(7, what="A nurse's history", separator=None)
    nurse = line.known(fields[0], scenario.nurses, what="nurse")
    shift = fields[3]
    if shift != NO_SHIFT:
        line.known(shift, scenario.shifts, what="shift")
    assignments, weekends, same, worked, rested = (
        line.whole(fields[place], what="A count", most=MAX_DAYS)
        for place in (1, 2, 4, 5, 6)
    )
    history = NurseHistory(
        assignments=assignments,
        weekends=weekends,
        last_shift=OFF if shift == NO_SHIFT else shift,
        same_shift=same,
        worked=worked,
        rested=rested,
    )
    _need_sense(line, scenario, history)
    return nurse, history


def _need_sense(line: Line, scenario: Scenario, history: NurseHistory) -> None:
    if history.last_shift == OFF:
        if history.same_shift or history.worked:
            line.refuse(phrase("Who was free the day before worked no days in a row."))
        return
    if history.rested or not 1 <= history.same_shift <= history.worked:
        line.refuse(phrase("The days in a row of the last shift cannot be."))
    if history.same_shift < history.worked and len(scenario.shifts) == 1:
        line.refuse(phrase("All days worked were in the only shift there is."))


def cells_before(scenario: Scenario, history: NurseHistory) -> tuple[str, ...]:
    """Return the last days as cells, with the day that began the run before them."""
    skill = scenario.skills[0]
    if history.last_shift == OFF:
        any_shift = scenario.cell(next(iter(scenario.shifts)), skill)
        return (any_shift, *(OFF,) * history.rested) if history.rested else ()
    other = next(
        (shift for shift in scenario.shifts if shift != history.last_shift), ""
    )
    return (
        OFF,
        *(scenario.cell(other, skill),) * (history.worked - history.same_shift),
        *(scenario.cell(history.last_shift, skill),) * history.same_shift,
    )


def history_after(scenario: Scenario, history: History, roster: Roster) -> History:
    """Return the history once a week has been worked as rostered.

    Raises:
        InstanceError: The roster is not one of all nurses.
    """
    if len(roster.rows) != len(scenario.nurses):
        message = phrase(
            "The roster has %(count)s rows, not %(found)s.",
            count=len(roster.rows),
            found=len(scenario.nurses),
        )
        raise InstanceError(message)
    nurses = {
        nurse: _after(history.nurses[nurse], [cell.split(":")[0] for cell in row])
        for nurse, row in zip(scenario.nurses, roster.rows, strict=True)
    }
    return History(history.week + 1, nurses)


def _after(history: NurseHistory, shifts: list[str]) -> NurseHistory:
    """Return the history after days in these shifts, the last two a weekend."""
    last, same = history.last_shift, history.same_shift
    worked, rested = history.worked, history.rested
    for shift in shifts:
        if shift == OFF:
            same, worked, rested = 0, 0, rested + 1
        else:
            same = same + 1 if shift == last else 1
            worked, rested = worked + 1, 0
        last = shift
    return NurseHistory(
        assignments=history.assignments + sum(shift != OFF for shift in shifts),
        weekends=history.weekends + any(shift != OFF for shift in shifts[-2:]),
        last_shift=last,
        same_shift=same,
        worked=worked,
        rested=rested,
    )
