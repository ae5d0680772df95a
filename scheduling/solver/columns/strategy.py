"""Column generation as a strategy: prove a bound, dive to rosters, dive again in parts."""

from math import inf
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.cells import Cover
from scheduling.solver.columns.columns import Column, Demands, Pool
from scheduling.solver.columns.diving import DiveOptions, Diver
from scheduling.solver.columns.errors import NoRowError, TooLargeError
from scheduling.solver.columns.generation import Generation, rounded_bound
from scheduling.solver.columns.incumbent import Incumbent, incumbent_of
from scheduling.solver.columns.polish import polished
from scheduling.solver.columns.pricing import Pricer
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange

Numbers = NDArray[np.float64]

_ROOT_SHARE = 0.4  # of the time: a bound without a roster helps nobody
_DIVE_SHARE = 0.35  # of the time left: what the first dive may take
_EXACT_ENOUGH = 0.02  # the root is left when bound and master are so near
# From thorough to hasty: the first whose expected time fits is dived with.
_DIVES = (
    DiveOptions(fixed=0.1, steps=6),
    DiveOptions(fixed=0.15, steps=5),
    DiveOptions(fixed=0.2, steps=4),
    DiveOptions(fixed=0.3, steps=3),
    DiveOptions(fixed=0.5, steps=2),
)
_PATIENCE = 40  # dives in a row that may bring nothing
_PARTS = (0.25, 0.6)  # shares of the people who are free in a later dive
_COLUMNS_A_PERSON = 40  # with which a later dive begins
_MOST_COLUMNS_A_PERSON = 800  # kept in all


def supports(instance: Instance) -> bool:
    """Whether the rows of this instance can be priced one person at a time."""
    if instance.pairs or instance.mixes or not instance.demands:
        return False
    try:
        pricer = Pricer(instance)
        for person in range(len(instance.people)):
            pricer.structure(person, frozenset())
    except TooLargeError:
        return False
    except NoRowError:
        return True  # and running proves that there is no roster
    return True


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Search until the exchange says that it is over, or dives bring nothing more.

    Raises:
        TooLargeError: The instance is not one that `supports` accepts.
    """
    try:
        search = _Search(instance, seed=seed, exchange=exchange)
        search.adopt(start)
        search.prove()
        search.dive()
        fruitless = 0
        while fruitless < _PATIENCE and not exchange.is_over():
            if search.is_proven:
                return
            search.adopt(exchange.best())
            before = search.best_cost
            search.dive_in_part()
            fruitless = 0 if search.best_cost < before else fruitless + 1
    except NoRowError:
        exchange.prove_infeasible()


class _Search:
    """What one run knows: its columns, its best roster, the duals of the root."""

    def __init__(self, instance: Instance, *, seed: int, exchange: Exchange) -> None:
        self.instance, self.exchange = instance, exchange
        self.chance = np.random.default_rng(seed)
        self.pricer = Pricer(instance)
        cover = Cover(self.pricer.cells)
        self.demands = Demands(instance, cover)
        self.pool = Pool(self.pricer.cells, cover)
        self.people = list(range(len(instance.people)))
        self.none = np.zeros(len(instance.demands), np.int64)
        self.best: Incumbent | None = None
        self.bound = -inf
        self.duals: Numbers | None = None
        self.columns: list[Column] = []  # of the root
        self.seconds_a_row = 0.0
        self.diver = Diver(
            self.pricer,
            self.pool,
            self.demands,
            chance=self.chance,
            is_over=exchange.is_over,
        )

    @property
    def best_cost(self) -> float:
        return inf if self.best is None else self.best.cost

    @property
    def is_proven(self) -> bool:
        """Whether nothing can be better than the best roster."""
        return self.best is not None and self.bound >= self.best.cost

    def adopt(self, roster: Roster | None) -> None:
        """Go on from somebody's roster where it is better."""
        if roster is None:
            return
        known = incumbent_of(
            roster, pricer=self.pricer, pool=self.pool, demands=self.demands
        )
        if known is not None and known.is_legal and known.cost < self.best_cost:
            self.best = known

    def prove(self) -> None:
        """Generate columns for everybody, and tell every better bound."""
        begun, seconds = monotonic(), self.exchange.seconds_left() * _ROOT_SHARE
        generation = Generation(
            self.pricer, self.pool, self.demands, people=self.people, base=self.none
        )
        if self.best is not None:
            generation.master.add(self.best.columns)
        generation.begin()
        rounds = 1
        while generation.step(tolerance=_EXACT_ENOUGH):
            self._tell(generation.bound)
            known = self.best
            self.adopt(self.exchange.best())
            if self.best is not None and self.best is not known:
                generation.master.add(self.best.columns)
            rounds += 1
            if monotonic() - begun > seconds or self.exchange.is_over():
                break
        self._tell(generation.bound)
        self.seconds_a_row = (monotonic() - begun) / rounds / len(self.people)
        self.columns = list(generation.master.columns)
        if generation.answer is not None:
            self.duals = self.demands.clipped(generation.answer.duals)

    def dive(self) -> None:
        """Dive once for everybody's rows."""
        left = self.exchange.seconds_left() * _DIVE_SHARE
        expected = [
            self.seconds_a_row * len(self.people) * one.steps / one.fixed
            for one in _DIVES
        ]
        fitting = [
            one for one, time in zip(_DIVES, expected, strict=True) if time < left
        ]
        found = self.diver.dive(
            self.columns,
            self.people,
            base=self.none,
            options=(fitting or _DIVES[-1:])[0],
            seconds=left,
            duals=self.duals,
        )
        if found is not None:
            self._take(Incumbent(found, self.demands))

    def dive_in_part(self) -> None:
        """Dive for the rows of some people, the others' rows as they are."""
        if self.best is None:
            self.dive()
            return
        free = self._free()
        rows = [self.best.columns[person] for person in free]
        rest: np.ndarray = self.best.served - np.sum(
            [one.served for one in rows], axis=0
        )
        cost = sum(one.cost for one in rows) + self.demands.cost(self.best.served)
        options = DiveOptions(
            fixed=float(self.chance.choice((0.1, 0.15, 0.25))),
            steps=int(self.chance.integers(3, 7)),
            noise=float(self.chance.choice((0.0, 0.1, 0.3))),
        )
        found = self.diver.dive(
            [*rows, *self._promising(free)],
            free,
            base=rest,
            options=options,
            seconds=self.exchange.seconds_left() * _DIVE_SHARE,
            ceiling=cost + 0.5,  # an equal roster is a new place to search from
            duals=self.duals,
        )
        if found is not None:
            self._take(self.best.with_columns(found))

    def _free(self) -> list[int]:
        """Return some people, those more often who could mend a cell that costs."""
        if self.best is None:
            return self.people
        share = self.chance.uniform(*_PARTS)
        count = max(2, min(len(self.people), int(share * len(self.people))))
        costs = self.demands.costs(self.best.served)
        weights = self.chance.random(len(self.people))
        if costs.sum() > 0:
            demand = int(self.chance.choice(len(costs), p=costs / costs.sum()))
            weights += 0.5 * self._able(demand)
        return sorted(int(one) for one in np.argsort(-weights)[:count])

    def _able(self, demand: int) -> NDArray[np.bool_]:
        """Return who could serve a demand by what their cells may hold."""
        wanted = self.instance.demands[demand]
        codes = self.pool.cells.codes(wanted.shifts)
        may = np.isfinite(self.pool.cells.own[:, wanted.day][:, codes]).any(axis=1)
        able: NDArray[np.bool_] = may & self.pool.cover.holders[:, demand]
        return able

    def _promising(self, people: list[int]) -> list[Column]:
        """Return known rows of some people that are cheap at the root's duals."""
        if self.duals is None:
            return [one for one in self.columns if one.person in set(people)]
        promising: list[Column] = []
        for person in people:
            columns = self.pool.of(person)
            served = np.array([one.served for one in columns])
            costs = np.array([one.cost for one in columns]) - served @ self.duals
            order = np.argsort(costs)
            promising += [columns[at] for at in order[:_COLUMNS_A_PERSON]]
            if len(columns) > _MOST_COLUMNS_A_PERSON:
                kept = order[: _MOST_COLUMNS_A_PERSON // 2]
                self.pool.keep(person, [columns[at] for at in kept])
        return promising

    def _take(self, found: Incumbent) -> None:
        """Polish a roster; keep it where it is as good, and tell it where better."""
        found = polished(
            found,
            pricer=self.pricer,
            pool=self.pool,
            chance=self.chance,
            is_over=self.exchange.is_over,
        )
        if not found.is_legal:
            self.demands.harden()
            return
        if found.cost > self.best_cost:
            return
        is_better = found.cost < self.best_cost
        self.best = found
        if is_better:
            self.exchange.offer(found.roster(self.pool))

    def _tell(self, bound: float) -> None:
        whole = rounded_bound(bound)
        if whole > self.bound:
            self.bound = whole
            self.exchange.bound(whole + self.instance.offset)
