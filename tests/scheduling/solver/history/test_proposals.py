"""What past rosters suggest, worked by hand."""

from datetime import date, timedelta

import pytest

from scheduling.solver.history import (
    PastCell,
    absence_rates,
    demands_of,
    swapped_away,
    usual_cover,
)
from scheduling.solver.history.proposals import interval, season_of
from scheduling.solver.instance import Instance, Person, ShiftType

MONDAY = date(2026, 1, 5)
WEEK = timedelta(days=7)


def cell(
    on: date,
    person: str,
    worked: str,
    *,
    planned: str | None = None,
    absence: str = "",
    group: str = "",
) -> PastCell:
    return PastCell(
        on=on,
        person=person,
        planned=worked if planned is None else planned,
        worked=worked,
        absence=absence,
        group=group,
    )


def mondays(*counts: int) -> list[PastCell]:
    """Return so many people in an early shift on each Monday, one more being free."""
    cells = []
    for week, count in enumerate(counts):
        on = MONDAY + week * WEEK
        cells += [cell(on, f"p{number}", "E") for number in range(count)]
        cells.append(cell(on, "spare", ""))
    return cells


def test_usual_cover_is_the_median_with_its_spread() -> None:
    (usual,) = usual_cover(mondays(2, 3, 3, 4, 9))

    assert (usual.shift, usual.weekday, usual.usual) == ("E", 0, 3)
    assert (usual.low, usual.high, usual.days) == (3, 4, 5)
    assert (usual.first, usual.last) == (MONDAY, MONDAY + 4 * WEEK)
    assert usual.message().text == (
        "3 usually work E on weekday 0: the middle half of 5 days from 2026-01-05 to"
        " 2026-02-02 had 3 to 4."
    )


def test_days_on_which_nobody_worked_count_too() -> None:
    (usual,) = usual_cover(mondays(0, 0, 1, 1))

    assert (usual.usual, usual.low, usual.high) == (1, 0, 1)


def test_a_few_days_make_nothing_usual() -> None:
    assert usual_cover(mondays(3, 3, 3)) == ()


def test_absences_are_told_by_group_and_season() -> None:
    cells = [
        cell(
            MONDAY + number * timedelta(days=1),
            "ann",
            "" if number < 5 else "E",
            planned="E",
            absence=("sick" if number else "child") if number < 5 else "",
            group="nurses",
        )
        for number in range(25)
    ]
    summer = [
        cell(date(2026, 7, 1), f"p{one}", "E", group="nurses") for one in range(20)
    ]
    few = [cell(MONDAY, f"d{one}", "E", group="doctors") for one in range(19)]

    winter, warm = absence_rates([*cells, *summer, *few])

    assert (winter.group, winter.season) == ("nurses", "winter")
    assert (winter.rate, winter.absent, winter.planned) == (0.2, 5, 25)
    assert winter.reasons == (("sick", 4), ("child", 1))
    # Wilson, 5 of 25: (0.2 + 1.92/25 +- 1.96 sqrt(0.16/25 + 0.96/625)) / (1 + 3.84/25)
    assert (winter.low, winter.high) == pytest.approx((0.0886, 0.3913), abs=1e-4)
    assert (warm.season, warm.rate) == ("summer", 0.0)
    assert winter.message().text == (
        "nurses missed 20 % of planned shifts in winter (5 of 25; 95 % interval 9 to"
        " 39 %)."
    )


def test_a_shift_given_away_more_than_others_is_named() -> None:
    friday = MONDAY + timedelta(days=4)
    nights = [
        cell(friday + week * WEEK, "ann", "E" if week < 12 else "N", planned="N")
        for week in range(20)
    ]
    earlies = [cell(MONDAY + week * WEEK, "bob", "E") for week in range(60)]
    ill = [cell(friday, f"p{one}", "", planned="N", absence="sick") for one in range(9)]

    (swapped,) = swapped_away([*nights, *earlies, *ill])

    assert (swapped.shift, swapped.weekday) == ("N", 4)
    assert (swapped.swapped, swapped.planned, swapped.rate) == (12, 20, 0.6)
    assert swapped.average == 12 / 80
    assert swapped.low > swapped.average
    assert swapped.instead == (("E", 12),)
    assert swapped.message().text == (
        "60 % of planned N on weekday 4 were given away (12 of 20; all shifts 15 %)."
    )


def test_an_empty_history_suggests_nothing() -> None:
    assert (usual_cover(()), absence_rates(()), swapped_away(())) == ((), (), ())


def test_accepted_cover_becomes_elastic_demand() -> None:
    instance = Instance(
        name="ward",
        start=date(2026, 6, 3),  # a Wednesday
        days=7,
        shift_types=(ShiftType(id="E", minutes=480),),
        people=(Person(id="ann"),),
    )

    (demand,) = demands_of(usual_cover(mondays(2, 2, 2, 2)), instance, under_weight=100)

    assert (demand.day, demand.at_least, demand.at_most) == (5, 2, 2)
    assert (demand.under_weight, demand.over_weight) == (100, 0)


@pytest.mark.parametrize(
    ("month", "season"), [(12, "winter"), (2, "winter"), (3, "spring"), (11, "autumn")]
)
def test_december_begins_winter(month: int, season: str) -> None:
    assert season_of(date(2026, month, 1)) == season


def test_a_share_of_nothing_may_be_anything() -> None:
    assert interval(0, 0) == (0.0, 1.0)
