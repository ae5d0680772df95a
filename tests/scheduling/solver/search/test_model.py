"""The model and the verifier never read each other, and must say the same."""

import random

import pytest

from scheduling.solver.roster import Roster
from scheduling.solver.search.model.build import Scope, build, build_guarded
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.search.model.roster_model import RosterModel
from scheduling.solver.verify import verify
from tests.scheduling.solver.search.wards import random_instance, random_roster

BUDGET = Budget(seconds=20)


@pytest.mark.parametrize("seed", range(40))
def test_a_roster_costs_in_the_model_what_the_verifier_says(seed: int) -> None:
    instance = random_instance(seed, hard=0.1 * (seed % 2))
    roster = random_roster(instance, seed)
    verdict = verify(instance, roster)
    model = _fixed(build(instance), roster)

    answer = solve_cpsat(model.linear, budget=BUDGET)

    if verdict.hard:
        assert answer.status == "infeasible"
    else:
        assert answer.status == "optimal"
        assert answer.objective == verdict.objective
        assert model.roster(answer.values) == roster


@pytest.mark.parametrize("seed", range(20))
def test_the_best_of_a_part_is_as_good_as_its_whole_roster(seed: int) -> None:
    instance = random_instance(seed, hard=0.0)
    model = build(instance)
    first = solve_cpsat(model.linear, budget=Budget(seconds=20, first_only=True))
    around = model.roster(first.values or ())
    chance = random.Random(seed)  # noqa: S311  (no secret)
    free = {
        (person, day)
        for person in chance.sample(range(4), 2)
        for day in range(chance.randrange(4), chance.randrange(6, 10))
    }

    part = build(instance, scope=Scope(around=around, free=free))
    answer = solve_cpsat(part.linear, budget=BUDGET)

    before, after = (
        verify(instance, around),
        verify(instance, part.roster(answer.values)),
    )
    assert not after.hard
    held = solve_cpsat(
        _fixed(part, around).linear,
        budget=BUDGET,
    )
    assert held.objective - answer.objective == before.objective - after.objective
    assert after.objective <= before.objective


@pytest.mark.parametrize("seed", range(20))
def test_the_switches_of_broken_rules_alone_make_it_impossible(seed: int) -> None:
    instance = random_instance(seed, hard=0.2)
    roster = random_roster(instance, seed)
    broken = {(one.person, one.rule) for one in verify(instance, roster).hard}
    model = _fixed(build_guarded(instance), roster)
    kept = [
        guard
        for reason, guard in model.guards.items()
        if (reason.person, reason.rule) not in broken
    ]

    without = solve_cpsat(model.linear, budget=BUDGET, assumptions=kept)
    with_them = solve_cpsat(
        model.linear, budget=BUDGET, assumptions=list(model.guards.values())
    )

    assert without.status == "optimal"
    assert with_them.status == ("infeasible" if broken else "optimal")


def _fixed(model: RosterModel, roster: Roster) -> RosterModel:
    for variable, value in model.cells.hint(roster).items():
        model.linear.lower[variable] = model.linear.upper[variable] = value
    return model
