"""Bounds and rosters from columns, judged by the verifier."""

from dataclasses import replace

import numpy as np
import pytest

from scheduling.solver.columns import run, supports
from scheduling.solver.columns.cells import Cover
from scheduling.solver.columns.columns import Demands, Pool
from scheduling.solver.columns.generation import Generation, rounded_bound
from scheduling.solver.columns.incumbent import Incumbent, incumbent_of
from scheduling.solver.columns.polish import polished
from scheduling.solver.columns.pricing import Pricer
from scheduling.solver.columns.strategy import _Search
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import Count, Demand, Mix, Pair
from scheduling.solver.search.exchange import LocalExchange
from scheduling.solver.verify import verify
from tests.scheduling.solver.columns.ward import DAYS, small_ward

SECONDS = 20.0  # never reached: the optimum is proven at once


def searched(instance: Instance) -> tuple[Roster | None, LocalExchange]:
    """Run the strategy alone, as a coordinator would judge it."""
    offered: list[int] = []

    def judged(roster: Roster) -> bool:
        verdict = verify(instance, roster)
        assert verdict.is_legal
        offered.append(verdict.objective)
        return offered[-1] == min(offered)

    exchange = LocalExchange(seconds=SECONDS, on_offer=judged)
    run(instance, start=None, seed=0, exchange=exchange)
    return exchange.best(), exchange


def test_a_small_ward_is_solved_and_proven() -> None:
    instance = small_ward()

    roster, exchange = searched(instance)

    assert roster is not None
    assert verify(instance, roster).objective == exchange.best_bound


def test_the_offset_is_part_of_the_bound() -> None:
    instance = small_ward()
    _, plain = searched(instance)

    _, shifted = searched(replace(instance, offset=100))

    assert shifted.best_bound == plain.best_bound + 100


def test_hard_demands_are_met() -> None:
    instance = small_ward(people=4, hard=True)

    roster, exchange = searched(instance)

    assert roster is not None
    assert verify(instance, roster).hard == ()
    assert verify(instance, roster).objective == exchange.best_bound


def test_a_person_without_a_legal_row_proves_that_there_is_no_roster() -> None:
    instance = small_ward()
    pinned = tuple((day, "E") for day in range(DAYS))
    first, *others = instance.people

    _, exchange = searched(
        replace(instance, people=(replace(first, pinned=pinned), *others))
    )

    assert exchange.is_infeasible


def test_the_bound_never_exceeds_a_roster() -> None:
    instance = small_ward()
    pricer = Pricer(instance)
    cover = Cover(pricer.cells)
    demands, pool = Demands(instance, cover), Pool(pricer.cells, cover)
    roster, _ = searched(instance)
    generation = Generation(
        pricer,
        pool,
        demands,
        people=range(len(instance.people)),
        base=np.zeros(len(instance.demands), np.int64),
    )
    bounds = []

    generation.begin()
    while generation.step():
        bounds.append(generation.bound)

    assert roster is not None
    assert bounds == sorted(bounds)
    assert generation.is_converged
    assert generation.bound <= verify(instance, roster).objective


def test_polishing_costs_what_the_verifier_says() -> None:
    instance = small_ward()
    pricer = Pricer(instance)
    cover = Cover(pricer.cells)
    demands, pool = Demands(instance, cover), Pool(pricer.cells, cover)
    empty = incumbent_of(
        Roster.empty(instance), pricer=pricer, pool=pool, demands=demands
    )
    assert isinstance(empty, Incumbent)

    better = polished(
        empty,
        pricer=pricer,
        pool=pool,
        chance=np.random.default_rng(0),
        is_over=lambda: False,
    )

    verdict = verify(instance, better.roster(pool))
    assert verdict.is_legal
    assert verdict.objective == better.cost
    assert (
        better.cost < empty.cost == verify(instance, Roster.empty(instance)).objective
    )


def test_night_shifts_of_yesterday_serve_today() -> None:
    instance = small_ward()
    night = Demand(
        day=2,
        shifts=frozenset("E"),
        shifts_before=frozenset("L"),
        at_least=3,
        under_weight=9,
    )

    roster, exchange = searched(replace(instance, demands=(*instance.demands, night)))

    assert roster is not None
    assert exchange.best_bound is not None
    changed = replace(instance, demands=(*instance.demands, night))
    assert verify(changed, roster).objective >= exchange.best_bound


def test_a_sweep_betters_rows_that_no_single_change_betters() -> None:
    ward = small_ward(people=2)
    weeks = range(0, 65, DAYS)
    rest, longest, _, lates = ward.contracts[0].rules
    contract = replace(
        ward.contracts[0], rules=(rest, longest, replace(lates, at_most=12))
    )
    instance = replace(
        ward,
        days=65,
        contracts=(contract,),
        demands=tuple(
            replace(one, day=first + one.day) for first in weeks for one in ward.demands
        ),
    )
    exchange = LocalExchange(seconds=SECONDS, on_offer=lambda _roster: True)
    search = _Search(instance, seed=0, exchange=exchange)
    search.begin()
    polished_cost = search.best_cost

    search.sweep()

    roster = exchange.best()
    assert roster is not None
    assert verify(instance, roster).is_legal
    assert verify(instance, roster).objective == search.best_cost < polished_cost


def test_a_roster_comes_out_also_where_pricing_finds_somebody_no_row() -> None:
    ward = small_ward()
    fewest = Count(name="fewest", at_least=3)
    contract = replace(ward.contracts[0], rules=(*ward.contracts[0].rules, fewest))
    instance = replace(ward, contracts=(contract,))
    exchange = LocalExchange(seconds=SECONDS, on_offer=lambda _roster: True)
    search = _Search(instance, seed=0, exchange=exchange)
    search.pricer.most_cells = 1  # no counter joins a table
    prices = np.zeros_like(search.pricer.cells.own)
    answers = search.pricer.best(search.people, prices)
    assert any(not answer.rows for answer in answers)

    search.begin()

    roster = exchange.best()
    assert roster is not None
    assert verify(instance, roster).is_legal
    assert search.best_cost <= verify(instance, roster).objective


def test_nobody_dives_before_everybody_has_a_row() -> None:
    exchange = LocalExchange(seconds=SECONDS, on_offer=lambda _roster: True)
    search = _Search(small_ward(), seed=0, exchange=exchange)

    search.dive_somewhere()

    assert exchange.best() is None


@pytest.mark.parametrize(
    ("value", "whole"), [(1296.57, 1297.0), (1300.0000001, 1300.0), (-2.5, -2.0)]
)
def test_bounds_are_rounded_up_to_whole_objectives(value: float, whole: float) -> None:
    assert rounded_bound(value) == whole


def test_rules_across_people_are_left_to_others() -> None:
    instance = small_ward()
    pair = Pair(name="apart", first="A", second="B", is_together=False)
    mix = Mix(name="mix", day=0, shifts=frozenset("E"), skill="senior", other="junior")

    assert supports(instance)
    assert not supports(replace(instance, pairs=(pair,)))
    assert not supports(replace(instance, mixes=(mix,)))
