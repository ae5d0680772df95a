"""Large-neighborhood search: open a part of the best roster, fill it better, repeat."""

import random

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import Scope, build, possible
from scheduling.solver.search.model.cpsat import Answer, Budget, solve_cpsat
from scheduling.solver.search.strategies.elastic import binds_several, elastic
from scheduling.solver.search.strategies.first import first_roster, mended
from scheduling.solver.search.strategies.neighborhoods import Situation, Ways
from scheduling.solver.verify import Judge, Verdict

FIRST_SIZE = 120  # cells open at first; each way then finds its own
FIRST_WORK, MOST_WORK = 0.3, 6.0  # deterministic seconds a try
PATIENCE = 24  # tries without a gain, after which each may work longer
LONGER = 1.5


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Improve a roster until time is up; without one, make one first."""
    start = start or exchange.best()
    bent = elastic(instance) if binds_several(instance) else instance
    if start is None:
        start = first_roster(bent, seed=seed, exchange=exchange)
    else:
        start = mended(bent, start, seed=seed, exchange=exchange)
    if start is None:
        return
    exchange.offer(start)
    if bent is not instance and not Judge(instance).judge(start).verdict.is_legal:
        start = _Search(bent, start, seed, exchange, legal=instance).improve()
    _Search(instance, start, seed, exchange).improve()


class _Search:
    """One search: the roster it stands on, and the ways it has of moving."""

    def __init__(
        self,
        instance: Instance,
        start: Roster,
        seed: int,
        exchange: Exchange,
        *,
        legal: Instance | None = None,
    ) -> None:
        """Make one.

        Args:
            instance: What is searched.
            start: A legal roster of it.
            seed: Where chance begins.
            exchange: Where better rosters go.
            legal: Where given, the search ends once a roster is legal there.
        """
        self._instance = instance
        self._judge = Judge(instance)
        self._chance = random.Random(seed)  # noqa: S311  (no secret)
        self._exchange = exchange
        self._choices = possible(instance)
        self._roster = start
        self._verdict = self._judged(start)
        self._ways = Ways.at(self._chance, size=FIRST_SIZE)
        self._work = FIRST_WORK
        self._fruitless = 0
        self._until_legal = None if legal is None else Judge(legal)

    def improve(self) -> Roster:
        """Return the best roster found until time is up."""
        while not self._exchange.is_over() and not self._is_legal_enough():
            self._adopt_better()
            self._try_once()
        return self._roster

    def _is_legal_enough(self) -> bool:
        if self._until_legal is None:
            return False
        return self._until_legal.judge(self._roster).verdict.is_legal

    def _try_once(self) -> None:
        way = self._ways.next()
        situation = Situation(self._instance, self._roster, self._verdict, self._chance)
        free = way.choose(situation, round(way.size))
        answer, found = self._fill(free)
        self._tell_bound(answer, len(free))
        before = self._verdict.objective
        if found is not None and found != self._roster:
            self._take(found)
        gain = before - self._verdict.objective
        way.learn(
            gain=gain,
            work=answer.work,
            allowed=self._work,
            is_solved=answer.status in {"optimal", "infeasible"},
        )
        self._grow_patient(has_gained=gain > 0)

    def _grow_patient(self, *, has_gained: bool) -> None:
        """Let tries work longer once short ones find nothing any more."""
        self._fruitless = 0 if has_gained else self._fruitless + 1
        if self._fruitless >= PATIENCE:
            self._fruitless = 0
            self._work = min(MOST_WORK, self._work * LONGER)

    def _fill(self, free: set[tuple[int, int]]) -> tuple[Answer, Roster | None]:
        """Return the best way to fill some cells, as far as it was searched."""
        scope = Scope(around=self._roster, free=free)
        model = build(self._instance, choices=self._choices, scope=scope)
        budget = Budget(
            seconds=self._exchange.seconds_left(),
            work=self._work,
            seed=self._chance.randrange(2**31),
            is_small=True,
        )
        hint = model.cells.hint(self._roster)
        answer = solve_cpsat(model.linear, budget=budget, hint=hint)
        self._exchange.spend(answer.work)
        found = None if answer.values is None else model.roster(answer.values)
        return answer, found

    def _tell_bound(self, answer: Answer, opened: int) -> None:
        """Tell the bound where every cell was open: then it holds for every roster."""
        is_whole = opened == self._instance.days * len(self._instance.people)
        if is_whole and answer.bound is not None and self._until_legal is None:
            self._exchange.bound(answer.bound)

    def _take(self, roster: Roster) -> None:
        """Stand on a roster that is no worse, and offer it where it is better."""
        verdict = self._judged(roster)
        if not verdict.is_legal or verdict.objective > self._verdict.objective:
            return
        is_better = verdict.objective < self._verdict.objective
        self._roster, self._verdict = roster, verdict
        if is_better:
            self._exchange.offer(roster)

    def _adopt_better(self) -> None:
        best = self._exchange.best()
        if best is not None and best is not self._roster:
            verdict = self._judged(best)
            if verdict.is_legal and verdict.objective < self._verdict.objective:
                self._roster, self._verdict = best, verdict

    def _judged(self, roster: Roster) -> Verdict:
        return self._judge.judge(roster).verdict
