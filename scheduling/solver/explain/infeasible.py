"""Why there is no roster: what can be seen, what conflicts, and what would mend it."""

from dataclasses import dataclass
from typing import Literal

from scheduling.solver.explain.checks import Finding, findings
from scheduling.solver.explain.conflict import MAX_CONFLICTS, Conflict, conflicts
from scheduling.solver.explain.deadline import Deadline, Undecided
from scheduling.solver.explain.repairs import Repair, repairs
from scheduling.solver.instance import Instance
from scheduling.solver.mending.parts import hard_part

DEFAULT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether a roster can keep every hard rule, and what stands against it.

    Attributes:
        status: `unknown` where the time was over first; what was found stays.
        conflicts: They share no rule; each is minimal.
        repairs: Each mends every conflict; cheapest first.
    """

    status: Literal["feasible", "infeasible", "unknown"]
    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = ()


def explain(instance: Instance, *, seconds: float = DEFAULT_SECONDS) -> Explanation:
    """Return why no roster keeps every hard rule of an instance, or that one does."""
    deadline = Deadline(seconds)
    hard = hard_part(instance)
    seen = findings(instance)
    found: list[Conflict] = []
    mended: tuple[Repair, ...] = ()
    try:
        for conflict in conflicts(hard, deadline=deadline):
            found.append(conflict)
            if len(found) == MAX_CONFLICTS:
                break
        if found:
            mended = repairs(hard, found, deadline=deadline)
    except Undecided:
        if not found:
            return Explanation(status="unknown", findings=seen)
    return Explanation(
        status="infeasible" if found else "feasible",
        findings=seen,
        conflicts=tuple(found),
        repairs=mended,
    )
