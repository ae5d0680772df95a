"""Limits on hours, worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.laws import (
    PastWork,
    days_of_reference,
    law_profile,
    rules_for,
    under_law,
)
from scheduling.solver.rules import Count, Pattern
from scheduling.solver.verify import verify
from tests.scheduling.solver.laws.ward import NIGHT, row, shift, ward

EU = law_profile("eu-2003-88-ec")
CHINA = law_profile("china-labor-law")
A_WEEK, OVERTIME = "40 h a week", "36 h of overtime a month"
AVERAGE = "48 h a week on average"
FOUR_WEEKS = 4 * 48 * 60


def counts(rules, name: str) -> list[Count]:
    return [rule for rule in rules if isinstance(rule, Count) and rule.name == name]


def test_a_horizon_shorter_than_the_reference_period_keeps_the_average_itself() -> None:
    (rule,) = counts(rules_for(EU, ward(days=28)).personal["ann"], AVERAGE)

    assert (rule.at_most, rule.before, rule.unit) == (FOUR_WEEKS, 0, "minutes")


def test_leave_is_left_out_of_the_average() -> None:
    instance = ward(days=28, leave=frozenset(range(7)))

    (rule,) = counts(rules_for(EU, instance).personal["ann"], AVERAGE)

    assert rule.at_most == 3 * 48 * 60


def test_past_work_belongs_to_the_reference_period() -> None:
    past = {
        "ann": PastWork(
            minutes={-1: FOUR_WEEKS + 600} | dict.fromkeys(range(-28, -1), 0)
        )
    }

    (rule,) = counts(rules_for(EU, ward(days=28), past=past).personal["ann"], AVERAGE)

    assert (rule.at_most, rule.before) == (2 * FOUR_WEEKS, FOUR_WEEKS + 600)


def test_past_work_beyond_the_average_leaves_room_for_nothing_but_is_no_error() -> None:
    past = {"ann": PastWork(minutes={-7: 99_999})}

    (rule,) = counts(rules_for(EU, ward(days=28), past=past).personal["ann"], AVERAGE)

    assert rule.at_most == rule.before == 99_999


def test_the_reference_period_reaches_back_over_several_rosters_and_no_further() -> (
    None
):
    """17 weeks that end with the horizon hold 91 days of the past, of 112 known."""
    past = PastWork(minutes=dict.fromkeys(range(-112, 0), 100), night_minutes={-91: 60})
    personal = rules_for(EU, ward(days=28), past={"ann": past}).personal["ann"]

    (rule,) = counts(personal, AVERAGE)
    (nights,) = counts(personal, "8 h of night work a day on average")

    assert (rule.at_most, rule.before) == (17 * 48 * 60, 9_100)
    assert nights.before == 60


def test_a_long_horizon_has_periods_that_began_before_it() -> None:
    past = PastWork(minutes=dict.fromkeys(range(-10, 0), 100))

    rules = counts(
        rules_for(EU, ward(days=126), past={"ann": past}).personal["ann"], AVERAGE
    )

    assert [(rule.days[-1], rule.before) for rule in rules] == [
        (104, 1_000),
        (111, 700),
        (118, 0),
        (125, 0),
    ]
    assert rules[0].at_most == 48 * 60 * (105 + 10) // 7


def test_a_long_horizon_has_a_reference_period_a_week() -> None:
    rules = counts(rules_for(EU, ward(days=140)).personal["ann"], AVERAGE)

    assert [rule.days[0] for rule in rules] == [0, 7, 14, 21]
    assert {rule.at_most for rule in rules} == {17 * 48 * 60}


def test_a_night_of_nine_hours_counts_nine_in_the_average() -> None:
    instance = under_law(
        ward(start=date(2026, 10, 19), days=7, timezone="Europe/Berlin"), EU
    )

    def broken(cells: str) -> set[str]:
        return {one.rule for one in verify(instance, row(cells)).hard}

    assert AVERAGE not in broken("EEEEEE.")
    assert AVERAGE in broken("EEEEEN.")  # from Saturday to Sunday: 49 h in all


def test_a_strenuous_night_of_eight_hours_is_too_long_when_clocks_go_back() -> None:
    instance = ward(start=date(2026, 10, 23), days=4, timezone="Europe/Berlin")
    strict = under_law(instance, EU, asked=["8 h a strenuous night"])

    assert verify(instance, row(".N..")).hard == ()
    assert verify(strict, row("N.N.")).hard == ()
    assert [one.rule for one in verify(strict, row(".N..")).hard] == [
        "8 h a strenuous night"
    ]


def test_twelve_hours_are_too_long_in_china_but_not_in_europe() -> None:
    instance = ward(shifts=(shift("D", 7, 19),))

    china, europe = (
        {
            rule.name
            for rule in rules_for(law, instance).shared
            if isinstance(rule, Pattern) and len(rule.days) == 1
        }
        for law in (CHINA, EU)
    )

    assert china == {"11 h a day with overtime"}
    assert europe == set()


def test_a_month_in_china_holds_its_working_days_and_36_hours() -> None:
    """November 2026 has 21 Mondays to Fridays; one is a holiday, two are leave."""
    instance = ward(
        start=date(2026, 11, 1),
        days=30,
        holidays=frozenset({1}),
        leave=frozenset({8, 9}),
    )

    (rule,) = counts(
        rules_for(CHINA, instance).personal["ann"], "36 h of overtime a month"
    )

    assert rule.at_most == 18 * 8 * 60 + 36 * 60


def test_part_of_a_month_has_its_share_of_overtime() -> None:
    """15 of November's 30 days with 10 working days."""
    instance = ward(start=date(2026, 11, 1), days=15)

    (rule,) = counts(
        rules_for(CHINA, instance).personal["ann"], "36 h of overtime a month"
    )

    assert rule.at_most == 10 * 8 * 60 + 18 * 60


def test_parts_of_months_are_kept_together() -> None:
    """31 October and 1 November are a Saturday and a Sunday; October has 12 days here.

    Twelve of 31 days and one of 30: 36 h times 0.4204 are 908 minutes, and 20 to 30
    October holds nine working days.
    """
    instance = ward(start=date(2026, 10, 20), days=13)

    (rule,) = counts(
        rules_for(CHINA, instance).personal["ann"], "36 h of overtime a month"
    )

    assert (rule.days, rule.at_most) == (tuple(range(13)), 9 * 8 * 60 + 908)


def test_a_whole_month_is_kept_besides() -> None:
    instance = ward(start=date(2026, 11, 1), days=31)

    rules = counts(
        rules_for(CHINA, instance).personal["ann"], "36 h of overtime a month"
    )

    assert [rule.days for rule in rules] == [tuple(range(30)), tuple(range(31))]


def test_long_shifts_are_overtime_whatever_the_month_holds() -> None:
    """Of 11 hours three are overtime: 36 hours hold twelve such shifts."""
    instance = ward(start=date(2026, 11, 1), days=30, shifts=(shift("D", 8, 19),))

    rules = counts(
        rules_for(CHINA, instance).personal["ann"], "36 h of overtime a month"
    )

    assert [rule.at_most for rule in rules if rule.beyond == 480] == [12 * 3 * 60]


def test_an_hour_beyond_forty_a_week_costs() -> None:
    instance = ward(days=9, start=date(2026, 6, 6))

    (rule,) = counts(rules_for(CHINA, instance).shared, "40 h a week")

    assert (rule.days, rule.at_most, rule.weight) == (tuple(range(2, 9)), 2400, 1)


def test_hours_beyond_eight_a_day_cost_and_are_told() -> None:
    shifts = (shift("E", 7, 15), shift("D", 8, 18), shift("T", 8, 19))
    instance = under_law(ward(shifts=shifts), CHINA)

    verdict = verify(instance, row("EDT...."))

    assert verdict.hard == ()
    assert verdict.penalties == {"8 h a day": 60 * (2 + 3)}
    (cost,) = verdict.costs
    assert cost.days == (1, 2)
    assert cost.message == (
        "ann works 5 of at most 0 h beyond 8 h a shift from 2026-06-01 to 2026-06-07."
    )
    assert counts(rules_for(CHINA, ward()).shared, "8 h a day") == []


def test_overtime_of_a_month_is_that_of_each_shift() -> None:
    """36 h hold eight shifts of 11 h and twelve of 9 h, and not one of 9 h more."""
    shifts = (shift("S", 8, 17), shift("T", 8, 19))
    instance = under_law(ward(start=date(2026, 11, 1), days=30, shifts=shifts), CHINA)

    def broken(cells: str) -> set[str]:
        return {one.rule for one in verify(instance, row(cells)).hard}

    weeks = ".TTTT.." + ".TTTT.." + "SSSSSS." + "SSSSSS."

    assert broken(weeks + "..") == set()
    assert broken(weeks + "S.") == {"36 h of overtime a month"}


def test_shifts_without_times_are_told() -> None:
    untimed = replace(NIGHT, start_minute=None, end_minute=None)

    law = rules_for(EU, ward(shifts=(untimed,)))

    assert law.unjudged == ("N",)


def test_the_week_in_which_a_roster_begins_counts_what_was_worked_in_it() -> None:
    """From a Wednesday on: ten hours on Monday, leave on Tuesday."""
    wednesday = ward(start=date(2026, 6, 3), days=14)
    past = {"ann": PastWork(minutes={-2: 600, -3: 480})}

    (rule,) = counts(rules_for(CHINA, wednesday, past=past).personal["ann"], A_WEEK)

    assert (rule.days, rule.before, rule.at_most) == ((0, 1, 2, 3, 4), 600, 2_400)
    monday = rules_for(CHINA, ward(days=14), past=past).personal["ann"]
    assert counts(monday, A_WEEK) == []


def test_two_rosters_share_the_overtime_of_a_month() -> None:
    """June 2026 has 22 Mondays to Fridays, 10 of them before the 15th."""
    middle = ward(start=date(2026, 6, 15), days=28)
    past = {"ann": PastWork(minutes=dict.fromkeys(range(-14, 0), 480))}

    rules = counts(rules_for(CHINA, middle, past=past).personal["ann"], OVERTIME)

    (month,) = (rule for rule in rules if rule.before)
    assert month.days == tuple(range(16))
    assert month.before == 14 * 480
    assert month.at_most == 22 * 480 + 36 * 60
    assert len(rules) == 1 + len(
        counts(rules_for(CHINA, middle).personal["ann"], OVERTIME)
    )


def test_of_a_month_that_goes_on_behind_the_roster_the_share_alone_is_kept() -> None:
    short = ward(start=date(2026, 6, 15), days=7)
    past = {"ann": PastWork(minutes=dict.fromkeys(range(-14, 0), 480))}

    rules = counts(rules_for(CHINA, short, past=past).personal["ann"], OVERTIME)

    assert [rule.before for rule in rules] == [0]


@pytest.mark.parametrize(
    ("law", "days"),
    [("china-labor-law", 31), ("eu-2003-88-ec", 119), ("own-rules", 0)],
)
def test_so_many_days_before_a_roster_concern_a_law(law: str, days: int) -> None:
    assert days_of_reference(law_profile(law)) == days
