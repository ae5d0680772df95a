"""The judge as a whole: changes judged on, order without meaning, no search read."""

import ast
import random
from dataclasses import replace
from pathlib import Path

import pytest

import scheduling.solver.verify
from scheduling.solver.errors import InstanceError
from scheduling.solver.instance import (
    Contract,
    HeldSkill,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.roster import Roster
from scheduling.solver.rules import (
    OFF,
    Count,
    Demand,
    Mix,
    Pair,
    Pattern,
    Request,
    Run,
    Weekends,
)
from scheduling.solver.verify import Judge, verify
from tests.scheduling.solver.verify.wards import MONDAY, SHIFTS, cells, roster

DAYS = 14
NAMES = tuple("abcdef")
CELLS = (OFF, *(shift.id for shift in SHIFTS))


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- tests want the same cases again


def _ward(dice: random.Random) -> Instance:
    """Return a ward with every kind of rule, hard and soft."""
    return Instance(
        name="ward",
        start=MONDAY,
        days=DAYS,
        shift_types=(*SHIFTS[:2], replace(SHIFTS[2], skill="night")),
        people=tuple(_person(name, dice) for name in NAMES),
        contracts=(_contract("full", dice), _contract("part", dice)),
        demands=tuple(_demand(day, dice) for day in range(DAYS)),
        requests=tuple(_request(dice) for _ in range(12)),
        pairs=(
            Pair(name="pair", first="a", second="b", is_together=True, weight=2),
            Pair(name="apart", first="c", second="a", is_together=False, weight=None),
        ),
        mixes=(
            Mix(
                name="mix",
                day=3,
                shifts=frozenset("EL"),
                skill="night",
                other="other",
                weight=5,
            ),
        ),
        offset=17,
    )


def _contract(name: str, dice: random.Random) -> Contract:
    weight = dice.choice([None, 3])
    rules = (
        Count(name="most", at_most=dice.randint(5, 9), weight=4),
        Count(name="minutes", unit="minutes", at_least=2000, weight=1),
        Run(name="work", at_least=2, at_most=4, weight=weight),
        Run(name="rest", of="off", at_least=2, weight=2),
        Run(name="nights", of="shifts", shifts=frozenset("N"), at_most=2, weight=6),
        Pattern(
            name="rest",
            days=(frozenset("NL"), frozenset("E")),
            weight=dice.choice([None, 8]),
        ),
        Weekends(name="weekends", at_most=1, weight=10),
        Weekends(name="complete", measure="complete", weight=5),
        Weekends(name="identical", measure="identical", weight=3),
    )
    return Contract(id=name, rules=rules)


def _person(name: str, dice: random.Random) -> Person:
    held = (HeldSkill(skill="night", until=9), HeldSkill(skill="other"))
    return Person(
        id=name,
        contracts=(dice.choice(["full", "part"]),),
        skills=tuple(dice.sample(held, dice.randint(0, 2))),
        history=cells("".join(dice.choice("-EN") for _ in range(dice.randint(0, 4)))),
        leave=frozenset(dice.sample(range(DAYS), 2)),
        pinned=((dice.randrange(DAYS), "E"),),
    )


def _demand(day: int, dice: random.Random) -> Demand:
    return Demand(
        day=day,
        shifts=frozenset("E"),
        shifts_before=frozenset("N") if dice.random() < 0.5 else frozenset(),
        skill=dice.choice(["", "other"]),
        at_least=2,
        at_most=3,
        under_weight=dice.choice([None, 50]),
        over_weight=1,
    )


def _request(dice: random.Random) -> Request:
    return Request(
        person=dice.choice(NAMES),
        day=dice.randrange(DAYS),
        shifts=frozenset(dice.choice("ELN")),
        is_on=dice.random() < 0.5,
        weight=dice.randint(1, 5),
    )


def _roster(dice: random.Random) -> Roster:
    return Roster(tuple(tuple(dice.choice(CELLS) for _ in range(DAYS)) for _ in NAMES))


@pytest.mark.parametrize("seed", range(5))
def test_judging_on_after_each_change_equals_judging_anew(seed: int) -> None:
    dice = _dice(seed)
    judge = Judge(_ward(dice))
    judged = judge.judge(_roster(dice))

    for _ in range(60):
        person, day = dice.randrange(len(NAMES)), dice.randrange(DAYS)
        judged = judged.with_cell(person, day, dice.choice(CELLS))
        anew = judge.judge(judged.roster)
        assert judged.verdict == anew.verdict
        assert (judged.rows, judged.days, judged.pairs) == (
            anew.rows,
            anew.days,
            anew.pairs,
        )


@pytest.mark.parametrize("seed", range(5))
def test_many_cells_changed_at_once_are_judged_as_one_after_the_other(
    seed: int,
) -> None:
    dice = _dice(seed)
    before = Judge(_ward(dice)).judge(_roster(dice))
    changes = [
        (dice.randrange(len(NAMES)), dice.randrange(DAYS), dice.choice(CELLS))
        for _ in range(20)
    ]

    at_once = before.with_cells(changes)

    one_by_one = before
    for change in changes:
        one_by_one = one_by_one.with_cell(*change)
    assert at_once == one_by_one
    assert at_once.verdict == one_by_one.verdict
    assert before.with_cells([]) == before


@pytest.mark.parametrize("seed", range(5))
def test_changing_a_cell_back_gives_the_first_verdict_again(seed: int) -> None:
    dice = _dice(seed)
    before = Judge(_ward(dice)).judge(_roster(dice))
    held = before.roster.rows[2][5]

    after = before.with_cell(2, 5, "N" if held != "N" else OFF)

    assert after.verdict != before.verdict
    assert after.with_cell(2, 5, held).verdict == before.verdict


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_people_means_nothing(seed: int) -> None:
    dice = _dice(seed)
    ward, filled = _ward(dice), _roster(dice)
    order = dice.sample(range(len(NAMES)), len(NAMES))

    shuffled = verify(
        replace(ward, people=tuple(ward.people[index] for index in order)),
        Roster(tuple(filled.rows[index] for index in order)),
    )

    verdict = verify(ward, filled)
    assert shuffled.objective == verdict.objective
    assert set(shuffled.hard) == set(verdict.hard)
    assert sorted(map(repr, shuffled.costs)) == sorted(map(repr, verdict.costs))


@pytest.mark.parametrize("seed", range(5))
def test_the_objective_is_the_offset_and_what_is_told(seed: int) -> None:
    dice = _dice(seed)

    verdict = verify(_ward(dice), _roster(dice))

    assert verdict.objective == 17 + sum(one.cost for one in verdict.costs)
    assert verdict.objective == 17 + sum(verdict.penalties.values())
    for told in (*verdict.hard, *verdict.costs):
        assert told.message
        assert told.days == tuple(sorted(set(told.days)))
        assert all(0 <= day < DAYS for day in told.days)


def test_weights_scale_the_costs() -> None:
    dice = _dice(1)
    ward, filled = _ward(dice), _roster(dice)
    doubled = tuple(replace(one, weight=2 * (one.weight or 0)) for one in ward.requests)

    before = verify(ward, filled).penalties
    after = verify(replace(ward, requests=doubled), filled).penalties

    assert after == {**before, "requests": 2 * before["requests"]}


@pytest.mark.parametrize(
    ("filled", "message"),
    [
        (roster("E--"), "The roster is not one of 6 people and 14 days."),
        (
            Roster(((OFF,) * DAYS,) * 5 + ((OFF,) * 13 + ("X",),)),
            "The roster names the unknown shift X.",
        ),
    ],
)
def test_a_roster_of_another_instance_is_refused(filled: Roster, message: str) -> None:
    ward = _ward(_dice(1))

    with pytest.raises(InstanceError) as refused:
        verify(ward, filled)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("person", "day", "shift"), [(6, 0, "E"), (-1, 0, "E"), (0, DAYS, "E"), (0, 0, "X")]
)
def test_a_change_outside_the_roster_is_refused(
    person: int, day: int, shift: str
) -> None:
    ward = _ward(_dice(1))
    judged = Judge(ward).judge(Roster.empty(ward))

    with pytest.raises(InstanceError):
        judged.with_cell(person, day, shift)


def test_the_judge_never_reads_the_search() -> None:
    folder = Path(scheduling.solver.verify.__file__).parent
    allowed = {"errors", "instance", "message", "roster", "rules", "verify"}

    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = node.module.split(".")
                if names[0] == "scheduling":
                    assert names[2] in allowed, (path.name, node.module)


def test_shifts_are_told_by_their_names() -> None:
    ward = Instance(
        name="ward",
        start=MONDAY,
        days=1,
        shift_types=(ShiftType(id="E", name="Early"), ShiftType(id="N", name="Night")),
        people=(Person(id="ann"),),
        demands=(Demand(day=0, shifts=frozenset("NE"), at_least=1, under_weight=1),),
    )

    (cost,) = verify(ward, Roster.empty(ward)).costs

    assert cost.message == "0 of at least 1 work Early, Night on 2026-03-02."
