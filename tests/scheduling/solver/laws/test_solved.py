"""Laws hold in what is solved, also over nights on which clocks change."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.formats import from_json, to_json
from scheduling.solver.instance import Instance, Person
from scheduling.solver.laws import law_profile, shipped_profiles, under_law
from scheduling.solver.rules import Demand
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.verify import verify
from tests.scheduling.solver.laws.ward import shift, ward

PEOPLE = 6
FORTNIGHT = 14
SECONDS = 60.0


def autumn(law: str) -> Instance:
    """Return a fortnight with the night of 25 October 2026 in Berlin, under a law.

    From 22 to 8 are 10 hours, which is too short a rest in Europe but in that night.
    """
    plain = ward(
        start=date(2026, 10, 19),
        days=FORTNIGHT,
        shifts=(
            shift("D", 8, 16),
            shift("L", 14, 22),
            replace(shift("N", 22, 30), is_night=True),
        ),
        timezone="Europe/Berlin",
    )
    demands = tuple(
        Demand(day=day, shifts=frozenset(name), at_least=1, under_weight=100)
        for day in range(FORTNIGHT)
        for name in "DLN"
    )
    people = tuple(Person(id=f"p{one}") for one in range(PEOPLE))
    return under_law(replace(plain, people=people, demands=demands), law_profile(law))


@pytest.mark.parametrize("law", shipped_profiles())
def test_a_roster_under_a_law_covers_everything_and_breaks_nothing(law: str) -> None:
    instance = autumn(law)
    model = build(instance)

    answer = solve_cpsat(model.linear, budget=Budget(seconds=SECONDS, gap=0.5))

    assert answer.values is not None
    verdict = verify(instance, model.roster(answer.values))
    assert verdict.hard == ()
    assert verdict.penalties.get("cover", 0) == 0


@pytest.mark.parametrize("law", shipped_profiles())
def test_a_problem_under_a_law_is_kept_as_json(law: str) -> None:
    instance = autumn(law)

    assert from_json(to_json(instance)) == instance
