"""Solves a rostering problem: workers search, one judge decides what counts."""

import math
import time
from dataclasses import replace
from functools import cached_property
from multiprocessing.connection import wait
from typing import Any  # Any: messages are pickled tuples of a few kinds

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import BOUND, INFEASIBLE, ROSTER, Codec
from scheduling.solver.search.limits import (
    OnProgress,
    Progress,
    Solution,
    SolveLimits,
    Status,
    gap_between,
)
from scheduling.solver.search.portfolio import portfolio
from scheduling.solver.search.strategies.elastic import binds_several, elastic
from scheduling.solver.search.worker import Worker
from scheduling.solver.verify import Judge

HEARTBEAT_S = 0.1  # how often progress is told at least, so that a stop is heard
HEAD_START_S = 1.0  # of the first worker: a roster is there sooner on cores of its own
TAKE_DOWN_S = 0.1  # kept back from the limit for killing the children
MEMORY_BYTES = 3_500 * 2**20  # of all children together: the coordinator needs the rest
LEAST_BYTES = 300 * 2**20  # of one child: it takes some 110 MiB before it has begun
MOST_CHILDREN = MEMORY_BYTES // LEAST_BYTES
BOUND_TOLERANCE = 1e-6  # relative: what floating point may have added to a bound


def solve(
    instance: Instance,
    *,
    limits: SolveLimits,
    start: Roster | None = None,
    on_progress: OnProgress | None = None,
) -> Solution:
    """Return the best roster found within the limits, and how good it must be.

    Args:
        instance: What to roster.
        limits: What may be spent.
        start: A roster to begin from; it need not be legal.
        on_progress: Hears where the search stands, several times a second; by returning
            False it stops the search, which then keeps its best.

    Raises:
        InstanceError: `start` is not a roster of the instance.
    """
    return _Coordinator(instance, limits, start, on_progress).solve()


class _Coordinator:
    """What is known of one search while it runs."""

    def __init__(
        self,
        instance: Instance,
        limits: SolveLimits,
        start: Roster | None,
        on_progress: OnProgress | None,
    ) -> None:
        self._began = time.monotonic()
        self._limits = limits
        self._codec = Codec(instance)
        self._judge = Judge(instance)
        self._on_progress = on_progress
        self._start = None if start is None else self._codec.pack(start)
        self._roster: Roster | None = None
        self._objective: int | None = None
        self._near = _Near(instance)
        self._bound = float(instance.offset)  # no cost is below 0
        self._first_feasible_s: float | None = None
        self._is_infeasible = False
        self._without_row: tuple[str, ...] = ()
        self._is_stopped = False
        self._told_s = -math.inf
        workers = min(limits.workers, MOST_CHILDREN)
        turns = portfolio(instance, replace(limits, workers=workers))
        self._workers = [
            Worker(
                each,
                instance,
                deadline=self._deadline,
                memory_bytes=MEMORY_BYTES // len(turns),
            )
            for each in turns
        ]
        if start is not None:
            self._consider(start)

    @property
    def _deadline(self) -> float:
        seconds = self._limits.seconds
        return self._began + seconds - min(TAKE_DOWN_S, seconds / 2)

    @property
    def _elapsed_s(self) -> float:
        return time.monotonic() - self._began

    def solve(self) -> Solution:
        try:
            while not self._is_over():
                self._keep_running()
                self._hear()
                self._tell()
        finally:
            for worker in self._workers:
                worker.kill()
        self._tell(is_last=True)
        return self._solution()

    def _is_over(self) -> bool:
        return (
            self._is_stopped
            or self._is_infeasible
            or self._is_optimal
            or time.monotonic() >= self._deadline
            or not any(worker.has_more for worker in self._workers)
        )

    @property
    def _is_optimal(self) -> bool:
        return self._objective is not None and self._objective <= self._bound

    def _keep_running(self) -> None:
        first, *others = self._workers
        is_time = self._roster is not None or self._elapsed_s >= HEAD_START_S
        has_any = self._roster is not None or self._near.roster is not None
        for worker in (first, *others) if is_time else (first,):
            worker.end_overdue(has_any=has_any)
            if not worker.is_running:
                worker.start_next(
                    seed=self._limits.seed, best=self._best_cells(), has_any=has_any
                )

    def _hear(self) -> None:
        """Wait for the workers, and take in what they say."""
        pipes = [worker.pipe for worker in self._workers if worker.pipe is not None]
        left = self._deadline - time.monotonic()
        wait(pipes, timeout=max(0.0, min(HEARTBEAT_S, left)))
        before = self._roster
        for worker in self._workers:
            latest: dict[str, Any] = dict(worker.messages())  # the last of each kind
            self._take_in(latest)
        if self._roster is not before and self._roster is not None:
            cells = self._codec.pack(self._roster)
            for worker in self._workers:
                worker.tell_best(cells)

    def _take_in(self, said: dict[str, Any]) -> None:
        if INFEASIBLE in said and self._roster is None:
            self._is_infeasible = True
            self._without_row = said[INFEASIBLE]
        if BOUND in said:
            self._raise_bound(said[BOUND])
        if ROSTER in said:
            self._consider(self._codec.unpack(said[ROSTER]))

    def _consider(self, roster: Roster) -> None:
        """Judge a roster; keep it when it is legal and better than the best."""
        verdict = self._judge.judge(roster).verdict
        if not verdict.is_legal:
            if self._roster is None:
                self._near.consider(roster)
            return
        if self._objective is None or verdict.objective < self._objective:
            if self._first_feasible_s is None:
                self._first_feasible_s = self._elapsed_s
            self._roster, self._objective = roster, verdict.objective
            self._told_s = -math.inf

    def _raise_bound(self, value: float) -> None:
        """Take a proven bound, rounded up: every objective is a whole number."""
        whole = float(math.ceil(value - BOUND_TOLERANCE * max(1.0, abs(value))))
        if whole > self._bound:
            self._bound = whole
            self._told_s = -math.inf

    def _best_cells(self) -> bytes | None:
        return self._start if self._roster is None else self._codec.pack(self._roster)

    def _tell(self, *, is_last: bool = False) -> None:
        elapsed = self._elapsed_s
        if self._on_progress is None:
            return
        if not is_last and elapsed - self._told_s < HEARTBEAT_S:
            return
        self._told_s = elapsed
        progress = Progress(
            objective=self._objective,
            bound=self._bound,
            gap=gap_between(self._objective, self._bound),
            elapsed_s=elapsed,
            roster=self._roster,
        )
        if self._on_progress(progress) is False:
            self._is_stopped = True

    def _solution(self) -> Solution:
        return Solution(
            status=self._status(),
            roster=self._roster,
            objective=self._objective,
            bound=self._bound,
            gap=gap_between(self._objective, self._bound),
            first_feasible_s=self._first_feasible_s,
            wall_s=self._elapsed_s,
            near=self._near.roster if self._roster is None else None,
            without_row=self._without_row,
        )

    def _status(self) -> Status:
        if self._is_infeasible:
            return "infeasible"
        if self._roster is None:
            return "unknown"
        return "optimal" if self._is_optimal else "feasible"


class _Near:
    """The best roster so far in which every row is legal, whatever is uncovered.

    Attributes:
        roster: It; None where there is none, or where no hard rule binds several people.
    """

    def __init__(self, instance: Instance) -> None:
        self.roster: Roster | None = None
        self._instance = instance
        self._cost = math.inf

    @cached_property
    def _judge(self) -> Judge | None:
        return Judge(elastic(self._instance)) if binds_several(self._instance) else None

    def consider(self, roster: Roster) -> None:
        """Keep a roster that is not legal as a whole, where it is nearer to it."""
        if self._judge is None:
            return
        verdict = self._judge.judge(roster).verdict
        if verdict.is_legal and verdict.objective < self._cost:
            self.roster, self._cost = roster, verdict.objective
