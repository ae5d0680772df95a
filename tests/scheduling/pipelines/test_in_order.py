"""A search tier by tier, by the real search."""

import random
from dataclasses import replace
from datetime import date

import pytest

from scheduling.pipelines.in_order import search_in_order
from scheduling.solver.fairness import TierOrder
from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.rules import Count, Demand, Pair, Request
from scheduling.solver.search import Progress, SolveLimits, nearest
from scheduling.solver.verify import verify
from tests.scheduling.solver.fairness.test_tiers import WISHES_FIRST, ward

LIMITS = SolveLimits(seconds=60.0, workers=1)  # tiny: proven long before


class Listener:
    """Hears everything, and stops after so many rosters."""

    def __init__(self, *, enough: int = 100) -> None:
        self.stop: object = None
        self.costs: list[int | None] = []
        self._enough = enough

    def hear(self, progress: Progress) -> bool:
        if progress.roster is not None:
            self.costs.append(progress.objective)
            self.stop = True if len(self.costs) >= self._enough else None
        return self.stop is None


def test_cover_comes_before_a_wish_that_weighs_more() -> None:
    listener = Listener()

    found = search_in_order(
        ward(), TierOrder(), limits=LIMITS, start=None, hearer=listener
    )

    assert found.roster is not None
    assert found.roster.rows == (("D", "D"),)
    assert found.status == "feasible"
    assert found.objective == verify(ward(), found.roster).objective
    assert listener.costs[-1] == found.objective


def test_the_bound_is_what_the_first_tier_must_cost() -> None:
    wishes = search_in_order(
        ward(), WISHES_FIRST, limits=LIMITS, start=None, hearer=Listener()
    )
    two = tuple(replace(one, at_least=2) for one in ward().demands)
    short = replace(ward(), demands=two)
    cover = search_in_order(
        short, TierOrder(), limits=LIMITS, start=None, hearer=Listener()
    )

    assert (wishes.bound, wishes.gap) == (0.0, 1.0)  # wishes alone cost nothing
    assert cover.objective is not None
    assert cover.bound == 20.0  # one is missing on either day, whoever works
    assert cover.bound <= cover.objective


def test_a_search_that_is_stopped_keeps_the_tiers_so_far() -> None:
    listener = Listener(enough=1)

    found = search_in_order(
        ward(), WISHES_FIRST, limits=LIMITS, start=None, hearer=listener
    )

    assert found.roster is not None
    assert found.roster.rows[0][0] == ""  # the wish of the first tier
    assert len(listener.costs) == 1


def test_what_cannot_be_is_said() -> None:
    plain = ward()
    limits = (Count(name="most", at_most=0), Count(name="fewest", at_least=1))
    impossible = replace(plain, people=(replace(plain.people[0], rules=limits),))

    found = search_in_order(
        impossible, TierOrder(), limits=LIMITS, start=None, hearer=Listener()
    )

    assert (found.status, found.roster) == ("infeasible", None)
    assert found.without_row == (impossible.people[0].id,)


def quarrelling_ward(people: int = 400) -> Instance:
    """Return a day that needs more than can bear each other, which is hard to prove.

    Each avoids some three others. At most 46 in a hundred get along in any such net; 47
    are needed, and half of everybody is what sums alone would allow.
    """
    chance = random.Random(1)  # noqa: S311  (no secret)
    names = [f"p{index}" for index in range(people)]
    shift = frozenset("D")
    quarrels = {
        tuple(sorted(two))
        for _round in range(3)
        for two in zip(*[iter(chance.sample(names, people))] * 2, strict=True)
    }
    return Instance(
        name="quarrels",
        start=date(2026, 6, 1),
        days=1,
        shift_types=(ShiftType(id="D", minutes=480),),
        people=tuple(Person(id=name) for name in names),
        demands=(Demand(day=0, shifts=shift, at_least=people * 47 // 100),),
        requests=tuple(
            Request(person=name, day=0, shifts=shift, is_on=False, weight=1)
            for name in names[:20]
        ),
        pairs=tuple(
            Pair(name="avoid", first=first, second=second, is_together=False)
            for first, second in sorted(quarrels)
        ),
    )


@pytest.mark.slow
def test_where_neither_roster_nor_proof_is_found_in_time_the_nearest_comes_out() -> (
    None
):
    instance, limits = quarrelling_ward(), SolveLimits(seconds=6.0, workers=2)
    listener = Listener()

    found = search_in_order(
        instance, TierOrder(), limits=limits, start=None, hearer=listener
    )
    heard_in_order = list(listener.costs)
    solution = nearest(instance, found, limits=limits, on_progress=listener.hear)

    assert (found.status, found.roster) == ("unknown", None)
    assert found.near is not None
    assert heard_in_order == []
    assert listener.costs  # there was time to look for the nearest among all tiers
    assert solution.status == "unknown"
    assert solution.roster is not None
    verdict = verify(instance, solution.roster)
    assert {one.rule for one in verdict.hard} <= {"avoid", "cover"}
    assert solution.objective == verdict.objective
