"""What is seen at a glance, in words."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.explain import findings
from scheduling.solver.instance import HeldSkill, Instance, Person, ShiftType
from scheduling.solver.rules import Count, Demand, Pattern

EARLY = ShiftType(id="E", minutes=480)
NIGHT = ShiftType(id="N", minutes=600, skill="night")


def ward(person: Person, *demands: Demand, people: tuple[Person, ...] = ()) -> Instance:
    return Instance(
        name="ward",
        start=date(2026, 6, 1),
        days=7,
        shift_types=(EARLY, NIGHT),
        people=(person, *people),
        demands=demands,
    )


def told(instance: Instance) -> list[tuple[str, bool, str]]:
    return [
        (one.message.code, one.is_fatal, one.message.text) for one in findings(instance)
    ]


def test_a_ward_in_order_has_no_findings() -> None:
    need = Demand(day=0, shifts=frozenset("E"), at_least=1)

    assert told(ward(Person(id="ann"), need)) == []


@pytest.mark.parametrize(("weight", "is_fatal"), [(None, True), (100, False)])
def test_a_skill_that_nobody_holds(weight: int | None, *, is_fatal: bool) -> None:
    need = Demand(
        day=2, shifts=frozenset("N"), skill="night", at_least=2, under_weight=weight
    )

    codes = told(ward(Person(id="ann"), need))

    assert codes == [
        (
            "skill_not_held",
            is_fatal,
            "2 with night are needed on 2026-06-03, and nobody holds it that day.",
        )
    ]


def test_a_skill_that_has_run_out_counts_no_more() -> None:
    ann = Person(id="ann", skills=(HeldSkill(skill="night", until=1),))
    needs = (
        Demand(day=day, shifts=frozenset("N"), skill="night", at_least=1)
        for day in (1, 2)
    )

    found = findings(ward(ann, *needs))

    assert [one.days for one in found] == [(2,)]


def test_fewer_can_work_than_are_needed() -> None:
    away = Person(id="bob", leave=frozenset({0}))
    need = Demand(day=0, shifts=frozenset("E"), at_least=2)

    codes = told(ward(Person(id="ann"), need, people=(away,)))

    assert [code for code, *_ in codes] == ["too_few_able", "too_few_that_day"]
    assert codes[0][2] == "2 are needed for E on 2026-06-01; only 1 can work then."


def test_different_shifts_of_a_day_need_different_people() -> None:
    ann = Person(id="ann", skills=(HeldSkill(skill="night"),))
    needs = (Demand(day=0, shifts=frozenset(one), at_least=1) for one in "EN")

    assert told(ward(ann, *needs)) == [
        (
            "too_few_that_day",
            True,
            "2 are needed on 2026-06-01 over all shifts; only 1 can work then.",
        )
    ]


def test_everybody_on_leave() -> None:
    away = Person(id="ann", leave=frozenset({0}))

    codes = told(ward(away, Demand(day=0, shifts=frozenset("E"), at_least=1)))

    assert codes[-1] == (
        "all_on_leave",
        True,
        "Everybody is on leave on 2026-06-01, and 1 are needed.",
    )


def test_a_contract_above_what_leave_leaves() -> None:
    rule = Count(name="fewest hours", unit="minutes", at_least=3 * 480)
    ann = Person(id="ann", rules=(rule,), leave=frozenset({0, 1, 2, 3, 4}))

    assert told(ward(ann)) == [
        (
            "above_what_leave_leaves",
            True,
            (
                "fewest hours of ann asks for 24 h;"
                " leave and fixed days leave room for 16 h."
            ),
        )
    ]


def test_limits_that_contradict_each_other() -> None:
    rules = (
        Count(name="fewest hours", unit="minutes", at_least=1201),
        Count(name="most shifts", at_most=2),
    )
    skilled = Person(id="ann", rules=rules, skills=(HeldSkill(skill="night"),))

    assert told(ward(skilled)) == [
        (
            "limits_contradict",
            True,
            ("fewest hours of ann asks for 20.02 h; most shifts leaves room for 20 h."),
        )
    ]


def test_more_fixed_days_than_a_limit_allows() -> None:
    rule = Count(name="most early", shifts=frozenset("E"), at_most=1)
    ann = Person(id="ann", rules=(rule,), pinned=((0, "E"), (3, "E"), (5, "")))

    (found,) = findings(ward(ann))

    assert (found.message.code, found.days) == ("pins_above_limit", (0, 3))
    assert found.message.text == "2 shifts of ann are fixed; most early allows 1."


def test_fixed_days_that_may_not_follow_each_other() -> None:
    rule = Pattern(name="night before early", days=(frozenset("N"), frozenset("E")))
    ann = Person(
        id="ann",
        rules=(rule,),
        pinned=((2, "N"), (3, "E")),
        skills=(HeldSkill(skill="night"),),
    )

    (found,) = findings(ward(ann))

    assert (found.message.code, found.days, found.is_fatal) == (
        "pins_follow",
        (2, 3),
        True,
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"leave": frozenset({0})}, "pinned_on_leave"),
        ({"barred": frozenset("N")}, "pinned_barred"),
        ({}, "pinned_unskilled"),
    ],
)
def test_a_fixed_shift_against_a_fact_is_told_but_wins(
    facts: dict[str, frozenset[int]], code: str
) -> None:
    ann = replace(Person(id="ann", pinned=((0, "N"),)), **facts)

    assert [(one, fatal) for one, fatal, _ in told(ward(ann))] == [(code, False)]
