"""What is written of a ward is read again as the same ward; periods follow each other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduling.demo.ward import ward as demo_ward
from scheduling.importing import (
    Flaws,
    Tongue,
    example_tables,
    next_period,
    read_ward,
    ward_tables,
)
from scheduling.importing.problem import CONTRACT_HOURS
from scheduling.solver.instance import Contract, HeldSkill, Instance
from scheduling.solver.laws import law_profile
from scheduling.solver.rules import Count, Weekends
from tests.scheduling.importing.wards import PERIOD

LAW = replace(PERIOD, law=law_profile("eu-2003-88-ec"), timezone="Europe/Berlin")
TONGUES = [Tongue(), Tongue(is_chinese=True)]


def example() -> Instance:
    tables = example_tables(LAW.start, tongue=TONGUES[0])
    instance = read_ward(tables, LAW, Flaws()).instance
    assert instance is not None
    return instance


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_template_has_no_flaw_and_comes_back_as_it_is(tongue: Tongue) -> None:
    flaws = Flaws()
    made = read_ward(example_tables(LAW.start, tongue=tongue), LAW, flaws).instance
    assert made is not None

    again = read_ward(ward_tables(made, accounts={}, tongue=tongue), LAW, flaws)

    assert list(flaws) == []
    assert again.instance == made


@pytest.mark.parametrize("tongue", TONGUES)
def test_on_call_duty_comes_back_as_it_is(tongue: Tongue) -> None:
    made = example()
    duty = tuple(
        replace(one, on_call=where)
        for one, where in zip(made.shift_types, ("", "site", "home"), strict=True)
    )
    tables = ward_tables(replace(made, shift_types=duty), accounts={}, tongue=tongue)

    again = read_ward(tables, LAW, Flaws()).ward

    assert again.shifts == duty


@pytest.mark.parametrize("tongue", TONGUES)
def test_times_of_day_come_back_as_they_are(tongue: Tongue) -> None:
    demand = [
        ["Date", "Weekday", "Shift", "Times", "Skill", "Least", "Most"],
        ["", "every day", "", "06:00-15:00", "", 2, 6],
        ["", "Sat", "", "22:00-08:00", "senior", 1, ""],
        ["2026-06-10", "", "", "06:00-15:00", "", 3, 6],
        ["", "every day", "N", "", "", 1, ""],
    ]
    tables = example_tables(LAW.start, tongue=TONGUES[0])
    given = [
        replace(one, rows=demand) if one.title == "Demand" else one for one in tables
    ]
    made = read_ward(given, LAW, Flaws()).instance
    assert made is not None

    again = read_ward(ward_tables(made, accounts={}, tongue=tongue), LAW, Flaws())

    assert again.instance is not None
    assert again.flaws.errors == 0
    assert sorted(map(str, again.instance.demands)) == sorted(map(str, made.demands))


def test_limits_of_ones_own_kind_stay_behind() -> None:
    made = example()
    (full, *others) = made.contracts
    kept = next(rule for rule in full.rules if isinstance(rule, Count))
    other = (
        replace(kept, weight=5),
        replace(kept, shifts=frozenset({"N"})),
        replace(kept, step=7),
    )
    full = replace(full, rules=(*full.rules, *other))
    changed = replace(made, contracts=(full, *others))

    again = read_ward(
        ward_tables(changed, accounts={}, tongue=TONGUES[0]), LAW, Flaws()
    )

    assert again.instance == made


def test_a_ward_from_elsewhere_keeps_people_shifts_and_demand() -> None:
    made = demo_ward(PERIOD.start, name=PERIOD.name, timezone="")
    tables = ward_tables(made, accounts={"P01": "nurse"}, tongue=TONGUES[0])

    reading = read_ward(tables, replace(PERIOD, accounts={"nurse": "1"}), Flaws())

    again = reading.instance
    assert again is not None
    assert reading.ward.staff[0].account == "1"
    assert again.shift_types == made.shift_types
    for one in ("id", "name", "leave", "barred", "skills", "fte"):
        assert [getattr(person, one) for person in again.people] == [
            getattr(person, one) for person in made.people
        ]
    needs = [(d.day, d.shifts, d.skill, d.at_least) for d in made.demands]
    assert sorted(map(str, needs)) == sorted(
        str((d.day, d.shifts, d.skill, d.at_least)) for d in again.demands
    )


def test_the_next_period_has_the_last_one_as_its_past() -> None:
    made = example()
    cells = {("N001", 26): "N", ("N001", 27): "N", ("N002", 3): "E"}

    after = next_period(made, cells, name="July", days=28, law=LAW.law)

    first, second = after.people[:2]
    assert after.start == date(2026, 6, 29)
    assert first.history[-3:] == ("", "N", "N")
    assert second.history[3] == "E"
    assert (first.leave, after.requests, after.holidays) == (
        frozenset(),
        (),
        frozenset(),
    )
    assert first.contracts[:2] == ("full", "law:eu-2003-88-ec")
    assert [held.until for held in first.skills] == [None, 400 - 28, None]
    (hours,) = after.people[2].rules  # who was on leave for a week
    assert isinstance(hours, Count)
    assert (hours.name, hours.before) == (CONTRACT_HOURS, 0)


def test_demand_follows_the_weekdays_and_leaves_single_dates_behind() -> None:
    made = example()

    after = next_period(made, {}, name="July", days=14)

    early = [d.at_least for d in after.demands if d.shifts == {"E"} and not d.skill]
    assert early == [3, 3, 3, 3, 3, 2, 2] * 2
    assert all(one.history == () for one in after.people)


def test_holidays_do_not_tell_what_a_weekday_needs() -> None:
    made = example()
    wednesdays = frozenset({2, 9, 16})
    fewer = tuple(
        replace(d, at_least=0) if d.day in wednesdays and d.shifts == {"E"} else d
        for d in made.demands
    )
    made = replace(made, demands=fewer, holidays=wednesdays)

    after = next_period(made, {}, name="July", days=7)

    wednesday = [d.at_least for d in after.demands if d.day == 2 and d.shifts == {"E"}]
    assert wednesday == [3, 1]


def test_weekends_in_a_row_go_on_counting() -> None:
    made = example()
    rule = Weekends(name="in a row", measure="run", at_most=2, weight=10)
    made = replace(made, contracts=(*made.contracts, Contract(id="w", rules=(rule,))))
    people = (replace(made.people[0], contracts=("w",)), *made.people[1:])
    made = replace(made, people=people)
    cells = {("N001", 12): "E", ("N001", 20): "E", ("N001", 26): "E"}

    after = next_period(made, cells, name="July", days=28)

    own = [one for one in after.people[0].rules if isinstance(one, Weekends)]
    assert [one.before for one in own] == [3]
    assert after.contract_by_id["w"].rules == ()


def test_a_licence_that_ended_is_not_taken_along() -> None:
    made = example()
    held = (HeldSkill(skill="senior", until=27),)
    made = replace(
        made, people=(replace(made.people[0], skills=held), *made.people[1:])
    )

    after = next_period(made, {}, name="July", days=28)

    assert after.people[0].skills == ()


def test_a_longer_period_asks_for_more_hours() -> None:
    after = next_period(example(), {}, name="July", days=56)

    (hours,) = after.people[0].rules
    assert isinstance(hours, Count)
    assert (hours.at_least, hours.at_most) == (8 * 2400 - 240, 8 * 2400 + 240)
    assert after.date_of(0) == LAW.start + timedelta(days=28)
