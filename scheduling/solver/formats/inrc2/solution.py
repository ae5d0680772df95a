"""The competition's solution files: one a week."""

from scheduling.solver.errors import InstanceError
from scheduling.solver.formats.inrc2.scenario import Scenario
from scheduling.solver.formats.inrc2.sections import DAYS, WEEK, Reader
from scheduling.solver.message import phrase
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF


def read_solution(text: str, scenario: Scenario) -> tuple[int, Roster]:
    """Return the week's number and roster; what follows the assignments is not read.

    Raises:
        FormatError: The file is not what the format says; the message names the line.
    """
    reader = Reader(text)
    reader.title("SOLUTION")
    (line,) = reader.lines(1, "SOLUTION")
    week_text, name = line.fields(2, what="The solution", separator=None)
    week = line.whole(week_text, what="The week", most=scenario.weeks - 1)
    line.known(name, {scenario.name}, what="scenario")
    rows = {nurse: [OFF] * WEEK for nurse in scenario.nurses}
    most = WEEK * len(rows)
    for line in reader.counted("ASSIGNMENTS", most=most):
        nurse, day, shift, skill = line.fields(4, what="An assignment", separator=None)
        line.known(nurse, rows, what="nurse")
        line.known(shift, scenario.shifts, what="shift")
        line.known(skill, scenario.skills, what="skill")
        place = DAYS.index(line.known(day, DAYS, what="day"))
        if rows[nurse][place] != OFF:
            line.refuse(
                phrase("%(nurse)s works twice on %(day)s.", nurse=nurse, day=day)
            )
        rows[nurse][place] = scenario.cell(shift, skill)
    return week, Roster(tuple(tuple(row) for row in rows.values()))


def write_solution(scenario: Scenario, *, week: int, roster: Roster) -> str:
    """Return a week's roster as the competition reads it.

    Raises:
        InstanceError: The roster is not one of all nurses and one week.
    """
    if len(roster.rows) != len(scenario.nurses) or any(
        len(row) != WEEK for row in roster.rows
    ):
        message = phrase(
            "A solution holds %(count)s nurses and %(week)s days.",
            count=len(scenario.nurses),
            week=WEEK,
        )
        raise InstanceError(message)
    nurses = list(scenario.nurses)
    lines = [
        f"{nurses[person]} {DAYS[day]} {cell.replace(':', ' ')}"
        for person, day, cell in roster.worked()
    ]
    head = ["SOLUTION", f"{week} {scenario.name}", "", f"ASSIGNMENTS = {len(lines)}"]
    return "\n".join([*head, *lines]) + "\n"
