"""A roster where none is legal: whatever binds several people may lack, at a high price.

A hard need is searched as such first, for what must be met usually can be. Where it cannot
be met, or was not in time, a roster comes out all the same: every row in it is legal, and
what is uncovered is as little and as cheap as was found. It is judged by the hard needs.
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

    Its status stays what is known of legal rosters: `infeasible` or `unknown`.
    """
    found = solve(instance, limits=limits, start=start, on_progress=on_progress)
    return nearest(instance, found, limits=limits, start=start, on_progress=on_progress)


def nearest(
    instance: Instance,
    found: Solution,
    *,
    limits: SolveLimits,
    start: Roster | None = None,
    on_progress: OnProgress | None = None,
) -> Solution:
    """Return a solution that found no roster with the nearest to a legal one.

    Args:
        instance: What was searched.
        found: What came of it.
        limits: What it might spend; what it left is spent here.
        start: A roster to begin from where it came to none itself.
        on_progress: Hears of rosters without costs: those of needs have no price.
    """
    if found.roster is not None or not binds_several(instance):
        return found
    seconds = limits.seconds - found.wall_s
    if seconds < LEAST_SECONDS:
        return _with(instance, found, found.near, wall_s=found.wall_s)

    def told(progress: Progress) -> bool | None:
        if on_progress is None:
            return None
        elapsed_s = found.wall_s + progress.elapsed_s
        return on_progress(
            Progress(
                objective=None,
                bound=None,
                gap=None,
                elapsed_s=elapsed_s,
                roster=progress.roster,
            )
        )

    bent = solve(
        elastic(instance),
        limits=replace(limits, seconds=seconds),
        start=found.near or start,
        on_progress=told,
    )
    return _with(
        instance, found, bent.roster or found.near, wall_s=found.wall_s + bent.wall_s
    )


def _with(
    instance: Instance, found: Solution, roster: Roster | None, *, wall_s: float
) -> Solution:
    cost = None if roster is None else verify(instance, roster).objective
    return replace(found, roster=roster, objective=cost, gap=None, wall_s=wall_s)
