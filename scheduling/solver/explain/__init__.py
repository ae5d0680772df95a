"""Explanations: why there is no roster, and why somebody has a shift."""

from scheduling.solver.explain.checks import Finding, findings
from scheduling.solver.explain.conflict import Conflict, Member
from scheduling.solver.explain.infeasible import Explanation, explain
from scheduling.solver.explain.repairs import Repair
from scheduling.solver.explain.why import Alternative, Effect, Why, why
from scheduling.solver.mending.changes import Change
from scheduling.solver.message import Message

__all__ = [
    "Alternative",
    "Change",
    "Conflict",
    "Effect",
    "Explanation",
    "Finding",
    "Member",
    "Message",
    "Repair",
    "Why",
    "explain",
    "findings",
    "why",
]
