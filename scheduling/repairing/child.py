"""Finds the options after one sick call: JSON on standard input, JSON on the output.

Run it as `python -m scheduling.repairing.child`.
"""

import json
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from scheduling.solver.errors import error_apart
from scheduling.solver.formats import from_json
from scheduling.solver.instance import Instance
from scheduling.solver.message import Message
from scheduling.solver.repair import Absence, Option, RepairError, SickCall, repair
from scheduling.solver.repair.options import CellChange
from scheduling.solver.roster import Roster

MEMORY_BYTES = 4 * 1024**3  # RLIMIT_AS: a solver reserves far more than it uses

LEAST_S = 1.0  # a search that begins late is worth so much of it

Json = dict[str, Any]  # Any: what `asking` sends and reads


def main(source: TextIO, out: TextIO) -> None:
    """Answer one sick call."""
    asked = json.load(source)
    instance = from_json(asked["instance"])
    roster = Roster(tuple(tuple(row) for row in asked["rows"]))
    undone = taken_back(instance, roster, asked["drafted"])
    try:
        call = SickCall(
            absences=tuple(
                Absence(person=one["person"], days=tuple(one["days"]))
                for one in asked["absences"]
            ),
            day=asked["day"],
            minute=asked["minute"],
            freeze_hours=asked["freeze_hours"],
            **asked["weights"],
        )
        options = repair(instance, roster, call, seconds=seconds_left(asked))
    except RepairError as error:
        json.dump({"error": error_apart(error)}, out)
        return
    json.dump({"options": [as_json(one, instance, undone) for one in options]}, out)


def seconds_left(asked: Json) -> float:
    """Return what is left for the search of the time since the child was started."""
    left: float = asked["seconds"] - (time.monotonic() - asked["began"])
    return max(LEAST_S, left)


def taken_back(
    instance: Instance, roster: Roster, drafted: Sequence[Sequence[str]]
) -> list[CellChange]:
    """Return the drafted cells that go back to what people live by."""
    return [
        CellChange(person.id, day, before, after)
        for person, row, now in zip(instance.people, roster.rows, drafted, strict=True)
        for day, (after, before) in enumerate(zip(row, now, strict=True))
        if after != before
    ]


def as_json(
    option: Option, instance: Instance, undone: Iterable[CellChange] = ()
) -> Json:
    """Return an option with its sentences apart from their values, for translators.

    Its changes lead from the working copy to its roster.
    """
    own = {(one.person, one.day) for one in option.changes}
    undone = [one for one in undone if (one.person, one.day) not in own]
    return {
        "message": sentence(option.message()),
        "changes": [
            {
                "person": one.person,
                "day": one.day,
                "before": one.before,
                "after": one.after,
                "message": sentence(one.message(instance)),
            }
            for one in (*option.changes, *undone)
        ],
        "uncovered": [
            {"template": one.template, "values": dict(one.values)}
            for one in option.uncovered
        ],
        "changed_cells": option.changed_cells,
        "people_disturbed": option.people_disturbed,
        "unmet": option.unmet,
        "cover_cost": option.cover_cost,
        "cover_loss": option.cover_loss,
        "objective": option.objective,
        "is_excused": option.is_excused,
    }


def sentence(message: Message) -> Json:
    return {"template": message.template, "values": dict(message.values)}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    main(sys.stdin, sys.stdout)
