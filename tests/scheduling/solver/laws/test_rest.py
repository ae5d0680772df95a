"""Rest between shifts and in each week, judged by the verifier."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.instance import Instance
from scheduling.solver.laws import law_profile, rules_for, under_law
from scheduling.solver.laws.clauses import WeeklyRest
from scheduling.solver.laws.rest import weekly_rest
from scheduling.solver.rules import Pattern
from scheduling.solver.verify import verify
from tests.scheduling.solver.laws.ward import row, shift, ward

EU = law_profile("eu-2003-88-ec")
CHINA = law_profile("china-labor-law")


def broken(instance, cells: str) -> list[tuple[str, tuple[int, ...]]]:
    verdict = verify(instance, row(cells))
    return [(one.rule, one.days) for one in verdict.hard]


def test_eleven_hours_become_the_pairs_that_lie_too_near() -> None:
    pairs = {
        rule.days
        for rule in rules_for(EU, ward()).shared
        if isinstance(rule, Pattern) and rule.name == "11 h daily rest"
    }

    # L ends at 22 (9 h to E at 7); N ends at 6 (1 h to E, 8 h to L, 16 h to N).
    assert pairs == {
        (frozenset("L"), frozenset("E")),
        (frozenset("N"), frozenset("EL")),
    }


def test_china_has_no_eleven_hours() -> None:
    instance = under_law(ward(), CHINA)

    assert broken(instance, "LE.....") == []


def test_a_rest_that_the_clocks_shorten_is_refused_on_that_night_alone() -> None:
    """From 21 to 8 are 11 hours, but 10 when clocks go forward."""
    shifts = (shift("D", 8, 16), shift("S", 13, 21))
    start = date(2026, 3, 26)  # a Thursday: Saturday's night is that of day 2
    instance = under_law(
        ward(start=start, days=6, shifts=shifts, timezone="Europe/Berlin"), EU
    )

    assert broken(instance, "SD.SD.") == []
    assert broken(instance, "..SD..") == [("11 h daily rest", (2, 3))]


def test_a_rest_that_the_clocks_lengthen_is_legal_on_that_night_alone() -> None:
    """From 22 to 8 are 10 hours, but 11 when clocks go back."""
    shifts = (shift("D", 8, 16), shift("S", 14, 22))
    start = date(2026, 10, 22)
    instance = under_law(
        ward(start=start, days=6, shifts=shifts, timezone="Europe/Berlin"), EU
    )

    assert broken(instance, "..SD..") == []
    assert broken(instance, "SD....") == [("11 h daily rest", (0, 1))]


def test_rest_after_a_day_long_shift_reaches_two_days_on() -> None:
    """From 22 on the next day to 8 on the one after are 10 hours, to 12 they are 14."""
    shifts = (shift("T", 12, 46), shift("D", 8, 16))
    instance = under_law(ward(shifts=shifts), EU)

    assert ("11 h daily rest", (0, 1, 2)) in broken(instance, "T.D....")
    assert ("11 h daily rest", (0, 1, 2)) not in broken(instance, "T.T....")


@pytest.mark.parametrize(
    ("cells", "is_legal"),
    [
        ("EEEEEEE", False),  # no free day at all
        ("EEEEEE.", True),
        ("LLL.EEE", False),  # 22 on Wednesday to 7 on Friday: 33 h
        ("LLL.LLL", True),  # 40 h
        ("NNN.LLL", False),  # 6 on Thursday to 14 on Friday: 32 h
        ("NNN.NNN", True),  # 40 h
        ("LL..EEE", True),
        ("LL.EEE.", True),  # the first is too short, the second is not
        ("LL.EL.E", False),  # both are too short
        ("L.EL.EE", False),
        ("L.EE.EE", True),  # 15 to 7 two days on: 40 h
    ],
)
def test_a_week_needs_one_rest_of_35_hours(cells: str, *, is_legal: bool) -> None:
    clause = WeeklyRest(name="weekly", hours=35)
    plain = ward()
    rules = weekly_rest(clause, plain)

    found = [
        rule
        for rule in rules
        if isinstance(rule, Pattern)
        and len(rule.days) == 7
        and all(
            ("" if cell == "." else cell) in wanted
            for cell, wanted in zip(cells, rule.days, strict=True)
        )
    ]

    assert (not found) is is_legal


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        ("L.EEEEEEE", (tuple(range(8)),)),
        ("E.EEEEEEE", ()),
        ("EEEEELL.E", (tuple(range(1, 9)),)),
        ("EEEEELL.L", ()),
    ],
)
def test_the_days_around_a_week_decide_over_free_days_at_its_edges(
    cells: str, days: tuple[tuple[int, ...], ...]
) -> None:
    """Day 0 is the Sunday before, day 8 the Monday after."""
    instance = under_law(ward(start=date(2026, 6, 7), days=9), EU)

    found = [
        where for rule, where in broken(instance, cells) if rule == "35 h weekly rest"
    ]

    assert tuple(found) == days


def test_any_free_day_is_a_rest_day_in_china() -> None:
    instance = under_law(ward(days=14), CHINA)

    days = [days for rule, days in broken(instance, "LLL.EEEEEEEEEE")]

    assert tuple(range(7, 14)) in days
    assert tuple(range(7)) not in days


def test_many_shift_times_do_not_make_patterns_without_end() -> None:
    shifts = tuple(shift(f"S{hour}", hour, hour + 8) for hour in range(16))

    rules = weekly_rest(WeeklyRest(name="weekly", hours=35), ward(shifts=shifts))

    assert 0 < len(rules) <= 300


WEDNESDAY = date(2026, 6, 3)


def seam(history: str) -> Instance:
    """Return ten days from a Wednesday on, after these."""
    instance = ward(start=WEDNESDAY, days=10)
    (ann,) = instance.people
    (before,) = row(history).rows
    return replace(instance, people=(replace(ann, history=before),))


@pytest.mark.parametrize(
    ("history", "cells", "days"),
    [
        ("EE", "EEEEE.....", [(0, 1, 2, 3, 4)]),
        ("EE", "EEEE.EEEEE", []),
        (".E", "EEEEE.....", []),
        ("E.", "EEEEE.....", []),
        ("", "EEEEE.....", []),  # of what was before nothing is known
    ],
)
def test_the_week_in_which_a_roster_begins_has_its_rest_day_in_china(
    history: str, cells: str, days: list[tuple[int, ...]]
) -> None:
    instance = under_law(seam(history), CHINA)

    assert broken(instance, cells) == [("one rest day a week", one) for one in days]


@pytest.mark.parametrize(
    ("history", "cells", "is_broken"),
    [
        ("EEE", "EEEEEE....", True),
        ("EEE", "EE..EEE...", False),
        ("LLL", "LL.EEE.LL.", True),  # Friday free: 33 hours from 22 to 7
        ("E..", "EEEEEE....", False),
    ],
)
def test_the_week_in_which_a_roster_begins_has_its_long_rest_in_europe(
    history: str, cells: str, *, is_broken: bool
) -> None:
    instance = under_law(seam(history), EU)

    names = {rule for rule, _days in broken(instance, cells)}

    assert ("35 h weekly rest" in names) == is_broken
