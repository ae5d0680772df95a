"""A roster where none is legal: whatever binds several people may lack, at a high price.

A hard need is searched as such first, for what must be met usually can be. Where it cannot
be met, or was not in time, a roster comes out all the same: every row in it is legal, and
what is uncovered is as little and as cheap as was found. Somebody who has no legal row, such
as by fixed cells against the rules, has the one that breaks least of their own rules. It is
judged by the hard rules as they are.
"""

from dataclasses import replace

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.coordinator import solve
from scheduling.solver.search.limits import (
    OnProgress,
    Progress,
    Solution,
    SolveLimits,
)
from scheduling.solver.search.strategies.elastic import binds_several, elastic
from scheduling.solver.verify import verify

LEAST_SECONDS = 0.3  # below, children are hardly begun


def solve_or_nearest(
    instance: Instance,
    *,
    limits: SolveLimits,
    start: Roster | None = None,
    on_progress: OnProgress | None = None,
) -> Solution:
    """Return what `solve` returns; where that is no roster, the nearest to a legal one.

    Its status stays what is known of legal rosters: `infeasible` or `unknown`. Where
    somebody has no legal row there is none: a published problem then is a proof at once.
    """
    found = solve(instance, limits=limits, start=start, on_progress=on_progress)
    return nearest(
        instance,
        found,
        limits=limits,
        start=start,
        on_progress=on_progress,
        keeps_rows=True,
    )


def nearest(
    instance: Instance,
    found: Solution,
    *,
    limits: SolveLimits,
    start: Roster | None = None,
    on_progress: OnProgress | None = None,
    keeps_rows: bool = False,
) -> Solution:
    """Return a solution that found no roster with the nearest to a legal one.

    Args:
        instance: What was searched.
        found: What came of it.
        limits: What it might spend; what it left is spent here.
        start: A roster to begin from where it came to none itself.
        on_progress: Hears of rosters without costs: those of needs have no price.
        keeps_rows: Whether nobody may have a row against their own rules.
    """
    if found.roster is not None:
        return found
    near, spent_s = found.near, found.wall_s
    torn = frozenset[str]() if keeps_rows else _torn(instance, found)
    while limits.seconds - spent_s >= LEAST_SECONDS:
        bent = elastic(instance, without_row=torn)
        if bent == instance:
            break
        answer = solve(
            bent,
            limits=replace(limits, seconds=limits.seconds - spent_s),
            start=near or start,
            on_progress=_without_costs(on_progress, after_s=spent_s),
        )
        near, spent_s = answer.roster or near, spent_s + answer.wall_s
        is_last = keeps_rows or len(torn) == len(instance.people)
        if answer.status != "infeasible" or is_last:
            break
        torn |= _torn(bent, answer)
    return _with(instance, found, near, wall_s=spent_s)


def _torn(instance: Instance, found: Solution) -> frozenset[str]:
    """Return whose own rules cannot all be kept, as far as a search came to know.

    Where it proved without a name that rows alone are at fault, it may be anybody's.
    """
    if found.status != "infeasible" or found.without_row or binds_several(instance):
        return frozenset(found.without_row)
    return frozenset(instance.person_index)


def _without_costs(
    on_progress: OnProgress | None, *, after_s: float
) -> OnProgress | None:
    """Return who hears of rosters whose costs have prices in them that nobody asked for."""
    if on_progress is None:
        return None

    def told(progress: Progress) -> bool | None:
        elapsed_s = after_s + progress.elapsed_s
        return on_progress(
            replace(progress, objective=None, bound=None, gap=None, elapsed_s=elapsed_s)
        )

    return told


def _with(
    instance: Instance, found: Solution, roster: Roster | None, *, wall_s: float
) -> Solution:
    cost = None if roster is None else verify(instance, roster).objective
    return replace(found, roster=roster, objective=cost, gap=None, wall_s=wall_s)
