"""What matters most comes first, whatever the weights say."""

from datetime import date
from itertools import product

import pytest

from scheduling.solver.fairness import (
    FairnessError,
    TierOrder,
    solve_in_order,
    stage_of,
    tier_costs,
)
from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Demand, Request
from scheduling.solver.verify import verify

COVER_FIRST = TierOrder()
WISHES_FIRST = TierOrder(("preference", "contract", "fairness", "cover"))


def ward() -> Instance:
    """Return one person, needed on both days, who dearly wants both off.

    By weights alone the wish of 1000 for day 0 would win over cover at 10.
    """
    rules = (
        Count(name="most shifts", at_most=1, weight=3),
        Count(name="fair shifts", at_most=0, weight=2, tier="fairness"),
    )
    return Instance(
        name="ward",
        start=date(2026, 6, 1),
        days=2,
        shift_types=(ShiftType(id="D", minutes=480),),
        people=(Person(id="ann", rules=rules),),
        demands=tuple(
            Demand(day=day, shifts=frozenset("D"), at_least=1, under_weight=10)
            for day in range(2)
        ),
        requests=(
            Request(
                person="ann", day=0, shifts=frozenset("D"), is_on=False, weight=1000
            ),
        ),
    )


def cheapest(instance: Instance, start: Roster | None) -> Roster | None:
    """Solve by trying everything."""
    rosters = (Roster((cells,)) for cells in product((OFF, "D"), repeat=2))
    legal = [one for one in rosters if not verify(instance, one).hard]
    return min(legal, key=lambda one: verify(instance, one).objective, default=None)


@pytest.mark.parametrize(
    ("order", "cells"),
    [
        (COVER_FIRST, ("D", "D")),
        (WISHES_FIRST, (OFF, OFF)),
        (TierOrder(("preference", "cover", "contract", "fairness")), (OFF, "D")),
        (TierOrder(("contract", "cover", "preference", "fairness")), (OFF, "D")),
        (TierOrder(("fairness", "cover", "contract", "preference")), (OFF, OFF)),
    ],
)
def test_the_order_decides(order: TierOrder, cells: tuple[str, ...]) -> None:
    found = solve_in_order(ward(), order, cheapest)

    assert found == Roster((cells,))


def test_costs_are_told_by_tier() -> None:
    assert tier_costs(ward(), Roster((("D", "D"),))) == {
        "cover": 0,
        "contract": 3,
        "fairness": 4,
        "preference": 1000,
    }


def test_what_a_tier_reached_becomes_hard_for_the_next() -> None:
    stage = stage_of(ward(), COVER_FIRST, 1, reached=Roster((("D", OFF),)))

    assert [(one.at_least, one.under_weight) for one in stage.demands] == [
        (1, None),
        (0, None),
    ]
    assert [rule.weight for rule in stage.people[0].rules] == [3, 0]
    assert [one.weight for one in stage.requests] == [0]


def test_a_broken_rule_of_an_earlier_tier_outweighs_all_of_a_later_one() -> None:
    stage = stage_of(ward(), COVER_FIRST, 2, reached=Roster((("D", "D"),)))

    assert [rule.weight for rule in stage.people[0].rules] == [9, 2]


def test_a_kept_rule_of_an_earlier_tier_is_hard() -> None:
    stage = stage_of(ward(), COVER_FIRST, 2, reached=Roster((("D", OFF),)))

    assert [rule.weight for rule in stage.people[0].rules] == [None, 2]


def test_a_solver_that_finds_nothing_leaves_what_was_reached() -> None:
    found: list[Roster | None] = [Roster((("D", "D"),)), None]

    reached = solve_in_order(ward(), COVER_FIRST, lambda *_: found.pop(0))

    assert reached == Roster((("D", "D"),))


def test_a_worse_roster_of_a_later_stage_is_not_taken() -> None:
    found = [Roster((("D", "D"),)), Roster(((OFF, OFF),)), *[Roster(((OFF, OFF),))] * 2]

    reached = solve_in_order(ward(), COVER_FIRST, lambda *_: found.pop(0))

    assert reached == Roster((("D", "D"),))


@pytest.mark.parametrize(
    "tiers", [("cover",), ("cover", "cover", "fairness", "contract")]
)
def test_an_order_names_each_tier_once(tiers) -> None:
    with pytest.raises(FairnessError, match="each tier once"):
        TierOrder(tiers)
