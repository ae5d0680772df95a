"""Explains: a question as JSON on standard input, its answer as JSON on the output.

Run it as `python -m scheduling.explaining.child`.
"""

import json
import resource
import sys
import time
from collections.abc import Iterable
from typing import Any, TextIO

from scheduling.solver.errors import SolverError
from scheduling.solver.explain import (
    Alternative,
    Effect,
    Explanation,
    Finding,
    Member,
    Repair,
    Why,
    explain,
    why,
)
from scheduling.solver.formats import from_json
from scheduling.solver.instance import Instance
from scheduling.solver.mending import Change
from scheduling.solver.message import Message
from scheduling.solver.roster import Roster
from scheduling.solver.verify import Cost, Violation

MEMORY_BYTES = 4 * 1024**3  # RLIMIT_AS: a solver reserves far more than it uses
TOLD_EACH = 4  # broken rules and costs named with one alternative
MOST_ALTERNATIVES = 12  # as many as a person compares

LEAST_S = 1.0  # a search that begins late is worth so much of it

Json = dict[str, Any]  # Any: what `running` sends and reads


def main(source: TextIO, out: TextIO) -> None:
    """Answer one question."""
    asked = json.load(source)
    instance = from_json(asked["instance"])
    try:
        if "person" in asked:
            answer = _why(instance, asked)
        else:
            answer = _explanation(
                instance, explain(instance, seconds=seconds_left(asked))
            )
    except SolverError as error:
        answer = {"error": str(error)}
    json.dump(answer, out)


def seconds_left(asked: Json) -> float:
    """Return what is left for the search of the time since the child was started."""
    left: float = asked["seconds"] - (time.monotonic() - asked["began"])
    return max(LEAST_S, left)


def _why(instance: Instance, asked: Json) -> Json:
    roster = Roster(tuple(tuple(row) for row in asked["rows"]))
    found = why(
        instance,
        roster,
        person=asked["person"],
        day=asked["day"],
        seconds=seconds_left(asked),
    )
    ranked = sorted(found.alternatives, key=_rank)
    shown = ranked[:MOST_ALTERNATIVES]
    return {
        "shift": found.shift,
        "alternatives": [_alternative(one, found, instance, roster) for one in shown],
        "left": len(ranked) - len(shown),
    }


def _rank(one: Alternative) -> tuple[bool, bool, int]:
    """Put what is legal as it stands first, the cheapest before the others."""
    known = one.direct if one.resolved is None else one.resolved
    is_legal = not one.direct.broken
    return one.is_impossible, not is_legal, (one.direct if is_legal else known).cost


def _alternative(
    one: Alternative, found: Why, instance: Instance, roster: Roster
) -> Json:
    plain = _simply(one, found, instance, roster)
    ways = [_way(one.direct, instance, roster, plain, is_plain=True)]
    if one.resolved is not None and one.roster is not None and one.is_mended:
        way = _way(one.resolved, instance, roster, one.roster, is_plain=False)
        ways = [way] if one.direct.broken else [*ways, way]
    return {
        "person": one.person,
        "messages": [_told(each) for each in one.messages(instance, found)],
        "is_impossible": one.is_impossible,
        "consequences": list(_consequences(one.direct)),
        "ways": [] if one.is_impossible else ways,
    }


def _way(
    effect: Effect, instance: Instance, before: Roster, after: Roster, *, is_plain: bool
) -> Json:
    """Return one way to take an alternative: as it stands, or with further changes."""
    return {
        "is_plain": is_plain,
        "is_legal": not effect.broken,
        "cost": effect.cost,
        "changes": list(_changes(instance, before, after)),
    }


def _simply(one: Alternative, found: Why, instance: Instance, roster: Roster) -> Roster:
    """Return the roster in which nothing but the shift changes hands."""
    taken = roster.with_cell(instance.person_index[found.person], found.day, "")
    if not one.person:
        return taken
    return taken.with_cell(instance.person_index[one.person], found.day, found.shift)


def _consequences(effect: Effect) -> Iterable[Json]:
    for sign, breaches in (
        ("broken", effect.broken),
        ("dearer", effect.dearer),
        ("cheaper", effect.cheaper),
    ):
        for one in breaches[:TOLD_EACH]:
            yield {"sign": sign, **_breach(one)}


def _breach(one: Violation | Cost) -> Json:
    return {
        "template": one.template,
        "values": dict(one.values),
        "rule": one.rule,
        "cost": one.cost if isinstance(one, Cost) else None,
    }


def _changes(instance: Instance, before: Roster, after: Roster) -> Iterable[Json]:
    for index, person in enumerate(instance.people):
        rows = zip(before.rows[index], after.rows[index], strict=True)
        for day, (was, now) in enumerate(rows):
            if was != now:
                yield {"person": person.id, "day": day, "before": was, "after": now}


def _explanation(instance: Instance, found: Explanation) -> Json:
    return {
        "status": found.status,
        "findings": [_finding(one) for one in found.findings],
        "conflicts": [
            {
                "is_minimal": one.is_minimal,
                "members": [_member(instance, member) for member in one.members],
            }
            for one in found.conflicts
        ],
        "repairs": [_repair(instance, one) for one in found.repairs],
    }


def _finding(one: Finding) -> Json:
    return {
        "person": one.person,
        "days": list(one.days),
        "is_fatal": one.is_fatal,
        "message": _told(one.message),
    }


def _member(instance: Instance, one: Member) -> Json:
    return {
        "person": one.person,
        "rule": one.rule,
        "days": list(one.days),
        "message": _told(one.message(instance)),
    }


def _repair(instance: Instance, one: Repair) -> Json:
    return {
        "cost": one.cost,
        "changes": [_change(instance, change) for change in one.changes],
    }


def _change(instance: Instance, one: Change) -> Json:
    return {
        "kind": one.kind,
        "person": one.person,
        "rule": one.rule,
        "days": list(one.days),
        "before": one.before,
        "after": one.after,
        "shifts": sorted(one.shifts),
        "message": _told(one.message(instance)),
    }


def _told(one: Message) -> Json:
    return {"template": one.template, "values": dict(one.values)}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    main(sys.stdin, sys.stdout)
