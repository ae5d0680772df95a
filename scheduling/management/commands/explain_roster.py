"""`manage.py explain_roster FILE`: why no roster can keep every rule, and what would."""

import json
import math
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.core.management.base import CommandParser

from hospital.core.verbs import DONE, FAILED, BadInput, Verb
from scheduling.management.verbs import read_problem
from scheduling.solver.explain import Change, Explanation, Member, Repair, explain
from scheduling.solver.formats import FORMATS
from scheduling.solver.instance import Instance

SECONDS = 60.0


class Command(Verb):
    help = (
        "Say which rules of a rostering problem cannot all be kept, and what to mend."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument("--time-limit", type=float, default=SECONDS, metavar="S")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        seconds = options["time_limit"]
        if not (math.isfinite(seconds) and seconds > 0):
            message = f"a time limit of {seconds} s: give seconds above 0"
            raise BadInput(message)
        instance = read_problem(Path(options["file"]), kind=options["format"])
        explanation = explain(instance, seconds=seconds)
        if options["json"]:
            answer = json.dumps(as_json(instance, explanation), ensure_ascii=False)
            self.stdout.write(answer)
        else:
            self.stdout.write("\n".join(in_words(instance, explanation)))
        return FAILED if explanation.status == "unknown" else DONE


def as_json(instance: Instance, explanation: Explanation) -> dict[str, object]:
    """Return the document of CONTRACTS 2."""
    conflicts = [
        [_member(instance, member) for member in conflict.members]
        for conflict in explanation.conflicts
    ]
    return {
        "status": explanation.status,
        "conflict": conflicts[0] if conflicts else [],
        "repairs": [_repair(instance, one) for one in explanation.repairs],
        "further_conflicts": conflicts[1:],
        "findings": [
            {
                "code": one.message.code,
                "employee": one.person,
                "days": one.days,
                "is_fatal": one.is_fatal,
                "message": one.message.text,
            }
            for one in explanation.findings
        ],
    }


def _member(instance: Instance, member: Member) -> dict[str, object]:
    return {
        "employee": member.person,
        "rule": member.rule,
        "days": member.days,
        "message": member.message(instance).text,
    }


def _repair(instance: Instance, repair: Repair) -> dict[str, object]:
    changes = [_change(instance, one) for one in repair.changes]
    return {
        "change": " ".join(str(one["message"]) for one in changes),
        "cost": repair.cost,
        "changes": changes,
    }


def _change(instance: Instance, change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "employee": change.person,
        "rule": change.rule,
        "days": change.days,
        "before": change.before,
        "after": change.after,
        "message": change.message(instance).text,
    }


def in_words(instance: Instance, explanation: Explanation) -> list[str]:
    """Return the explanation as lines for a person."""
    opening = {
        "feasible": "A roster can keep every hard rule.",
        "infeasible": "No roster can keep every hard rule.",
        "unknown": "The time was over before the answer was certain.",
    }
    lines = [opening[explanation.status]]
    lines += [one.message.text for one in explanation.findings if one.is_fatal]
    for conflict in explanation.conflicts:
        lines.append("These cannot all be kept:")
        lines += [f"  {one.message(instance).text}" for one in conflict.members]
    if explanation.repairs:
        lines.append("Any one of these would do (cost in tenths of a shift):")
    for repair in explanation.repairs:
        told = " ".join(one.message(instance).text for one in repair.changes)
        lines.append(f"  {told} Cost {repair.cost}.")
    return lines
