"""Single cells, judged by hand: leave, pins, bars, skills and wishes."""

from dataclasses import replace

import pytest

from scheduling.solver.instance import HeldSkill, Instance, Person
from scheduling.solver.rules import OFF, Request
from scheduling.solver.verify import verify
from tests.scheduling.solver.verify.wards import (
    MONDAY,
    SHIFTS,
    only_cost,
    only_violation,
    roster,
)


def _ward(person: Person, *requests: Request) -> Instance:
    skilled = replace(SHIFTS[2], skill="triage")
    return Instance(
        name="ward",
        start=MONDAY,
        days=3,
        shift_types=(*SHIFTS[:2], skilled),
        people=(person,),
        requests=requests,
    )


ANN = Person(
    id="ann",
    name="Ann",
    leave=frozenset({0}),
    pinned=((1, "L"), (2, OFF)),
    barred=frozenset("E"),
)
TRIAGE = Person(id="bob", skills=(HeldSkill(skill="triage", until=1),))


@pytest.mark.parametrize(
    ("person", "row", "rule", "day", "message"),
    [
        (ANN, "LL-", "leave", 0, "Ann is on leave on 2026-03-02 and works L."),
        (ANN, "-N-", "pinned", 1, "Ann has N on 2026-03-03, where L is fixed."),
        (ANN, "---", "pinned", 1, "Ann has - on 2026-03-03, where L is fixed."),
        (ANN, "-LN", "pinned", 2, "Ann has N on 2026-03-04, where - is fixed."),
        (
            replace(ANN, pinned=(), leave=frozenset()),
            "--E",
            "barred",
            2,
            "Ann never works E, but does on 2026-03-04.",
        ),
        (
            TRIAGE,
            "NNN",
            "skill",
            2,
            "bob works N on 2026-03-04 without holding triage that day.",
        ),
    ],
)
def test_a_cell_that_may_not_hold_its_shift(
    person: Person, row: str, rule: str, day: int, message: str
) -> None:
    violation = only_violation(verify(_ward(person), roster(row)))

    assert (violation.person, violation.rule) == (person.id, rule)
    assert violation.days == (day,)
    assert violation.message == message


def test_a_pin_decides_before_leave_and_bars() -> None:
    person = replace(ANN, leave=frozenset({1}), pinned=((1, "E"),))

    assert verify(_ward(person), roster("-E-")).is_legal


EARLY = Request(person="ann", day=1, shifts=frozenset("E"), is_on=True, weight=4)
NOT_LATE = Request(person="ann", day=1, shifts=frozenset("L"), is_on=False, weight=5)
DAY_OFF = Request(person="ann", day=1, shifts=frozenset("ELN"), is_on=False, weight=6)
DAY_ON = replace(DAY_OFF, is_on=True, weight=7)


@pytest.mark.parametrize(
    ("request_", "row", "cost", "message"),
    [
        (EARLY, "-L-", 4, "Ann asked for E on 2026-03-03 and did not get it."),
        (NOT_LATE, "-L-", 5, "Ann asked not to work L on 2026-03-03 and does."),
        (DAY_OFF, "-E-", 6, "Ann asked for 2026-03-03 off and works."),
        (DAY_ON, "---", 7, "Ann asked for E, L, N on 2026-03-03 and did not get it."),
    ],
)
def test_a_wish_not_granted_costs(
    request_: Request, row: str, cost: int, message: str
) -> None:
    ann = Person(id="ann", name="Ann")

    told = only_cost(verify(_ward(ann, request_), roster(row)))

    assert (told.person, told.rule, told.days) == ("ann", "requests", (1,))
    assert (told.tier, told.cost, told.message) == ("preference", cost, message)


def test_a_wish_granted_costs_nothing() -> None:
    ann = Person(id="ann")

    assert verify(_ward(ann, EARLY, NOT_LATE, DAY_ON), roster("-E-")).objective == 0
    assert verify(_ward(ann, DAY_OFF, NOT_LATE), roster("---")).objective == 0


def test_a_hard_wish_is_a_violation() -> None:
    ann = Person(id="ann")
    wish = replace(DAY_OFF, weight=None)

    assert only_violation(verify(_ward(ann, wish), roster("-E-"))).rule == "requests"
