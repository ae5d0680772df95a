"""How long a search may take, what it tells on the way, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Literal

from scheduling.solver.errors import SolverError
from scheduling.solver.message import phrase
from scheduling.solver.roster import Roster

MAX_SECONDS = 7 * 24 * 3600.0  # a week: longer is a slip of the hand
MAX_WORKERS = 64
MAX_SEED = 2**31 - 100  # CP-SAT takes 2**31 - 1; workers and crashes add some of these

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


class LimitsError(SolverError):
    """A limit that no search can keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveLimits:
    """What a search may spend.

    Attributes:
        seconds: Wall time from call to answer.
        workers: Processes that search at once, each on one core; no more do than the
            memory of a search has room for.
        seed: Where chance begins.
        deterministic: Units of work after which to stop whatever the clock says (about
            a second each); the same seed then gives the same roster. None for the clock
            alone. One process works then, and `seconds` stays the outer limit.
    """

    seconds: float
    workers: int = 2
    seed: int = 0
    deterministic: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= MAX_SECONDS:
            message = phrase(
                "A time limit of %(seconds)s s lies outside 0 to %(max_seconds)s.",
                seconds=str(self.seconds),
                max_seconds=format(MAX_SECONDS, ".0f"),
            )
            raise LimitsError(message)
        if not 1 <= self.workers <= MAX_WORKERS:
            message = phrase(
                "%(workers)s workers: between 1 and %(max_workers)s can search.",
                workers=self.workers,
                max_workers=MAX_WORKERS,
            )
            raise LimitsError(message)
        if not 0 <= self.seed <= MAX_SEED:
            message = phrase(
                "A seed of %(seed)s lies outside 0 to %(max_seed)s.",
                seed=str(self.seed),
                max_seed=str(MAX_SEED),
            )
            raise LimitsError(message)
        if self.deterministic is not None and not 0 < self.deterministic < inf:
            message = phrase(
                "%(deterministic)s units of work: give a finite number above 0.",
                deterministic=str(self.deterministic),
            )
            raise LimitsError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a search stands.

    Attributes:
        bound: No roster costs less.
        gap: Share of the objective that lies above the bound.
        roster: The best so far.
    """

    objective: int | None
    bound: float | None
    gap: float | None
    elapsed_s: float
    roster: Roster | None = None


OnProgress = Callable[
    [Progress], bool | None
]  # False stops the search and keeps its best


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What a search found.

    Attributes:
        objective: What the roster costs, as the verifier counts it.
        bound: No roster costs less.
        gap: (objective - bound) / objective.
        first_feasible_s: Seconds until the first legal roster.
        near: Where no legal roster was found, the best in which every row is legal.
        without_row: Who has no legal row, where that proved that there is no roster.
    """

    status: Status
    roster: Roster | None
    objective: int | None
    bound: float | None
    gap: float | None
    first_feasible_s: float | None
    wall_s: float
    near: Roster | None = None
    without_row: tuple[str, ...] = ()


def gap_between(objective: int | None, bound: float | None) -> float | None:
    """Return the share of the objective above the bound, None where either lacks."""
    if objective is None or bound is None:
        return None
    if objective <= bound:
        return 0.0
    return (objective - bound) / abs(objective) if objective else 1.0
