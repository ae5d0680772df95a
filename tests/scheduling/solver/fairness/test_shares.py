"""Who bore what, and what is fair next; worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.fairness import (
    Burden,
    FairnessError,
    burdens,
    fair_targets,
    fairness_report,
    with_fair_shares,
)
from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Demand, Weekends
from scheduling.solver.verify import verify

SHIFTS = (ShiftType(id="D", minutes=480), ShiftType(id="N", minutes=480, is_night=True))


def ward(
    *people: Person, days: int = 14, holidays: frozenset[int] = frozenset()
) -> Instance:
    """Return a ward that needs one night nurse each day, and one by day at weekends."""
    nights = (Demand(day=d, shifts=frozenset("N"), at_least=1) for d in range(days))
    weekends = (
        Demand(day=d, shifts=frozenset("D"), at_least=1)
        for d in range(days)
        if d % 7 > 4
    )
    return Instance(
        name="ward",
        start=date(2026, 6, 1),
        days=days,
        shift_types=SHIFTS,
        people=people,
        demands=(*nights, *weekends),
        holidays=holidays,
    )


def roster(*rows: str) -> Roster:
    return Roster(
        tuple(tuple(OFF if cell == "." else cell for cell in row) for row in rows)
    )


def past(person: str, count: int, share: float = 1.0) -> Burden:
    return Burden(person=person, kind="nights", count=count, share=share)


def nights(targets: dict[tuple[str, str], float]) -> dict[str, float]:
    return {
        person: round(target, 6)
        for (person, kind), target in targets.items()
        if kind == "nights"
    }


def test_a_roster_is_counted_for_the_ledger() -> None:
    instance = ward(
        Person(id="ann", fte=0.5),
        Person(id="bob", leave=frozenset({0, 1, 2, 3, 4, 5, 6})),
        holidays=frozenset({3}),
    )

    ledger = burdens(
        instance, roster("NN.D.DN.......", ".........DDD.D"), unpopular="D"
    )

    assert [(one.person, one.kind, one.count, one.share) for one in ledger] == [
        ("ann", "nights", 3, 0.5),
        ("ann", "weekends", 1, 0.5),
        ("ann", "holidays", 1, 0.5),
        ("ann", "unpopular", 2, 0.5),
        ("bob", "nights", 0, 0.5),
        ("bob", "weekends", 1, 0.5),
        ("bob", "holidays", 0, 0.5),
        ("bob", "unpopular", 4, 0.5),
    ]


def test_less_than_no_post_bears_nothing() -> None:
    ledger = burdens(ward(Person(id="ann", fte=-1)), roster("N............."))

    assert {one.share for one in ledger} == {0}


def test_a_holiday_outside_the_horizon_is_nobodys() -> None:
    instance = ward(Person(id="ann"), holidays=frozenset({-1, 13, 14}))

    ledger = burdens(instance, roster("............DD"))

    assert [one.count for one in ledger if one.kind == "holidays"] == [1]


def test_equal_posts_share_equally() -> None:
    targets = fair_targets(ward(Person(id="ann"), Person(id="bob")), ())

    assert nights(targets) == {"ann": 7, "bob": 7}
    assert targets["ann", "weekends"] == pytest.approx(2)  # two weekends of two people


def test_half_a_post_bears_half() -> None:
    people = (Person(id="ann"), Person(id="bob", fte=0.5), Person(id="cat", fte=0.5))

    assert nights(fair_targets(ward(*people), ())) == {"ann": 7, "bob": 3.5, "cat": 3.5}


def test_whoever_bore_more_bears_less_now() -> None:
    """22 nights past and future over four post-periods: 5.5 each, and ann has had 6."""
    people = (Person(id="ann"), Person(id="bob"))

    targets = fair_targets(ward(*people), (past("ann", 6), past("bob", 2)))

    assert nights(targets) == {"ann": 5, "bob": 9}


def test_nobody_owes_less_than_nothing() -> None:
    people = (Person(id="ann"), Person(id="bob"), Person(id="cat"))
    ledger = (past("ann", 40), past("bob", 2), past("cat", 2))

    assert nights(fair_targets(ward(*people), ledger)) == {"ann": 0, "bob": 7, "cat": 7}


def test_people_who_work_no_nights_have_no_share_of_them() -> None:
    people = (Person(id="ann"), Person(id="bob", barred=frozenset("N")))

    targets = fair_targets(ward(*people), ())

    assert nights(targets) == {"ann": 14}
    assert ("bob", "weekends") in targets


def test_a_share_ends_where_leave_leaves_no_room() -> None:
    away = Person(id="ann", leave=frozenset(range(11)))

    targets = nights(fair_targets(ward(away, Person(id="bob", fte=0.1)), ()))

    assert targets == {"ann": 3, "bob": 11}


def test_a_skilled_demand_is_part_of_the_whole() -> None:
    instance = ward(Person(id="ann"))
    lead = replace(instance.demands[0], skill="lead")
    double = replace(instance, demands=(*instance.demands, lead))

    assert nights(fair_targets(double, ())) == {"ann": 14}


def test_straying_from_a_fair_share_costs() -> None:
    people = (Person(id="ann"), Person(id="bob"))
    instance = ward(*people)
    fair = with_fair_shares(instance, {("ann", "nights"): 3.5}, weights={"nights": 7})

    (rule,) = fair.people[0].rules
    costs = [
        one
        for one in verify(fair, roster("NNNNNN........", "." * 14)).costs
        if one.tier == "fairness"
    ]

    assert isinstance(rule, Count)
    assert (rule.at_least, rule.at_most, rule.tier) == (3, 4, "fairness")
    assert [(one.person, one.rule, one.cost) for one in costs] == [
        ("ann", "fair nights", 14)
    ]


def test_each_kind_becomes_its_own_rule() -> None:
    instance = ward(Person(id="ann"), holidays=frozenset({3, 9}))
    targets = fair_targets(instance, (), unpopular="D")

    rules = {
        one.name: one
        for one in with_fair_shares(instance, targets, unpopular="D").people[0].rules
    }

    assert set(rules) == {
        f"fair {kind}" for kind in ("nights", "weekends", "holidays", "unpopular")
    }
    assert isinstance(rules["fair weekends"], Weekends)
    assert rules["fair holidays"].days == (3, 9)
    assert rules["fair unpopular"].shifts == frozenset("D")


def test_the_report_tells_share_target_and_deviation() -> None:
    report = fairness_report((past("ann", 9), past("bob", 1, 0.5), past("bob", 2, 0.5)))

    assert [
        (one.person, one.count, one.target, one.deviation, one.per_post)
        for one in report
    ] == [("ann", 9, 6.0, 3.0, 9.0), ("bob", 3, 6.0, -3.0, 3.0)]


def test_a_share_for_a_stranger_is_refused() -> None:
    with pytest.raises(FairnessError, match="unknown person dan"):
        with_fair_shares(ward(Person(id="ann")), {("dan", "nights"): 1.0})


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(FairnessError, match="-1 nights"):
        past("ann", -1)
