"""Column generation as a strategy: prove a bound, dive to rosters, dive again in parts."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.cells import Cover
from scheduling.solver.columns.columns import Demands, Pool
from scheduling.solver.columns.diving import DiveOptions, Diver
from scheduling.solver.columns.errors import NoRowError, TooLargeError
from scheduling.solver.columns.generation import rounded_bound
from scheduling.solver.columns.incumbent import Incumbent, incumbent_of
from scheduling.solver.columns.parts import Part, Parts
from scheduling.solver.columns.polish import polished
from scheduling.solver.columns.pricing import Answer, Pricer
from scheduling.solver.columns.promising import promising
from scheduling.solver.columns.root import Root
from scheduling.solver.columns.stretch import Stretch
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.strategies.first import mended

Numbers = NDArray[np.float64]

_ROOT_SHARE = 0.4  # of the time: a bound without a roster helps nobody
_DIVE_SHARE = 0.35  # of the time left: what the first dive may take
# From thorough to hasty: the first whose expected time fits is dived with.
_DIVES = (
    DiveOptions(fixed=0.1, steps=6),
    DiveOptions(fixed=0.15, steps=5),
    DiveOptions(fixed=0.2, steps=4),
    DiveOptions(fixed=0.3, steps=3),
    DiveOptions(fixed=0.5, steps=2),
)
_PATIENCE = 40  # dives in a row that may bring nothing
# A horizon of more than two months is first gone through in windows of four weeks.
_LONG, _WINDOW = 63, 28
_WINDOW_STEPS = 40  # pricing rounds in a window: mostly until nothing is left to find
_SWEEP_SHARE = 0.4  # of the time


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
        search.begin()
        search.sweep()
        search.prove()
        if search.root.is_near:
            search.dive()
        fruitless = 0
        while fruitless < _PATIENCE and not exchange.is_over():
            if search.is_proven:
                return
            search.adopt(exchange.best())
            before = search.best_cost
            search.dive_somewhere()
            search.prove_on()
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
        self.root = Root(self.pricer, self.pool, self.demands, people=self.people)
        self.parts = Parts(instance, self.pool, chance=self.chance)
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
        """Go on from somebody's roster where it is better; polish the first."""
        if roster is None:
            return
        known = incumbent_of(
            roster, pricer=self.pricer, pool=self.pool, demands=self.demands
        )
        if known is None or not known.is_legal or known.cost >= self.best_cost:
            return
        is_first, self.best = self.best is None, known
        if is_first:
            self._take(known)
        self.root.add(self.best.columns)

    def begin(self) -> None:
        """Make a roster of everybody's cheapest rows, one bettered after the other.

        Where pricing found somebody no row in its turns, the model of a single row does.
        """
        self.adopt(self.exchange.best())
        if self.best is not None or self.demands.has_hard:
            return
        answers = self.pricer.best(self.people, np.zeros_like(self.pricer.cells.own))
        if not all(answer.rows for answer in answers):
            self.adopt(self._completed(answers))
            return
        columns = [
            self.pool.column(person, answer.rows[0].codes, cost=answer.rows[0].cost)
            for person, answer in enumerate(answers)
        ]
        self.best = Incumbent(columns, self.demands)
        self.exchange.offer(self.best.roster(self.pool))  # poor, but at once
        self._take(self.best)
        self.root.add(self.best.columns)

    def _completed(self, answers: Sequence[Answer]) -> Roster | None:
        """Return the roster of these rows, and of others where there is none."""
        rows = list(Roster.empty(self.instance).rows)
        for person, answer in enumerate(answers):
            if answer.rows:
                rows[person] = self.pricer.cells.row(answer.rows[0].codes)
        roster = mended(
            self.instance, Roster(tuple(rows)), seed=0, exchange=self.exchange
        )
        if roster is not None:
            self.exchange.offer(roster)
        return roster

    def sweep(self) -> None:
        """Go through a long roster window by window, and begin the root from there.

        Weeks are priced in a small part of the time that half a year takes, and nearly
        always come out best; so does what a person is worth on each of their days.
        """
        days = self.instance.days
        if days < _LONG or self.best is None:
            return
        begun, seconds = monotonic(), self.exchange.seconds_left() * _SWEEP_SHARE
        duals = np.zeros(len(self.none))
        for first in (*range(0, days, _WINDOW), *range(_WINDOW // 2, days, _WINDOW)):
            self.adopt(self.exchange.best())
            if monotonic() - begun > seconds or self.exchange.is_over():
                break
            at = min(first, days - _WINDOW)
            part = self.parts.days(self.best, at, _WINDOW, people=self.people)
            self._dive_in(part, DiveOptions(fixed=0.2, steps=4))
            if self.diver.first_duals is not None:
                duals[part.demands] = self.diver.first_duals[part.demands]
        self.root = Root(
            self.pricer, self.pool, self.demands, people=self.people, duals=duals
        )
        self.root.add(self.best.columns)

    def prove(self) -> None:
        """Generate columns for everybody until they prove a bound, or for long enough."""
        begun, seconds = monotonic(), self.exchange.seconds_left() * _ROOT_SHARE
        while not self.root.is_done and not self.exchange.is_over():
            self.prove_on()
            self.adopt(self.exchange.best())
            if monotonic() - begun > seconds:
                return

    def prove_on(self) -> None:
        """Generate columns once more, where that can raise the bound."""
        if not self.root.is_done and not self.exchange.is_over():
            self.root.step()
            self._tell(self.root.bound)

    def dive(self) -> None:
        """Dive once for everybody's rows, where each has one to begin with."""
        if len({one.person for one in self.root.columns}) < len(self.people):
            return
        left = self.exchange.seconds_left() * _DIVE_SHARE
        expected = [
            self.root.seconds_a_row * len(self.people) * one.steps / one.fixed
            for one in _DIVES
        ]
        fitting = [
            one for one, time in zip(_DIVES, expected, strict=True) if time < left
        ]
        found = self.diver.dive(
            self.root.columns,
            self.people,
            base=self.none,
            options=(fitting or _DIVES[-1:])[0],
            seconds=left,
            ceiling=self.best_cost,
            duals=self.root.duals,
        )
        if found is not None:
            self._take(Incumbent(found, self.demands))

    def dive_somewhere(self) -> None:
        """Dive for a part of the roster, the rest as it is."""
        if self.best is None:
            self.dive()
            return
        part = self.parts.next(self.best)
        options = DiveOptions(
            fixed=float(self.chance.choice((0.1, 0.15, 0.25))),
            steps=int(self.chance.integers(3, 7)),
            noise=float(self.chance.choice((0.0, 0.1, 0.3))),
        )
        self._dive_in(part, options)
        self.parts.learn(self.best.cost)

    def _dive_in(self, part: Part, options: DiveOptions) -> None:
        if self.best is None:
            return
        best = self.best
        rows = [best.columns[person] for person in part.people]
        rest: np.ndarray = best.served - np.sum([one.served for one in rows], axis=0)
        cover = self.demands.costs(best.served)[part.demands].sum()
        if part.stretch is not None:
            options = replace(options, first_steps=_WINDOW_STEPS)
        found = self.diver.dive(
            [*rows, *promising(self.pool, part, duals=self.root.duals)],
            part.people,
            base=rest,
            options=options,
            seconds=self.exchange.seconds_left() * _DIVE_SHARE,
            # an equal roster is a new place to search from
            ceiling=sum(one.cost for one in rows) + cover + 0.5,
            duals=self.root.duals if self.root.is_near else None,
            stretch=part.stretch,
        )
        if found is not None:
            self._take(best.with_columns(found), part.stretch)

    def _take(self, found: Incumbent, stretch: Stretch | None = None) -> None:
        """Polish a roster; keep it where it is as good, and tell it where better."""
        found = polished(
            found,
            pricer=self.pricer,
            pool=self.pool,
            chance=self.chance,
            is_over=self.exchange.is_over,
            stretch=stretch,
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
