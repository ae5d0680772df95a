"""On call at the workplace is work; stand-by at home is rest that counts no minutes."""

import random
from dataclasses import replace

import pytest

from scheduling.solver.columns.pricing import Pricer
from scheduling.solver.instance import Instance
from scheduling.solver.laws import (
    law_profile,
    rules_for,
    shipped_profiles,
    under_law,
)
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.verify import verify
from tests.scheduling.solver.laws.ward import LATE, NIGHT, row, shift, ward

HOME = replace(shift("H", 8, 32), on_call="home", minutes=240)
SITE = replace(HOME, on_call="site", minutes=1440)
SITE_DAY = replace(shift("S", 8, 16), on_call="site")


def broken(instance: Instance, cells: str) -> set[str]:
    return {one.rule for one in verify(instance, row(cells)).hard}


@pytest.mark.parametrize("law", shipped_profiles())
def test_days_of_stand_by_are_to_a_law_as_free_ones(law: str) -> None:
    """Weeks of lates, nights and stand-by, against the same weeks without stand-by."""
    chance = random.Random(1)  # noqa: S311  (no secret)
    stand_by = under_law(ward(shifts=(LATE, NIGHT, HOME)), law_profile(law))
    without = under_law(ward(shifts=(LATE, NIGHT)), law_profile(law))

    for cells in (tuple(chance.choices("LNH", k=7)) for _ in range(400)):
        one = verify(stand_by, Roster((cells,)))
        other = verify(without, Roster((tuple(OFF if c == "H" else c for c in cells),)))
        assert {v.rule for v in one.hard} - {"overlapping shifts"} == {
            v.rule for v in other.hard
        }, cells
        assert one.objective == other.objective, cells


def test_on_call_at_the_workplace_is_worked_in_full() -> None:
    instance = under_law(ward(shifts=(LATE, SITE)), law_profile("eu-2003-88-ec"))

    assert broken(instance, "H......") == {"13 h a shift"}
    assert "11 h daily rest" in broken(instance, "LH.....")
    assert "35 h weekly rest" in broken(instance, "HLHLHLH")


def test_stand_by_counts_no_minutes_of_the_average() -> None:
    shifts = (LATE, HOME)

    rules = rules_for(law_profile("eu-2003-88-ec"), ward(shifts=shifts))

    counts = [one for one in rules.personal["ann"] if isinstance(one, Count)]
    assert [one.shifts for one in counts] == [{"L"}]


@pytest.mark.parametrize("law", shipped_profiles())
def test_the_search_and_the_prices_say_what_the_judge_says(law: str) -> None:
    instance = under_law(ward(shifts=(NIGHT, HOME, SITE_DAY)), law_profile(law))
    Pricer(instance).structure(0, frozenset())  # it can be priced

    for cells in ("HHHHHHH", "NHNHN.H", "SSSSSSS", "SSSHSSS", "NNNHS..", "N.S.H.N"):
        roster = row(cells)
        verdict = verify(instance, roster)
        model = build(instance)
        for variable, value in model.cells.hint(roster).items():
            model.linear.lower[variable] = model.linear.upper[variable] = value

        answer = solve_cpsat(model.linear, budget=Budget(seconds=20))

        if verdict.hard:
            assert answer.status == "infeasible", cells
        else:
            assert answer.objective == verdict.objective, cells
