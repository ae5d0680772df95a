"""A search tier by tier: what an earlier tier reached is kept while the next improves."""

import time
from dataclasses import replace
from typing import Protocol

from scheduling.solver.fairness import TierOrder, solve_in_order
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.search import Progress, Solution, SolveLimits, solve
from scheduling.solver.search.limits import Status, gap_between
from scheduling.solver.search.strategies.elastic import binds_several
from scheduling.solver.verify import verify

LEAST_STAGE_S = 1.0
# Of the time, for the nearest roster where no legal one is found: what its first tier
# alone came to knows nothing of the wishes in later ones.
NEAREST_SHARE = 0.2


class Hearer(Protocol):
    """Who hears of a search and says when it must not go on."""

    @property
    def stop(self) -> object: ...

    def hear(self, progress: Progress) -> bool: ...


def search_in_order(
    instance: Instance,
    order: TierOrder,
    *,
    limits: SolveLimits,
    start: Grid | None,
    hearer: Hearer,
) -> Solution:
    """Return the roster that comes first in the order, as far as time allows.

    Each tier has an even share of the time that is left, once there is a roster. The
    bound is the first tier's: what it must cost, all must cost. Later tiers are held to
    what was reached before them, so what they prove says nothing of the costs of all.
    Where there is no roster, some time is left to look for the nearest to a legal one.
    """
    search = _Stages(instance, limits, hearer, stages=len(order.tiers))
    roster = solve_in_order(instance, order, search.stage, start=start)
    return search.solution(roster)


class _Stages:
    """The stages of one search, and what they found together."""

    def __init__(
        self, instance: Instance, limits: SolveLimits, hearer: Hearer, *, stages: int
    ) -> None:
        self._instance = instance
        self._limits = limits
        self._hearer = hearer
        self._left = stages
        self._began = time.monotonic()
        self._stage_ends_s = 0.0
        self._cost: int | None = None
        self._bound: float | None = None
        self._is_first = True
        self._first_s: float | None = None
        self._is_infeasible = False
        self._near: Grid | None = None
        self._without_row: tuple[str, ...] = ()

    def stage(self, problem: Instance, start: Grid | None) -> Grid | None:
        """Search one tier's problem; None where nothing is found, or all must end."""
        left_s = self._limits.seconds - self._elapsed_s
        if self._hearer.stop is not None or left_s < LEAST_STAGE_S / 2:
            return None
        share_s = max(left_s / max(self._left, 1), LEAST_STAGE_S / 2)
        self._left -= 1
        self._stage_ends_s = self._elapsed_s + share_s
        found = solve(
            problem,
            limits=replace(
                self._limits,
                seconds=self._until_any(left_s) if self._cost is None else share_s,
            ),
            start=start,
            on_progress=self._hear,
        )
        self._raise_bound(found.bound)
        self._is_first = False
        self._is_infeasible = self._is_infeasible or (
            self._cost is None and found.status == "infeasible"
        )
        if found.roster is None:
            self._near, self._without_row = found.near, found.without_row
        else:
            self._cost = verify(self._instance, found.roster).objective
            if self._first_s is None:
                self._first_s = found.first_feasible_s
            self._hearer.hear(self._progress(found.roster))
        return found.roster

    def _until_any(self, left_s: float) -> float:
        """Until there is any roster, a stage may take the time of those after it."""
        if binds_several(self._instance):
            return left_s * (1 - NEAREST_SHARE)
        return left_s

    def solution(self, roster: Grid | None) -> Solution:
        verdict = None if roster is None else verify(self._instance, roster)
        cost = verdict.objective if verdict else None
        status: Status = "infeasible" if self._is_infeasible else "unknown"
        gap = gap_between(cost, self._bound)
        if verdict and verdict.is_legal:
            status = "optimal" if gap == 0.0 else "feasible"
        return Solution(
            status=status,
            roster=roster,
            objective=cost,
            bound=self._bound,
            gap=gap,
            first_feasible_s=self._first_s,
            wall_s=self._elapsed_s,
            near=self._near if roster is None else None,
            without_row=self._without_row if roster is None else (),
        )

    @property
    def _elapsed_s(self) -> float:
        return time.monotonic() - self._began

    def _hear(self, progress: Progress) -> bool:
        """Tell that it goes on; a stage's own costs are not the roster's."""
        self._raise_bound(progress.bound)
        may_go_on = self._hearer.hear(self._progress(None))
        is_over = progress.roster is not None and self._elapsed_s > self._stage_ends_s
        return may_go_on and not is_over

    def _raise_bound(self, bound: float | None) -> None:
        if self._is_first and bound is not None:
            self._bound = bound if self._bound is None else max(self._bound, bound)

    def _progress(self, roster: Grid | None) -> Progress:
        return Progress(
            objective=self._cost,
            bound=self._bound,
            gap=gap_between(self._cost, self._bound),
            elapsed_s=self._elapsed_s,
            roster=roster,
        )
