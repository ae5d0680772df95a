"""What no problem may be, however it was read."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scheduling.solver.errors import InstanceError
from scheduling.solver.instance import Contract, Instance, Person, ShiftType
from scheduling.solver.rules import OFF, Count, Demand, Mix, Weekends

WARD = Instance(
    name="ward",
    start=date(2026, 3, 2),
    days=7,
    shift_types=(ShiftType(id="E"),),
    people=(Person(id="ann"), Person(id="bob")),
)
RULE = Count(name="most", at_most=3)


@pytest.mark.parametrize(
    "timezone", ["Mars/Base", "Europe", "../x", "/etc/passwd", "x" * 65, "\ud800"]
)
def test_an_unknown_time_zone_is_refused(timezone: str) -> None:
    with pytest.raises(InstanceError, match=r"The time zone .* is not known"):
        replace(WARD, timezone=timezone)


@pytest.mark.parametrize("timezone", ["", "UTC", "Asia/Shanghai", "Europe/Berlin"])
def test_a_known_time_zone_is_kept(timezone: str) -> None:
    assert replace(WARD, timezone=timezone).timezone == timezone


@pytest.mark.parametrize("start", [date.min, date(9000, 12, 30), date.max])
def test_a_horizon_outside_the_calendar_is_refused(start: date) -> None:
    with pytest.raises(InstanceError, match=f"The start {start} lies outside"):
        replace(WARD, start=start)


def test_the_last_horizon_ends_in_the_calendar() -> None:
    last = replace(WARD, start=date(9000, 12, 31) - timedelta(days=7))

    assert last.date_of(7) == date(9000, 12, 31)


@pytest.mark.parametrize("weekdays", [(), (5, 7), (-1,), (5, 5)])
def test_a_weekend_has_each_of_its_weekdays_once(weekdays: tuple[int, ...]) -> None:
    with pytest.raises(InstanceError, match="a weekend has weekdays of 0 to 6"):
        Weekends(name="free", weekdays=weekdays)


@pytest.mark.parametrize("share", [{"of": 0}, {"per": 0}, {"per": -2}])
def test_a_mix_counts_people(share: dict[str, int]) -> None:
    with pytest.raises(InstanceError, match=r"mix: .* cannot be"):
        Mix(name="mix", day=0, shifts=frozenset(), skill="a", other="b", **share)


@pytest.mark.parametrize(
    "shifts",
    [
        {"shifts": frozenset()},
        {"shifts": frozenset({OFF})},
        {"shifts": frozenset("E"), "shifts_before": frozenset({OFF})},
    ],
)
def test_a_demand_names_shifts_that_serve_it(shifts: dict[str, Any]) -> None:
    with pytest.raises(InstanceError, match="demand of day 0: it needs shifts"):
        Demand(day=0, **shifts)


def test_a_demand_may_be_served_from_the_day_before_alone() -> None:
    demand = Demand(day=0, shifts=frozenset(), shifts_before=frozenset("E"))

    assert replace(WARD, demands=(demand,)).demands == (demand,)


def test_the_rules_of_all_people_are_limited_together() -> None:
    half = Contract(id="half", rules=(RULE,) * 100_000)
    people = tuple(Person(id=name, contracts=("half",)) for name in ("ann", "bob"))
    full = replace(WARD, contracts=(half,), people=people)

    with pytest.raises(InstanceError, match="200001 rules of people: at most 200000"):
        replace(full, people=(replace(people[0], rules=(RULE,)), people[1]))

    assert len(full.people) == 2


def test_rules_that_bind_nobody_are_limited_too() -> None:
    with pytest.raises(InstanceError, match="200001 rules of people: at most 200000"):
        replace(WARD, contracts=(Contract(id="all", rules=(RULE,) * 200_001),))


def test_a_contract_binds_a_person_once() -> None:
    twice = Person(id="ann", contracts=("all", "all"))

    with pytest.raises(
        InstanceError, match="contract of person ann all is there twice"
    ):
        replace(WARD, contracts=(Contract(id="all"),), people=(twice,))
