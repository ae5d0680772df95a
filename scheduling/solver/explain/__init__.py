"""Explanations: why there is no roster, why somebody has a shift, what costs what."""

from scheduling.solver.explain.changes import Change
from scheduling.solver.explain.checks import Finding, findings
from scheduling.solver.explain.conflict import Conflict, Member
from scheduling.solver.explain.infeasible import Explanation, explain
from scheduling.solver.explain.repairs import Repair
from scheduling.solver.explain.score import Score, score
from scheduling.solver.explain.why import Alternative, Effect, Why, why
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
    "Score",
    "Why",
    "explain",
    "findings",
    "score",
    "why",
]
