"""A reserve stands beside a need, and goes without a trace; worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.away import needed_on
from scheduling.solver.fairness.shares import needed
from scheduling.solver.history import (
    AbsenceRate,
    reserve_for,
    with_reserve,
    without_reserve,
)
from scheduling.solver.instance import Contract, Instance, Person, ShiftType
from scheduling.solver.rules import RESERVE, Demand

EARLY = frozenset({"E"})


def ward(need: int = 12, *, start: date = date(2026, 6, 1)) -> Instance:
    """Return a day that needs so many of ten nurses in full and ten in half posts."""
    return Instance(
        name="ward",
        start=start,
        days=1,
        shift_types=(ShiftType(id="E", minutes=480, is_night=True),),
        contracts=(Contract(id="full"), Contract(id="half")),
        people=tuple(
            Person(id=f"{name}{number}", contracts=(name,), fte=fte)
            for name, fte in (("full", 1.0), ("half", 0.5))
            for number in range(10)
        ),
        demands=(
            Demand(
                day=0,
                shifts=EARLY,
                at_least=need,
                at_most=need + 1,
                under_weight=100,
                over_weight=7,
            ),
            Demand(day=0, shifts=EARLY, skill="senior", at_least=1, under_weight=60),
        ),
    )


def rate(share: float, *, group: str = "", season: str = "summer") -> AbsenceRate:
    return AbsenceRate(
        group=group,
        season=season,
        rate=share,
        low=0.0,
        high=1.0,
        planned=100,
        absent=round(100 * share),
        reasons=(),
    )


@pytest.mark.parametrize(
    ("need", "share", "extra"),
    [
        (12, 0.08, 1),  # 12 / 0.92 - 12 = 1.04
        (3, 0.08, 0),  # 0.26 rounds to nobody
        (3, 0.15, 1),  # 0.53
        (12, 0.40, 3),  # 8, but at most one for each four
        (2, 0.90, 1),  # one in any case
    ],
)
def test_the_reserve_brings_the_expected_number_back(
    need: int, share: float, extra: int
) -> None:
    found = reserve_for(ward(need), [rate(share)])

    assert found == ({(0, EARLY): extra} if extra else {})


def test_a_groups_rate_counts_by_its_share_of_posts_and_in_its_season_alone() -> None:
    instance = ward(12)

    # ten full posts of fifteen: 2/3 of 12 % is 8 %; half posts bring another 2 %
    assert reserve_for(instance, [rate(0.12, group="full")]) == {(0, EARLY): 1}
    assert reserve_for(instance, [rate(0.06, group="half")]) == {}
    assert reserve_for(instance, [rate(0.4, season="winter")]) == {}
    assert reserve_for(instance, [rate(0.4, group="doctors")]) == {}


def test_of_several_needs_for_one_shift_the_largest_has_the_reserve() -> None:
    need = ward(4).demands[0]
    fewest = replace(need, name="fewest", at_least=2, at_most=None, under_weight=None)
    before = replace(ward(4), demands=(fewest, need))

    made = with_reserve(before, reserve_for(before, [rate(0.2)]))

    assert [(one.name, one.at_least) for one in made.demands] == [
        ("fewest", 2),
        ("cover", 4),
        (RESERVE, 5),
    ]
    assert without_reserve(made) == before


def test_a_reserve_weighs_less_and_says_what_is_too_many() -> None:
    made = with_reserve(ward(12), {(0, EARLY): 1})

    need, reserve, senior = made.demands
    assert (need.at_least, need.at_most, need.under_weight) == (12, None, 100)
    assert (reserve.name, reserve.at_least, reserve.at_most) == (RESERVE, 13, 14)
    assert (reserve.under_weight, reserve.over_weight) == (25, 7)
    assert senior.skill == "senior"


def test_a_reserve_is_taken_away_and_made_anew_without_a_trace() -> None:
    before = ward(12)

    twice = with_reserve(with_reserve(before, {(0, EARLY): 3}), {(0, EARLY): 1})

    assert twice == with_reserve(before, {(0, EARLY): 1})
    assert without_reserve(twice) == before
    assert without_reserve(before) is before
    fewer = replace(
        twice, demands=(replace(twice.demands[0], at_least=10), *twice.demands[1:])
    )
    assert without_reserve(fewer).demands[0].at_most == 11


def test_a_reserve_is_part_of_what_is_shared_and_no_need_of_its_own() -> None:
    made = with_reserve(ward(12), {(0, EARLY): 1})

    assert needed(made, "nights", disliked=frozenset()) == 13
    assert needed_on(made, 0) == 12
