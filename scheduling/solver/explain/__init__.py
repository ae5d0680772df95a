"""Explanations: why there is no roster, why somebody has a shift, what costs what."""

from scheduling.solver.explain.changes import Change
from scheduling.solver.explain.checks import Finding, findings
from scheduling.solver.explain.conflict import Conflict, Member
from scheduling.solver.explain.infeasible import Explanation, explain
from scheduling.solver.explain.repairs import Repair
from scheduling.solver.message import Message

__all__ = [
    "Change",
    "Conflict",
    "Explanation",
    "Finding",
    "Member",
    "Message",
    "Repair",
    "explain",
    "findings",
]
