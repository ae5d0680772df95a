"""Whole rosters from fractions of rows: fix what is nearly chosen, price again, go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.columns import Column, Counts, Demands, Pool
from scheduling.solver.columns.generation import Generation, rounded_bound
from scheduling.solver.columns.master import LinearAnswer
from scheduling.solver.columns.pricing import Pricer
from scheduling.solver.columns.stretch import Stretch

Numbers = NDArray[np.float64]

_CHOSEN = 0.999  # a share that is one but for rounding
_WORTH_FIXING = 1e-6
_STILL_FALLING = 0.002  # share of the master's objective that makes more steps worth it
_NEARLY = 0.5  # a further step gains less than this: go on fixing


@dataclass(frozen=True, slots=True, kw_only=True)
class DiveOptions:
    """How a dive goes down.

    Attributes:
        fixed: Share of the free people who are fixed between two solves.
        steps: Pricing rounds after each fixing.
        first_steps: Pricing rounds before the first, where more than those. Priced to
            the end, weeks of a roster come out nearly whole.
        most_rounds: How often as many steps follow while the master still falls.
        noise: How far chance may raise a share before the highest are taken.
    """

    fixed: float = 0.1
    steps: int = 6
    first_steps: int = 0
    most_rounds: int = 5
    noise: float = 0.0


def _hastier(options: DiveOptions) -> DiveOptions:
    """Return the way down for a dive that is late."""
    return replace(
        options,
        fixed=min(0.5, 2.5 * options.fixed),
        steps=max(1, options.steps // 2),
        most_rounds=1,
    )


class Diver:
    """Dives for rosters of some people while the rows of the others stand.

    Attributes:
        first_duals: The duals of the newest dive before anything was fixed.
    """

    def __init__(
        self,
        pricer: Pricer,
        pool: Pool,
        demands: Demands,
        *,
        chance: np.random.Generator,
        is_over: Callable[[], bool],
    ) -> None:
        self.pricer, self.pool, self.demands = pricer, pool, demands
        self.chance, self.is_over = chance, is_over
        self.first_duals: Numbers | None = None

    def dive(
        self,
        columns: Sequence[Column],
        people: Sequence[int],
        *,
        base: Counts,
        options: DiveOptions,
        seconds: float,
        ceiling: float = np.inf,
        duals: Numbers | None = None,
        stretch: Stretch | None = None,
    ) -> list[Column] | None:
        """Return one row for each of the people, None where it got too dear or too late.

        Args:
            columns: Rows to begin with, at least one for each of the people.
            people: Whose rows are free.
            base: How often everybody else serves each demand.
            options: How to go down.
            seconds: What it should take; a dive that is late hurries.
            ceiling: What the people and the demands may cost; a dive that must end
                there or above is given up.
            duals: Where pricing begins.
            stretch: The days that are open; None for all.
        """
        free, chosen, served = list(people), list[Column](), base.copy()
        begun, spent = monotonic(), 0
        while free:
            is_late = monotonic() - begun > seconds * len(chosen) / len(people)
            pace = _hastier(options) if is_late and chosen else options
            generation = Generation(
                self.pricer,
                self.pool,
                self.demands,
                people=free,
                base=served,
                center=duals,
                stretch=stretch,
            )
            generation.master.add(columns)
            if not chosen and self._is_hopeless(generation, options, ceiling):
                return None
            self._price(generation, pace)
            answer = generation.master.solve()
            columns = list(generation.master.columns)
            if answer is None or self.is_over() or spent + answer.objective >= ceiling:
                return None
            duals = self.demands.clipped(answer.duals)
            fixed = self._fixed(answer, columns, count=len(free), options=pace)
            for column in fixed:
                chosen.append(column)
                free.remove(column.person)
                served = served + column.served
                spent += column.cost
            done = {column.person for column in fixed}
            columns = [one for one in columns if one.person not in done]
        return chosen

    def _is_hopeless(
        self, generation: Generation, options: DiveOptions, ceiling: float
    ) -> bool:
        """Price long before the first fixing; return whether no roster can be better."""
        for _ in range(options.first_steps):
            if self.is_over() or not generation.step(tolerance=_NEARLY):
                break
        if generation.answer is not None:
            self.first_duals = self.demands.clipped(generation.answer.duals)
        return rounded_bound(generation.bound) > ceiling - 1

    def _price(self, generation: Generation, options: DiveOptions) -> None:
        """Price for some rounds, and on while the master still falls."""
        before = np.inf
        for step in range(options.steps * options.most_rounds):
            if self.is_over() or not generation.step(tolerance=_NEARLY):
                return
            if step % options.steps == options.steps - 1 and generation.answer:
                now = generation.answer.objective
                if before - now < _STILL_FALLING * abs(now):
                    return
                before = now

    def _fixed(
        self,
        answer: LinearAnswer,
        columns: Sequence[Column],
        *,
        count: int,
        options: DiveOptions,
    ) -> list[Column]:
        """Return the rows to fix: all that are chosen already, and the nearest to it."""
        shares = answer.shares
        raised = shares + options.noise * self.chance.random(len(shares))
        raised[shares < _WORTH_FIXING] = -1.0
        most = max(1, int(options.fixed * count))
        fixed: dict[int, Column] = {}
        for place in np.argsort(-raised):
            column, share = columns[place], shares[place]
            if share < _WORTH_FIXING:
                break
            if column.person in fixed:
                continue
            if share >= _CHOSEN or len(fixed) < most:
                fixed[column.person] = column
        return list(fixed.values()) or [columns[int(np.argmax(shares))]]
