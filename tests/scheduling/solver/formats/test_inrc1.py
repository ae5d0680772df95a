"""The first nurse rostering competition, read, judged by hand, and refused."""

from collections.abc import Callable
from time import process_time

import pytest

from scheduling.solver.errors import FormatError
from scheduling.solver.formats import from_json, read_instance, to_json
from scheduling.solver.formats.inrc1.patterns import read_pattern
from scheduling.solver.formats.inrc1.reader import _sections
from scheduling.solver.formats.source import Line
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Pattern, Run, Weekends
from scheduling.solver.verify import verify
from tests.scheduling.solver.realdata import rostering_folder

SMALL = """\
////////
SCHEDULING_PERIOD;
////////
small, 2010-01-01, 2010-01-28;

SKILLS = 2;
HeadNurse;
Nurse;

SHIFT_TYPES = 3;
E, Early, 06:30:00, 14:30:00, 1, Nurse;
DH, Head, 08:30:00, 16:30:00, 1, HeadNurse;
N, Night, 22:30:00, 06:30:00, 1, Nurse;

CONTRACTS = 3;
0, off, (1|1), (0|1|1), (0|1|9), (0|1|1), (0|1|9), (0|1|1), (0|1|9), (0|1|1), (0|1|9), (0|1|1), SaturdaySunday, (0|1), (0|1), (0|1), (0|1), (0|1), 0,;
1, on, (1|1), (1|2|3), (1|3|2), (1|5|2), (1|7|2), (1|11|20), (1|13|2), (1|17|1), (1|19|2), (1|23|1), SaturdaySunday, (1|29), (1|31), (1|37), (1|41), (1|43), 2, 0 1;
2, long, (1|1), (0|0|0), (0|0|0), (0|0|0), (0|0|0), (0|0|0), (0|0|0), (0|0|0), (0|0|0), (0|0|0), FridaySaturdaySunday, (1|1), (1|1), (0|0), (0|0), (0|0), 0,;

PATTERNS = 2;
0, 47, 2 (N|Any) (E|Any);
1, 53, 3 (None|Friday) (Any|Saturday) (Any|Sunday);

EMPLOYEES 3;
0, Ann, 0, 1, Nurse;
1, Bob, 1, 1, Nurse;
2, Cid, 2, 2, HeadNurse Nurse;

DAY_OF_WEEK_COVER = 2;
Monday, E, 1;
Tuesday, N, 2;

DATE_SPECIFIC_COVER = 1;
2010-01-11, E, 3;

DAY_OFF_REQUESTS = 1;
1, 2010-01-05, 59;

DAY_ON_REQUESTS = 1;
1, 2010-01-06, 61;

SHIFT_OFF_REQUESTS = 1;
1, 2010-01-07, N, 67;

SHIFT_ON_REQUESTS = 1;
1, 2010-01-08, E, 71;
"""
FREE = (OFF,) * 28


def small(text: str = SMALL) -> Instance:
    return read_instance(text, format="inrc1")


def _row(worked: dict[int, str]) -> tuple[str, ...]:
    return tuple(worked.get(day, OFF) for day in range(28))


def _costs(row: tuple[str, ...], person: int = 1) -> dict[str, int]:
    rows = [FREE] * 3
    rows[person] = row
    verdict = verify(small(), Roster(tuple(rows)))
    return {
        rule: cost
        for rule, cost in verdict.penalties.items()
        if rule not in {"day on requests", "shift on requests"}
    }


def test_the_horizon_and_its_shifts() -> None:
    instance = small()

    assert (instance.name, instance.days, instance.weekday(0)) == ("small", 28, 4)
    assert [shift.is_night for shift in instance.shift_types] == [False, False, True]
    night = instance.shift_by_id["N"]
    assert (night.start_minute, night.end_minute, night.minutes) == (1350, 1830, 480)


def test_a_shift_may_begin_before_the_night_ends() -> None:
    longer = small(
        _with("N, Night, 22:30:00, 06:30:00", "N, Night, 23:00:00, 07:00:00")
    )
    roster = Roster((_row({0: "N", 1: "E"}), FREE, FREE))

    broken = {one.rule for one in verify(longer, roster).hard}

    assert broken == {"cover"}  # nobody else works
    assert longer.rules_of(longer.people[0]) == ()
    assert from_json(to_json(longer)) == longer
    assert to_json(longer)["may_overlap"] is True
    assert "may_overlap" not in to_json(small())


def test_a_flag_that_is_off_binds_nobody() -> None:
    instance = small()

    assert instance.contract_by_id["0"].rules == ()
    assert instance.people[0].rules == ()


def test_every_flag_that_is_on_costs_its_own_weight() -> None:
    rules = small().contract_by_id["1"].rules

    assert {rule.name: rule.weight for rule in rules} == {
        "most assignments": 2,
        "fewest assignments": 3,
        "most consecutive working days": 5,
        "fewest consecutive working days": 7,
        "most consecutive free days": 11,
        "fewest consecutive free days": 13,
        "most consecutive working weekends": 17,
        "fewest consecutive working weekends": 19,
        "most working weekends": 23,
        "complete weekends": 29,
        "identical weekends": 31 * 2,
        "no night before a free weekend": 37,
        "two free days after nights": 41,
        "unwanted pattern N E": 47,
        "unwanted pattern None Any Any": 53,
    }
    assert Count(name="most assignments", at_most=3, weight=2) in rules
    assert (
        Run(
            name="fewest consecutive free days",
            of="off",
            at_least=2,
            open_start=False,
            open_end=False,
            weight=13,
        )
        in rules
    )
    assert Weekends(name="most working weekends", at_most=1, weight=23) in rules


def test_patterns_start_where_their_days_say() -> None:
    rules = small().contract_by_id["1"].rules
    any_shift = frozenset({"E", "DH", "N"})

    assert rules[-2:] == (
        Pattern(
            name="unwanted pattern N E",
            days=(frozenset("N"), frozenset("E")),
            weight=47,
        ),
        Pattern(
            name="unwanted pattern None Any Any",
            days=(frozenset({OFF}), any_shift, any_shift),
            weekdays=frozenset({4}),
            weight=53,
        ),
    )


def test_cover_is_exact_and_a_date_decides_before_its_weekday() -> None:
    needed = {
        (demand.day, *demand.shifts): (demand.at_least, demand.at_most)
        for demand in small().demands
    }

    assert len(needed) == 28 * 3
    assert needed[3, "E"] == (1, 1)
    assert needed[10, "E"] == (3, 3)
    assert needed[4, "N"] == (2, 2)
    assert needed[0, "E"] == (0, 0)
    assert all(
        demand.under_weight is None and demand.over_weight is None
        for demand in small().demands
    )


def test_a_run_at_the_edge_counts_with_the_days_it_has() -> None:
    row = _row({0: "E", 3: "E", 4: "E", 27: "E"})

    # Days 0 and 27 are worked alone; day 4 is asked off; 22 days are free in a row.
    assert _costs(row) == {
        "most assignments": 2,
        "fewest consecutive working days": 14,
        "most consecutive free days": 11 * 2,
        "day off requests": 59,
    }


def test_weekends_cost_by_what_is_broken_in_them() -> None:
    row = _row({1: "E", 8: "E", 9: "N", 15: "DH", 16: "DH"})

    # Saturday alone, after one free day; a weekend in two shifts; a whole one, unskilled.
    assert _costs(row) == {
        "most assignments": 4,
        "fewest consecutive working days": 7,
        "fewest consecutive free days": 13,
        "most consecutive working weekends": 17 * 2,
        "most working weekends": 23 * 2,
        "complete weekends": 29,
        "identical weekends": 31 * 2,
        "unwanted pattern None Any Any": 53 * 2,
        "alternative skill": 43 * 2,
    }


def test_nights_are_followed_by_rest_but_not_by_a_free_weekend() -> None:
    row = _row({0: "N", 4: "N", 5: "E", 10: "N", 12: "E"})

    costs = _costs(row)

    assert costs["no night before a free weekend"] == 37
    assert costs["two free days after nights"] == 41 * 2
    assert costs["unwanted pattern N E"] == 47
    assert costs["fewest consecutive free days"] == 13


@pytest.mark.parametrize(
    ("friday", "saturday", "sunday", "broken", "mixed"),
    [
        ("E", "E", "E", 0, 0),
        ("E", "E", OFF, 1, 0),
        (OFF, "E", "E", 1, 0),
        ("E", OFF, "E", 4, 0),
        ("E", OFF, OFF, 2, 0),
        (OFF, "N", OFF, 2, 0),
        ("E", "E", "N", 0, 3),
        ("E", "N", "E", 0, 3),
        ("E", "DH", "N", 0, 6),
        ("E", "N", OFF, 1, 0),
    ],
)
def test_a_weekend_of_three_days(
    friday: str, saturday: str, sunday: str, broken: int, mixed: int
) -> None:
    costs = _costs(_row({7: friday, 8: saturday, 9: sunday}), person=2)

    assert costs.get("complete weekends", 0) == broken
    assert costs.get("identical weekends", 0) == mixed


def _with(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        ("\x00\x01", "line 1: This is not text"),
        (_with("0, Ann", "0, A\x0bn"), "line 25: This is not text"),
        (_with("SKILLS = 2;", "SKILLS =;"), "line 6: 'SKILLS =' where SKILLS"),
        (_with("(N|Any) (E|Any)", "(N|Any) (E|Any) x"), "is not one of 2 entries"),
        (_with("(N|Any) (E|Any)", "(N|Any) (E| )"), "The weekday '' is unknown"),
        (
            _with("0, Ann", f"0, {'A' * 10_000}"),
            "line 25: The line has more than 10000",
        ),
        (SMALL[: SMALL.index("Tuesday, N")], "ends within or before DAY_OF_WEEK_COVER"),
        (SMALL[: SMALL.index("SHIFT_ON")], "The file ends before SHIFT_ON_REQUESTS"),
        (SMALL[:-2], "line 46: The line does not end with a semicolon"),
        (_with("SKILLS = 2;", "SKILL = 2;"), "line 6: 'SKILL = 2' where SKILLS"),
        (_with("SKILLS = 2;", "SKILLS = 3;"), "line 11: 'E, Early"),
        (_with("SKILLS = 2;", "SKILLS = x;"), "line 6: 'SKILLS = x' where SKILLS"),
        (_with("SKILLS = 2;", "SKILLS;"), "line 6: The number of SKILLS is ''"),
        (_with("\nNurse;", "\nHeadNurse;"), "The skill HeadNurse is there twice"),
        (_with("small, 2010-01-01", "small, 2010-13-01"), "is not a date of the form"),
        (_with("2010-01-01, 2010-01-28", "2010-01-28, 2010-01-01"), "has -26 days"),
        (_with("2010-01-01, 2010-01-28", "2010-01-01, 2030-01-01"), "has 7306 days"),
        (
            _with("N, Night, 22:30:00", "N, Night, 25:30:00"),
            "is not a time of the form",
        ),
        (
            _with("1, HeadNurse;", "1, Doctor;"),
            "line 12: The skill 'Doctor' is unknown",
        ),
        (
            _with("1, HeadNurse;", "2, HeadNurse;"),
            "2 skills are announced, 1 are named",
        ),
        (_with("N, Night", "E, Night"), "The shift E is there twice"),
        (_with("(1|2|3)", "(2|2|3)"), "'(2|2|3)' is not of the form (on|weight|value)"),
        (_with("(1|2|3)", "(1|2)"), "'(1|2)' is not of the form (on|weight|value)"),
        (
            _with("(1|3|2)", "(1|3|801)"),
            "line 17: The fewest assignments is 801, outside 0 to 800.",
        ),
        (
            _with("(1|7|2)", "(1|7|999999999)"),
            "line 17: The fewest consecutive working days: at least 999999999 in a row",
        ),
        (
            _with("(1|13|2)", "(1|13|801)"),
            "line 17: The fewest consecutive free days: at least 801 in a row",
        ),
        (
            _with("(1|19|2)", "(1|19|801)"),
            "line 17: The fewest consecutive working weekends: at least 801 in a row",
        ),
        (_with("(1|29)", "(1|99999999)"), "The weight is 99999999, outside 0 to"),
        (_with("(1|29)", "(1|29|3)"), "is not of the form (on|weight)"),
        (_with("FridaySaturdaySunday", "Sunday"), "The weekend 'Sunday' is unknown"),
        (_with("2, 0 1;", "2, 0 7;"), "The pattern '7' is unknown"),
        (_with("2, 0 1;", "3, 0 1;"), "3 patterns are announced, 2 are named"),
        (_with("1, on,", "0, on,"), "The contract 0 is there twice"),
        (_with("(N|Any) (E|Any)", "(N|Any)"), "The pattern is not one of 2 entries"),
        (_with("(N|Any) (E|Any)", "(X|Any) (E|Any)"), "The shift 'X' is unknown"),
        (_with("(Any|Sunday)", "(Any|Someday)"), "The weekday 'Someday' is unknown"),
        (_with("(Any|Sunday)", "(Any|Monday)"), "do not follow each other"),
        (_with("1, 53, 3", "0, 53, 3"), "The pattern 0 is there twice"),
        (_with("2, Cid, 2", "2, Cid, 9"), "The contract '9' is unknown"),
        (_with("2, Cid, 2", "1, Cid, 2"), "The employee 1 is there twice"),
        (_with("Monday, E, 1", "Moonday, E, 1"), "The weekday 'Moonday' is unknown"),
        (_with("Monday, E, 1", "Tuesday, N, 1"), "cover Tuesday N is there twice"),
        (_with("Monday, E, 1", "Monday, E, -1"), "The cover is -1, outside 0"),
        (
            _with("2010-01-11, E, 3", "2010-02-11, E, 3"),
            "outside the scheduling period",
        ),
        (
            _with("1, 2010-01-05, 59", "9, 2010-01-05, 59"),
            "The employee '9' is unknown",
        ),
        (_with("N, 67", "N"), "A request has 4 fields, not 3"),
    ],
)
def test_a_file_that_is_not_of_the_format_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        small(text)

    assert message in str(refused.value)


def test_a_minimum_that_is_off_and_a_most_without_end_are_read() -> None:
    off = SMALL.replace("(0|1|1)", "(0|1|999999999)")
    endless = _with("(1|5|2)", "(1|5|999999999)")

    assert small(off) == small()
    runs = [rule for rule in small(endless).contracts[1].rules if isinstance(rule, Run)]
    assert runs[0].at_most == 999_999_999


@pytest.mark.parametrize(
    "read",
    [
        lambda: read_pattern(Line(1, f"P, 1, 1 ({' ' * 40_000}x"), {}),
        lambda: read_pattern(Line(1, f"P, 1, 1 {'(' * 40_000}x"), {}),
        lambda: _sections([Line(1, f"SCHEDULING_PERIOD{' ' * 200_000}x;")]),
        lambda: _sections([Line(1, f"{'A' * 200_000}x;")]),
    ],
)
def test_a_long_line_is_refused_at_once(read: Callable[[], object]) -> None:
    started = process_time()

    with pytest.raises(FormatError):
        read()

    assert process_time() - started < 2


def test_spaces_within_an_entry_say_nothing() -> None:
    assert small(_with("(N|Any) (E|Any)", "( N | Any ) (E |Any)")) == small()
    assert small(_with("SKILLS = 2;", "SKILLS  =2;")) == small()
    assert small(_with("SKILLS = 2;", "SKILLS   2;")) == small()


def _with_shifts(count: int, text: str) -> str:
    more = "".join(
        f"S{place}, Shift, 08:00:00, 16:00:00, 1, Nurse;\n" for place in range(count)
    )
    return text.replace("SHIFT_TYPES = 3;\n", f"SHIFT_TYPES = {count + 3};\n{more}")


def test_weekends_whose_mixing_costs_nothing_are_not_listed() -> None:
    old, long = "FridaySaturdaySunday", "FridaySaturdaySundayMonday"
    text = _with(f"{old}, (1|1), (1|1)", f"{long}, (1|1), (0|1)")
    started = process_time()

    instance = small(_with_shifts(100, text))

    assert process_time() - started < 5
    assert len(instance.contract_by_id["2"].rules) == 2**4 - 2


def test_weekends_of_all_contracts_are_limited_together() -> None:
    old = "CONTRACTS = 3;\n"
    long = next(line for line in SMALL.splitlines() if line.startswith("2, long"))
    more = "".join(f"{long}\n".replace("2, long", f"m{n}, more") for n in range(2))
    text = _with(old, f"CONTRACTS = 5;\n{more}")

    with pytest.raises(FormatError) as refused:
        small(_with_shifts(27, text))

    assert "30 shifts cannot be compared over weekends" in str(refused.value)
    assert small(_with_shifts(10, text)).days == 28


def test_weekends_that_can_be_mixed_in_too_many_ways_are_refused() -> None:
    more = "\n".join(
        f"S{place}, Shift, 08:00:00, 16:00:00, 1, Nurse;" for place in range(42)
    )
    text = _with("SHIFT_TYPES = 3;", "SHIFT_TYPES = 45;\n" + more)

    with pytest.raises(FormatError) as refused:
        small(text)

    assert "45 shifts cannot be compared over weekends of 3 days" in str(refused.value)


def test_a_file_that_was_cut_off_is_refused() -> None:
    for length in range(0, len(SMALL) - 2, 13):
        with pytest.raises(FormatError):
            small(SMALL[:length])


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "people", "free_cost"),
    [("sprint01", 10, 260), ("medium01", 31, 747), ("long01", 49, 1317)],
)
def test_the_published_instances_are_read(
    name: str, people: int, free_cost: int
) -> None:
    text = (rostering_folder("inrc1") / f"{name}.txt").read_text()

    instance = small(text)

    assert (instance.name, len(instance.people), instance.days) == (name, people, 28)
    assert verify(instance, Roster.empty(instance)).objective == free_cost
