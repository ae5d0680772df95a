"""A roster's problem is replaced by another version of it."""

from scheduling.models import Roster
from scheduling.services.editing import next_version
from scheduling.services.events import tell_department
from scheduling.solver.formats import to_json
from scheduling.solver.instance import Instance


def put_problem(roster: Roster, instance: Instance) -> None:
    """Make this the problem of the row, whose lock we hold; its cells stay.

    Nobody may ask for the new problem before the transaction ends: were it undone, its
    version would come again with another problem.
    """
    roster.instance = to_json(instance)
    roster.problem_version += 1
    next_version(roster, "instance", "problem_version")
    tell_department(roster, "changed")
