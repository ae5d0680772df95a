"""Demands, mixes of skills and pairs, judged by hand."""

from dataclasses import replace

import pytest

from scheduling.solver.instance import HeldSkill, Instance, Person
from scheduling.solver.rules import Demand, Mix, Pair
from scheduling.solver.verify import verify
from tests.scheduling.solver.verify.wards import (
    MONDAY,
    SHIFTS,
    cells,
    only_cost,
    only_violation,
    roster,
)

SENIOR, JUNIOR = HeldSkill(skill="senior"), HeldSkill(skill="junior")
PEOPLE = (
    Person(id="ann", name="Ann", skills=(SENIOR, JUNIOR), history=cells("N")),
    Person(id="bob", name="Bob", skills=(JUNIOR,)),
    Person(id="cid", name="Cid", skills=(JUNIOR,)),
    Person(id="dee", name="Dee", skills=(replace(JUNIOR, until=0),)),
)
EARLY = Demand(
    day=1,
    shifts=frozenset("E"),
    at_least=2,
    at_most=3,
    under_weight=100,
    over_weight=1,
)
MORNING = Demand(
    day=0,
    shifts=frozenset("E"),
    shifts_before=frozenset("N"),
    at_least=2,
    under_weight=10,
)
NEXT_MORNING = replace(MORNING, day=1)
SENIORS = replace(EARLY, skill="senior", at_least=1, at_most=None)


def _ward(**more: object) -> Instance:
    ward = Instance(
        name="ward", start=MONDAY, days=2, shift_types=SHIFTS, people=PEOPLE
    )
    return replace(ward, **more)  # type: ignore[arg-type]  # only fields of the ward


@pytest.mark.parametrize(
    ("demand", "rows", "cost"),
    [
        (EARLY, ("-E", "-E", "--", "-L"), 0),
        (EARLY, ("-E", "--", "--", "--"), 100),
        (EARLY, ("--", "E-", "--", "--"), 200),
        (EARLY, ("-E", "-E", "-E", "-E"), 1),
        (SENIORS, ("-E", "--", "--", "--"), 0),
        (SENIORS, ("--", "-E", "-E", "-E"), 100),
        (MORNING, ("--", "E-", "--", "--"), 0),  # Ann's night reaches into it
        (MORNING, ("--", "--", "--", "--"), 10),
        (NEXT_MORNING, ("N-", "-E", "--", "--"), 0),
        (NEXT_MORNING, ("-N", "-E", "--", "--"), 10),
    ],
)
def test_cover(demand: Demand, rows: tuple[str, ...], cost: int) -> None:
    verdict = verify(_ward(demands=(demand,)), roster(*rows))

    assert verdict.hard == ()
    assert verdict.objective == cost
    assert {one.tier for one in verdict.costs} <= {"cover"}


def test_a_missing_person_is_told_in_words() -> None:
    ward = _ward(demands=(replace(EARLY, under_weight=None, name="early"),))

    violation = only_violation(verify(ward, roster("-E", "--", "--", "--")))

    assert (violation.person, violation.rule, violation.days) == ("", "early", (1,))
    assert violation.message == "1 of at least 2 work E on 2026-03-03."


def test_cover_may_be_hard_above_and_soft_below() -> None:
    ward = _ward(demands=(replace(EARLY, over_weight=None),))

    assert verify(ward, roster("-E", "-E", "-E", "-E")).hard[0].message == (
        "4 of at most 3 work E on 2026-03-03."
    )
    assert only_cost(verify(ward, roster("-E", "--", "--", "--"))).cost == 100


MIX = Mix(
    name="one senior for two juniors",
    day=1,
    shifts=frozenset(),
    skill="senior",
    other="junior",
    of=1,
    per=2,
    weight=9,
)


@pytest.mark.parametrize(
    ("rows", "cost"),
    [
        (("-E", "-E", "-E", "--"), 0),
        (("--", "-E", "--", "--"), 9),
        (("--", "-E", "-N", "--"), 9),
        (("-L", "--", "--", "--"), 0),  # who holds both is a senior only
        (("--", "--", "--", "-E"), 0),  # Dee is no junior any more
    ],
)
def test_mix(rows: tuple[str, ...], cost: int) -> None:
    assert verify(_ward(mixes=(MIX,)), roster(*rows)).objective == cost


def test_each_begun_group_of_juniors_needs_a_senior() -> None:
    people = (*PEOPLE[:3], replace(PEOPLE[3], skills=(JUNIOR,)))
    ward = _ward(mixes=(MIX,), people=people)

    told = only_cost(verify(ward, roster("-E", "-E", "-E", "-E")))

    assert told.message == (
        "1 with senior work E, L, N on 2026-03-03; the 3 with junior need 2."
    )


TOGETHER = Pair(name="pair", first="ann", second="bob", is_together=True, weight=3)
APART = replace(TOGETHER, is_together=False)


@pytest.mark.parametrize(
    ("pair", "rows", "cost"),
    [
        (TOGETHER, ("EL", "EL"), 0),
        (TOGETHER, ("E-", "--"), 3),
        (TOGETHER, ("EL", "LE"), 6),
        (TOGETHER, ("--", "--"), 0),
        (APART, ("EL", "LE"), 0),
        (APART, ("EL", "EL"), 6),
        (APART, ("--", "--"), 0),
        (replace(APART, shifts=frozenset("E")), ("EL", "EL"), 3),
        (replace(TOGETHER, shifts=frozenset("E")), ("EL", "NN"), 3),
    ],
)
def test_pairs(pair: Pair, rows: tuple[str, str], cost: int) -> None:
    verdict = verify(_ward(pairs=(pair,)), roster(*rows, "--", "--"))

    assert verdict.objective == cost
    assert {one.person for one in verdict.costs} <= {"ann"}
