"""Each strategy alone, against optima that are known or solved for."""

from dataclasses import replace

import pytest

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import Count, Pair
from scheduling.solver.search.exchange import LocalExchange, Strategy
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.search.strategies import (
    feasibility,
    nearly_whole,
    neighborhood_search,
    program,
    relaxation,
    whole_rows,
)
from scheduling.solver.search.strategies.first import first_roster, mended
from scheduling.solver.verify import verify
from tests.scheduling.solver.search.wards import (
    SMALL_WARD_COSTS,
    random_instance,
    small_ward,
)


def asked(
    instance: Instance, strategy: Strategy, *, work: float, start: Roster | None = None
) -> LocalExchange:
    """Return the exchange after a strategy ran; it keeps the best legal roster."""
    costs: list[int] = []

    def is_best(roster: Roster) -> bool:
        verdict = verify(instance, roster)
        assert verdict.is_legal
        costs.append(verdict.objective)
        return verdict.objective == min(costs)

    exchange = LocalExchange(seconds=60, on_offer=is_best, work=work)
    strategy(instance, start=start, seed=1, exchange=exchange)
    return exchange


def cost_of(instance: Instance, exchange: LocalExchange) -> int:
    best = exchange.best()
    assert best is not None
    return verify(instance, best).objective


@pytest.mark.parametrize("seed", range(4))
def test_neighborhoods_come_near_the_optimum(seed: int) -> None:
    instance = random_instance(seed, hard=0.0)
    optimum = solve_cpsat(build(instance).linear, budget=Budget(seconds=60)).objective

    exchange = asked(instance, neighborhood_search.run, work=1.0)

    assert optimum is not None
    assert optimum <= cost_of(instance, exchange) <= 1.1 * optimum
    assert (exchange.best_bound or 0.0) <= optimum + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_the_relaxation_lies_below_the_optimum(seed: int) -> None:
    instance = random_instance(seed, hard=0.0)
    optimum = solve_cpsat(build(instance).linear, budget=Budget(seconds=60)).objective

    exchange = asked(instance, relaxation.run, work=1.0)

    assert optimum is not None
    assert exchange.best() is None
    assert 0 < (exchange.best_bound or 0.0) <= optimum + 1e-6


def test_only_rows_that_are_not_legal_are_made_anew() -> None:
    ward = small_ward()
    kept = ("", "D", "D", "", "", "", "")
    start = Roster((kept, ("D",) * 7, kept))
    exchange = LocalExchange(seconds=60, on_offer=lambda _roster: True)

    found = mended(ward, start, seed=1, exchange=exchange)

    assert found is not None
    assert (found.rows[0], found.rows[2]) == (kept, kept)
    assert verify(ward, found).is_legal


def test_a_roster_that_somebody_else_has_first_is_the_first() -> None:
    ward = small_ward()
    theirs = Roster.empty(ward)
    exchange = LocalExchange(seconds=60, on_offer=lambda _roster: True, start=theirs)

    found = first_roster(ward, seed=1, exchange=exchange)

    assert found is theirs


def test_a_whole_program_proves_the_optimum() -> None:
    exchange = asked(small_ward(), program.run, work=1.0)

    assert cost_of(small_ward(), exchange) == SMALL_WARD_COSTS
    assert exchange.best_bound == pytest.approx(SMALL_WARD_COSTS)


def test_a_nearly_whole_relaxation_is_branched_on_to_the_end() -> None:
    exchange = asked(small_ward(), nearly_whole.run, work=1.0)

    assert cost_of(small_ward(), exchange) == SMALL_WARD_COSTS
    assert exchange.best_bound == pytest.approx(SMALL_WARD_COSTS)


def test_of_a_relaxation_with_many_halves_only_the_bound_is_told() -> None:
    halves = random_instance(1, hard=0.0)

    exchange = asked(halves, nearly_whole.run, work=1.0)

    assert exchange.best() is None
    assert exchange.best_bound == asked(halves, relaxation.run, work=1.0).best_bound


def test_whole_rows_prove_the_optimum() -> None:
    exchange = asked(small_ward(), whole_rows.run, work=1.0)

    assert cost_of(small_ward(), exchange) == SMALL_WARD_COSTS
    assert exchange.best_bound == pytest.approx(SMALL_WARD_COSTS)


@pytest.mark.parametrize("weight", [None, 40])
def test_hard_pairs_get_the_relaxation_and_soft_ones_are_left_to_others(
    weight: int | None,
) -> None:
    ward = small_ward()
    first, second, *_others = (person.id for person in ward.people)
    pair = Pair(
        name="apart", first=first, second=second, is_together=False, weight=weight
    )
    paired = replace(ward, pairs=(pair,))

    exchange = asked(paired, whole_rows.run, work=1.0)

    if weight is None:
        relaxed = asked(paired, relaxation.run, work=1.0)
        assert exchange.best() is None
        assert exchange.best_bound == relaxed.best_bound
    else:
        assert cost_of(ward, exchange) == SMALL_WARD_COSTS
        assert exchange.best_bound == pytest.approx(SMALL_WARD_COSTS)


@pytest.mark.parametrize("strategy", [feasibility.run, relaxation.run, program.run])
def test_a_contradiction_is_proven(strategy: Strategy) -> None:
    ward = small_ward()
    torn = replace(ward.people[1], rules=(Count(name="least days", at_least=5),))

    exchange = asked(
        replace(ward, people=(ward.people[0], torn, ward.people[2])), strategy, work=1.0
    )

    assert exchange.is_infeasible


def ward_with_hard_cover() -> Instance:
    ward = small_ward(people=4)
    hard = tuple(replace(demand, under_weight=None) for demand in ward.demands)
    return replace(ward, demands=hard)


def test_a_legal_roster_is_found_whatever_it_costs() -> None:
    hard = ward_with_hard_cover()

    exchange = asked(hard, feasibility.run, work=1.0)

    assert verify(hard, exchange.best() or Roster.empty(hard)).is_legal


def test_a_legal_start_leaves_nothing_to_be_found() -> None:
    hard = ward_with_hard_cover()
    legal = asked(hard, feasibility.run, work=1.0).best()

    exchange = asked(hard, feasibility.run, work=1.0, start=legal)

    assert legal is not None
    assert exchange.best() is None


def test_a_start_that_is_not_legal_leaves_a_legal_roster_to_be_found() -> None:
    hard = ward_with_hard_cover()

    exchange = asked(hard, feasibility.run, work=1.0, start=Roster.empty(hard))

    assert verify(hard, exchange.best() or Roster.empty(hard)).is_legal
