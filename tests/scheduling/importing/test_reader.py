"""A ward's tables become its problem; whatever is wrong with them is told by its place."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest

from scheduling.importing import Flaws, RawTable, preview, read_ward
from scheduling.importing import words as sentences
from scheduling.importing.flaws import MEND, MOST_TOLD
from scheduling.importing.headings import CHARGE
from scheduling.importing.problem import (
    A_DAY_PARTED,
    A_MEETING,
    A_WISH_OFF,
    A_WISH_ON,
    CONTRACT_HOURS,
    HOURS_IN_DAYS,
    NO_SKILL,
    OVER_COVER,
    UNDER_COVER,
)
from scheduling.solver.laws import law_profile
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Demand, Run, Weekends
from scheduling.solver.verify import verify
from tests.scheduling.importing.wards import (
    DEMAND,
    PEOPLE,
    PERIOD,
    Rows,
    read,
    told,
    warned,
)

CONTRACTS: Rows = (
    ("Contract", "Hours per week", "Share", "Days in a row", "Nights in a row"),
    ("full", 38.5, 1, 5, 4),
    ("half", 19.25, 0.5, 4, 3),
)


def test_a_small_ward_becomes_a_problem() -> None:
    reading = read()

    instance = reading.instance
    assert instance is not None
    assert [shift.id for shift in instance.shift_types] == ["E", "L", "N"]
    assert [shift.is_night for shift in instance.shift_types] == [False, False, True]
    assert [person.fte for person in instance.people] == [1.0, 0.5]
    assert instance.people[0].holds("senior", day=27)
    assert instance.demands[0] == Demand(
        day=0,
        shifts=frozenset({"E"}),
        at_least=1,
        at_most=1,
        under_weight=UNDER_COVER,
        over_weight=OVER_COVER,
    )
    assert len(instance.demands) == 28
    assert {one.what.code for one in reading.flaws} == {
        "shifts_assumed",
        "contracts_assumed",
    }


def test_a_contract_becomes_rules() -> None:
    contracts: Rows = (
        ("合同", "每周工时", "连续工作天数", "连续夜班", "连续休息天数", "四周周末数"),
        ("full", 40, 5, 4, 2, 2),
        ("half", 20, 4, 3, 2, 2),
    )

    instance = read({"合同": contracts}).instance

    assert instance is not None
    run, nights, rest, weekends = instance.contract_by_id["full"].rules
    assert isinstance(run, Run)
    assert isinstance(nights, Run)
    assert isinstance(rest, Run)
    assert isinstance(weekends, Weekends)
    assert (run.at_most, nights.at_most, rest.at_least, weekends.at_most) == (
        5,
        4,
        2,
        2,
    )
    assert (run.weight, nights.weight) == (None, None)
    assert nights.shifts == {"N"}
    (hours,) = instance.people[1].rules
    assert isinstance(hours, Count)
    # 20 h in each of 4 weeks, by half a shift of 8 h more or less
    assert (hours.at_least, hours.at_most) == (80 * 60 - 240, 80 * 60 + 240)


def test_hours_in_any_days_in_a_row_are_limited_whatever_the_share() -> None:
    contracts: Rows = (
        ("Contract", "Share", "Most hours in days"),
        ("full", 1, "48 in 7, 150.5 h in 28 days"),
        ("half", 0.5, "48小时/7天"),
    )

    instance = read({"Contracts": contracts}).instance

    assert instance is not None
    week = Count(name=HOURS_IN_DAYS, window=7, unit="minutes", at_most=48 * 60)
    month = replace(week, window=28, at_most=9030)
    assert instance.contract_by_id["full"].rules == (week, month)
    assert instance.contract_by_id["half"].rules == (week,)


def test_a_limit_that_cannot_be_read_or_kept_is_told() -> None:
    contracts: Rows = (
        ("合同", "若干天内最多工时"),
        ("full", "48 hours"),
        ("half", "48 in 7, soon"),
        ("a", "25 in 1"),
        ("b", "8 in 0"),
        ("c", "100 in 401"),
        ("d", "160 in 29"),
    )

    reading = read({"合同": contracts})

    assert told(reading) == [
        ("合同", 2, "若干天内最多工时", "no_limit"),
        ("合同", 3, "若干天内最多工时", "no_limit"),
        ("合同", 4, "若干天内最多工时", "limit_outside"),
        ("合同", 5, "若干天内最多工时", "limit_outside"),
        ("合同", 6, "若干天内最多工时", "limit_outside"),
    ]
    assert ("合同", 7, "limit_idle") in warned(reading)


def test_leave_counts_as_worked() -> None:
    leave: Rows = (("Staff number", "From", "To"), ("A1", "2026-05-28", "2026-06-07"))

    instance = read({"Leave": leave}).instance

    assert instance is not None
    person = instance.people[0]
    (hours,) = person.rules
    assert person.leave == frozenset(range(7))
    assert isinstance(hours, Count)
    assert (hours.name, hours.before) == (CONTRACT_HOURS, 40 * 60)


def test_a_share_changes_the_hours_of_a_contract() -> None:
    people: Rows = (
        ("Staff number", "Contract", "Share"),
        ("A1", "full", "80 %"),
        ("A2", "half", 0.5),
    )

    instance = read({"People": people, "Contracts": CONTRACTS}).instance

    assert instance is not None
    most = [
        rule.at_most
        for one in instance.people
        for rule in one.rules
        if isinstance(rule, Count)
    ]
    assert most == [round(38.5 * 0.8 * 240) + 240, round(19.25 * 240) + 240]


def test_a_date_overrules_its_weekday() -> None:
    demand: Rows = (
        ("Date", "Weekday", "Shift", "Least"),
        ("", "Mon-Fri", "E", 2),
        ("2026-06-03", "", "E", 1),
    )

    ward = read({"Demand": demand}).ward

    assert [need.least for need in ward.needs][:5] == [2, 2, 1, 2, 2]
    assert len(ward.needs) == 20


def test_a_time_of_day_needs_people_while_the_fewest_shifts_serve() -> None:
    demand: Rows = (
        ("Weekday", "Shift", "Times", "Skill", "Least", "Most"),
        ("Mon", "", "06:00-15:00", "", 2, 5),
        ("Tue", "", "7-10", "senior", 1, ""),
    )

    instance = read({"Demand": demand}).instance

    assert instance is not None
    night, early = (
        Demand(
            day=0,
            shifts=frozenset(),
            shifts_before=frozenset({"N"}),
            at_least=2,
            at_most=5,
            under_weight=UNDER_COVER,
            over_weight=OVER_COVER,
            name="06:00-15:00",
        ),
        Demand(
            day=0,
            shifts=frozenset({"E"}),
            at_least=2,
            under_weight=UNDER_COVER,
            over_weight=OVER_COVER,
            name="06:00-15:00",
        ),
    )
    both = replace(early, shifts=frozenset({"E", "L"}), at_least=0, at_most=5)
    assert instance.demands[:3] == (night, early, both)
    assert instance.demands[3] == Demand(
        day=1,
        shifts=frozenset({"E"}),
        skill="senior",
        at_least=1,
        under_weight=NO_SKILL,
        over_weight=0,
        name="07:00-10:00",
    )
    assert len(instance.demands) == 4 * 4


def test_who_works_over_midnight_is_there_on_both_days() -> None:
    demand: Rows = (("星期", "班次", "时段", "最少"), ("周一", None, "22:30-07:00", 1))
    instance = read({"Demand": demand}, period=replace(PERIOD, days=7)).instance
    assert instance is not None

    def missing(first: str, second: str) -> list[int]:
        rest = (OFF,) * 5
        roster = Roster(((first, OFF, *rest), (OFF, second, *rest)))
        costs = verify(instance, roster).costs
        return [cost.days[0] for cost in costs if cost.rule == "22:30-07:00"]

    assert missing(OFF, OFF) == [0, 1]
    assert missing("N", OFF) == []
    assert missing("L", "N") == [0, 1]


def test_times_of_day_that_nobody_can_work_or_read_are_told() -> None:
    demand: Rows = (
        ("Weekday", "Shift", "Times", "Skill", "Least", "For each", "Of those with"),
        ("Mon", "E", "07:00-10:00", "", 1, "", ""),
        ("Mon", "", "morning", "", 1, "", ""),
        ("Mon", "", "09:00-11:00", "senior", 1, 2, "junior"),
        ("Tue", "", "07:00-10:00", "", 1, "", ""),
        ("Mon-Fri", "", "07:00-10:00", "", 2, "", ""),
        ("Mon", "", "", "", 2, "", ""),
        ("Wed", "", "12:00-18:00", "", 2, "", ""),
    )
    shifts: Rows = (("Shift", "Times"), ("E", "07:00-15:30"), ("N", "21:00-07:00"))

    reading = read({"Demand": demand, "Shifts": shifts})

    assert told(reading) == [
        ("Demand", 2, "Times", "times_with_shift"),
        ("Demand", 3, "Times", "no_time"),
        ("Demand", 4, "Shift", "value_missing"),
        ("Demand", 4, "Times", "mix_with_times"),
        ("Demand", 6, "Times", "need_twice"),
        ("Demand", 7, "Shift", "value_missing"),
        ("Demand", 8, "Times", "times_unserved"),
    ]
    unserved = next(one for one in reading.flaws if one.what.code == "times_unserved")
    assert "15:30-18:00" in str(unserved.what.values)


def test_shifts_cross_midnight_and_tell_whether_they_are_nights() -> None:
    shifts: Rows = (
        ("Shift", "Times", "Paid hours"),
        ("E", "07:00-15:30", 8),
        ("N", "22:00-07:00", None),
        ("L", "18:00-24:00", 6),
    )

    types = read({"Shifts": shifts}).ward.shifts

    assert [(one.start_minute, one.end_minute) for one in types] == [
        (420, 930),
        (1320, 1860),
        (1080, 1440),
    ]
    assert [one.minutes for one in types] == [480, 540, 360]
    assert [one.is_night for one in types] == [False, True, False]


def test_a_shift_is_on_call_at_the_workplace_or_at_home() -> None:
    shifts: Rows = (
        ("Shift", "Times", "On call"),
        ("E", "07:00-15:30", None),
        ("S", "08:00-08:00", "site"),
        ("H", "08:00-08:00", "在家"),
        ("X", "08:00-16:00", "maybe"),
    )

    reading = read({"Shifts": shifts})

    assert [one.on_call for one in reading.ward.shifts] == ["", "site", "home", ""]
    assert told(reading) == [("Shifts", 5, "On call", "no_duty")]


def test_chinese_headings_in_any_order_below_a_title_with_columns_of_ones_own() -> None:
    people: Rows = (
        ("三病区", None, None),
        ("备注", "姓名", "工号", "技能", "合同"),
        ("晚到", "王一例", 1001, "组长；输液（2026-06-10）", "全职"),
    )
    demand: Rows = (("星期", "班次", "最少人数", "技能"), ("每天", "早班", 1, "组长"))

    reading = read_ward(
        [RawTable(title="人员", rows=people), RawTable(title="需求", rows=demand)],
        PERIOD,
        Flaws(),
    )

    (staff,) = reading.ward.staff
    assert told(reading) == []
    assert (staff.number, staff.name, staff.contract) == ("1001", "王一例", "full")
    assert staff.skills == (("组长", None), ("输液", date(2026, 6, 10)))
    assert reading.ward.needs[0].shift == "E"
    assert ("人员", 3, "skill_expires") in warned(reading)


def test_wishes_of_a_whole_day_and_of_a_shift() -> None:
    requests: Rows = (
        ("Staff number", "Date", "Wish", "Shift"),
        ("A1", "2026-06-02", "off", ""),
        ("A2", "2026-06-03", "on", "late"),
    )

    wishes = read({"Requests": requests}).ward.wishes

    assert [(one.number, one.day, one.is_on, sorted(one.shifts)) for one in wishes] == [
        ("A1", 1, False, ["E", "L", "N"]),
        ("A2", 2, True, ["L"]),
    ]


def test_a_wish_weighs_what_its_row_says_or_what_is_usual() -> None:
    requests: Rows = (
        ("工号", "日期", "愿望", "权重"),
        ("A1", "2026-06-02", "off", 250),
        ("A1", "2026-06-03", "off", ""),
        ("A2", "2026-06-03", "on", None),
        ("A2", "2026-06-04", "on", 0),
    )

    instance = read({"Requests": requests}).instance

    assert instance is not None
    assert [one.weight for one in instance.requests] == [250, A_WISH_OFF, A_WISH_ON, 0]


def test_a_weight_that_is_no_whole_number_or_too_large_is_told() -> None:
    requests: Rows = (
        ("Staff number", "Date", "Weight"),
        ("A1", "2026-06-02", "high"),
        ("A1", "2026-06-03", -1),
        ("A1", "2026-06-04", 2.5),
        ("A1", "2026-06-05", 10_000_001),
    )

    assert told(read({"Requests": requests})) == [
        ("Requests", 2, "Weight", "no_number"),
        ("Requests", 3, "Weight", "outside"),
        ("Requests", 4, "Weight", "no_whole_number"),
        ("Requests", 5, "Weight", "outside"),
    ]


def test_pairs_weigh_what_they_say_on_the_shifts_that_they_name() -> None:
    pairs: Rows = (
        ("工号", "与", "同班或分开", "班次"),
        ("A1", "A2", "apart", "N, early"),
        ("A2", "A1", "同班", "L"),
    )

    instance = read({"搭配": pairs}).instance

    assert instance is not None
    apart, together = instance.pairs
    assert (apart.name, apart.first, apart.second) == ("pairs apart", "A1", "A2")
    assert (apart.is_together, apart.shifts) == (False, {"N", "E"})
    assert (together.name, together.is_together) == ("pairs together", True)
    assert (apart.weight, together.weight) == (A_MEETING, A_DAY_PARTED)


def test_a_row_of_demand_may_ask_for_a_mix_whose_date_overrules_its_weekday() -> None:
    people: Rows = (("Staff number", "Skills"), ("A1", "senior"), ("A2", "junior"))
    demand: Rows = (
        ("Date", "Weekday", "Shift", "Skill", "Least", "For each", "Of those with"),
        ("", "every day", "E", "", 2, None, None),
        ("", "every day", "E", "Senior", 1, 3, "junior"),
        ("2026-06-03", "", "E", "senior", 1, 2, "junior"),
    )

    instance = read({"People": people, "Demand": demand}).instance

    assert instance is not None
    assert [(one.day, one.of, one.per) for one in instance.mixes[:4]] == [
        (0, 1, 3),
        (1, 1, 3),
        (2, 1, 2),
        (3, 1, 3),
    ]
    first = instance.mixes[0]
    assert (first.name, first.weight) == ("E senior:junior 1:3", NO_SKILL)
    assert (first.skill, first.other, first.shifts) == ("senior", "junior", {"E"})
    assert len(instance.demands) == 28  # the mixes are none of them


def test_a_charge_nurse_is_said_of_a_person_and_needed_by_a_shift() -> None:
    people: Rows = (
        ("Staff number", "Skills", "Charge nurse"),
        ("A1", "senior", "yes"),
        ("A2", "带班护士 (2026-06-10)", "no"),
    )
    demand: Rows = (
        ("Weekday", "Shift", "Skill", "Least"),
        ("every day", "E", "In charge", 1),
    )

    instance = read({"People": people, "Demand": demand}).instance

    assert instance is not None
    need = instance.demands[0]
    assert (need.name, need.skill, need.at_least) == (CHARGE, CHARGE, 1)
    holders = [
        [person.id for person in instance.people if person.holds(CHARGE, day=day)]
        for day in (9, 10)
    ]
    assert holders == [["A1", "A2"], ["A1"]]


PAIRS: Rows = (("Staff number", "With", "Together or apart"), ("A1", "A2", "apart"))
MIX = ("Weekday", "Shift", "Skill", "Least", "Most", "For each", "Of those with")
ERRORS: list[tuple[str, Rows, tuple[int, str, str]]] = [
    (
        "People",
        (*PEOPLE, ("A1", "Cy", "full", "")),
        (4, "Staff number", "number_twice"),
    ),
    ("People", (*PEOPLE, ("", "Cy", "full", "")), (4, "Staff number", "value_missing")),
    ("People", (*PEOPLE, ("A3", "Cy", "x", "")), (4, "Contract", "unknown_contract")),
    ("People", (*PEOPLE, ("A3", "Cy", "=B2", "")), (4, "Contract", "formula")),
    ("People", (*PEOPLE, ("A3", "#REF!", "full", "")), (4, "Name", "formula_error")),
    ("People", (*PEOPLE, ("A3", "Cy" * 200, "full", "")), (4, "Name", "too_long")),
    (
        "People",
        (*PEOPLE, ("A3", "Cy", "full", "senior (2026-02-30)")),
        (4, "Skills", "no_date"),
    ),
    ("People", (("Staff number", "Share"), ("A1", 3)), (2, "Share", "no_share")),
    (
        "People",
        (("Staff number", "Never"), ("A1", "E, Q")),
        (2, "Never", "unknown_shift"),
    ),
    (
        "People",
        (("Staff number", "E-mail"), ("A1", "a@b.example"), ("A2", "A@b.example")),
        (3, "E-mail", "account_twice"),
    ),
    ("People", (("Name",), ("Ann",)), (1, "", "column_missing")),
    ("People", (("Staff number",),), (0, "", "sheet_empty")),
    ("Demand", (*DEMAND, ("Mon", "Q", 1, 1)), (3, "Shift", "unknown_shift")),
    ("Demand", (*DEMAND, ("Mon", "L", -1, 1)), (3, "Least", "outside")),
    ("Demand", (*DEMAND, ("Mon", "L", 1, 1e9)), (3, "Most", "outside")),
    ("Demand", (*DEMAND, ("Mon", "L", 1.5, 2)), (3, "Least", "no_whole_number")),
    ("Demand", (*DEMAND, ("Mon", "L", "many", 2)), (3, "Least", "no_number")),
    ("Demand", (*DEMAND, ("Mon", "L", 10**400, 2)), (3, "Least", "no_number")),
    ("Demand", (*DEMAND, ("Mon", "L", 3, 2)), (3, "Most", "most_below_least")),
    ("Demand", (*DEMAND, ("Someday", "L", 1, 1)), (3, "Weekday", "no_weekday")),
    ("Demand", (*DEMAND, ("", "L", 1, 1)), (3, "Weekday", "day_missing")),
    ("Demand", (*DEMAND, ("Sun", "E", 1, 1)), (3, "Shift", "need_twice")),
    (
        "Shifts",
        (("Shift", "Start"), ("E", "7:00")),
        (2, "End / 结束", "shift_without_end"),
    ),
    (
        "Shifts",
        (("Shift", "Start", "End"), ("E", "x", "y"), ("L", 14, 22)),
        (2, "End", "no_time"),
    ),
    (
        "Shifts",
        (("Shift", "Hours"), ("E", 8), ("L", 8), ("E", 8)),
        (4, "Shift", "shift_twice"),
    ),
    ("Shifts", (("Shift", "Hours"), ("E", 99)), (2, "Hours", "outside")),
    (
        "Shifts",
        (("Shift", "Hours", "Night"), ("E", 8, "perhaps")),
        (2, "Night", "no_answer"),
    ),
    (
        "Contracts",
        (*CONTRACTS, ("full", 40, 1, 5, 4)),
        (4, "Contract", "contract_twice"),
    ),
    (
        "Contracts",
        (*CONTRACTS, ("more", 400, 1, 5, 4)),
        (4, "Hours per week", "outside"),
    ),
    (
        "Leave",
        (("Staff number", "From"), ("A9", "2026-06-01")),
        (2, "Staff number", "unknown_person"),
    ),
    ("Leave", (("Staff number", "From"), ("A1", "x")), (2, "From", "no_date")),
    (
        "Leave",
        (("Staff number", "From", "To"), ("A1", "2026-06-04", "2026-06-01")),
        (2, "To", "last_before_first"),
    ),
    (
        "Requests",
        (("Staff number", "Date", "Wish"), ("A1", "2026-06-04", "perhaps")),
        (2, "Wish", "no_wish"),
    ),
    ("Pairs", (*PAIRS, ("A1", "A9", "apart")), (3, "With", "unknown_person")),
    ("Pairs", (*PAIRS, ("A1", "A1", "apart")), (3, "With", "pair_alone")),
    ("Pairs", (*PAIRS, ("A2", "A1", "apart")), (3, "With", "pair_twice")),
    (
        "Pairs",
        (*PAIRS, ("A1", "A2", "perhaps")),
        (3, "Together or apart", "no_pairing"),
    ),
    (
        "Pairs",
        (*PAIRS, ("A1", "A2", None)),
        (3, "Together or apart", "value_missing"),
    ),
    (
        "Pairs",
        (("Staff number", "With", "Rule", "Shifts"), ("A1", "A2", "apart", "Q")),
        (2, "Shifts", "unknown_shift"),
    ),
    (
        "Demand",
        (MIX, ("Mon", "E", "senior", 1, None, 3, None)),
        (2, "Of those with", "mix_unfinished"),
    ),
    (
        "Demand",
        (MIX, ("Mon", "E", "senior", 1, 2, 3, "junior")),
        (2, "Most", "mix_with_most"),
    ),
    (
        "Demand",
        (MIX, ("Mon", "E", "senior", 101, None, 3, "junior")),
        (2, "Least", "outside"),
    ),
    (
        "Demand",
        (MIX, ("Mon", "E", "senior", 1, None, 3, "Senior")),
        (2, "Of those with", "mix_alike"),
    ),
    (
        "Demand",
        (MIX, ("Mon", "E", "senior", 1, None, 0, "junior")),
        (2, "For each", "outside"),
    ),
    (
        "People",
        (("Staff number", "Charge nurse"), ("A1", "perhaps")),
        (2, "Charge nurse", "no_answer"),
    ),
]


@pytest.mark.parametrize(
    ("sheet", "rows", "expected"),
    ERRORS,
    ids=[f"{sheet}-{at[2]}" for sheet, _rows, at in ERRORS],
)
def test_each_error_is_told_by_its_place(
    sheet: str, rows: Rows, expected: tuple[int, str, str]
) -> None:
    reading = read({sheet: rows})

    assert (sheet, *expected) in told(reading)
    assert all(one.what.text and one.mend.text for one in reading.flaws)
    assert reading.instance is None


WARNINGS: list[tuple[str, Rows, tuple[int, str]]] = [
    ("People", (*PEOPLE, ("A3", "Cy", "", "")), (4, "contract_assumed")),
    (
        "People",
        (*PEOPLE, ("A3", "Cy", "full", "RN (2026-05-01)")),
        (4, "skill_expired"),
    ),
    ("Leave", (("Staff number", "From"), ("A1", "2027-01-01")), (2, "day_outside")),
    (
        "Demand",
        (("Date", "Shift", "Least"), ("2026-06-01", "E", 1), ("2027-01-01", "E", 1)),
        (3, "day_outside"),
    ),
    (
        "Demand",
        (("Weekday", "Shift", "Skill", "Least"), ("Mon", "E", "midwife", 1)),
        (2, "skill_unheld"),
    ),
    (
        "Demand",
        (("Weekday", "Shift", "Skill", "Least"), ("Mon", "E", "Senior", 2)),
        (2, "too_few_hold"),
    ),
    (
        "Demand",
        (MIX, ("Mon", "E", "senior", 1, None, 3, "junior")),
        (2, "mix_idle"),
    ),
    (
        "Shifts",
        (("Shift", "Start", "End", "Hours"), ("E", 7, 9, 8)),
        (2, "more_paid_than_long"),
    ),
    ("Shifts", (("Shift", "Hours"), ("E", 8)), (2, "shift_without_times")),
]


@pytest.mark.parametrize(
    ("sheet", "rows", "expected"),
    WARNINGS,
    ids=[f"{sheet}-{at[1]}" for sheet, _rows, at in WARNINGS],
)
def test_each_warning_leaves_a_problem(
    sheet: str, rows: Rows, expected: tuple[int, str]
) -> None:
    reading = read({sheet: rows})

    assert (sheet, *expected) in warned(reading)
    assert all(one.what.text and one.mend.text for one in reading.flaws)
    assert reading.instance is not None


def test_days_with_more_needs_than_people_are_told() -> None:
    leave: Rows = (("Staff number", "From"), ("A1", "2026-06-02"))
    demand: Rows = (("Weekday", "Shift", "Least"), ("every day", "E", 2))

    reading = read({"Leave": leave, "Demand": demand})

    (crowded,) = [
        one for one in reading.flaws if one.what.code == "more_needed_than_people"
    ]
    assert crowded.what.text == ("2026-06-02 needs 2 people; not on leave: 1.")


def test_everything_wrong_is_told_at_once() -> None:
    people: Rows = (
        ("Staff number", "Contract", "Share"),
        ("A1", "x", 2.5),
        ("A1", "", 1),
    )

    reading = read({"People": people, "Demand": (("Shift", "Least"), ("Q", -1))})

    assert [code for _sheet, _row, _column, code in told(reading)] == [
        "unknown_contract",
        "no_share",
        "number_twice",
        "unknown_shift",
        "outside",
        "day_missing",
    ]


def test_sheets_that_must_be_there_are_named_in_both_languages() -> None:
    reading = read_ward([], PERIOD, Flaws())

    errors = [one.what.text for one in reading.flaws if one.is_error]
    assert errors == [
        "There is no sheet People / 人员.",
        "There is no sheet Demand / 需求.",
    ]


def test_what_stands_twice_is_told_and_the_first_counts() -> None:
    people: Rows = (("Staff number", "Name", "Name"), ("A1", "Ann", "Bob"))
    raw = [
        RawTable(title="People", rows=people, merged=("A1:B1",)),
        RawTable(title="人员", rows=PEOPLE),
        RawTable(title="Demand", rows=DEMAND, is_cut=True),
    ]

    reading = read_ward(raw, PERIOD, Flaws())

    assert [one.name for one in reading.ward.staff] == ["Ann"]
    assert {one.what.code for one in reading.flaws} >= {
        "sheet_twice",
        "column_twice",
        "merged",
        "too_many_rows",
    }


def test_a_wish_for_a_day_of_leave_is_left_out() -> None:
    reading = read(
        {
            "Leave": (("Staff number", "From"), ("A1", "2026-06-02")),
            "Requests": (
                ("Staff number", "From", "To"),
                ("A1", "2026-06-01", "2026-06-02"),
            ),
        }
    )

    assert [one.day for one in reading.ward.wishes] == [0]
    assert ("Requests", 2, "wish_on_leave") in warned(reading)


def test_more_people_than_can_be_rostered_are_refused_quickly() -> None:
    many: Rows = (("Staff number",), *((number,) for number in range(10_000)))

    reading = read({"People": many})

    assert told(reading) == [("People", 0, "", "too_many_people")]


def test_a_column_filled_wrongly_is_told_some_hundred_times_and_counted() -> None:
    people: Rows = (
        ("Staff number", "Contract"),
        *((f"A{number}", "x") for number in range(1_000)),
    )

    flaws = read({"People": people}).flaws

    assert flaws.errors == 1_000
    assert len(list(flaws)) == MOST_TOLD


def test_a_law_that_is_not_in_force_is_told() -> None:
    period = replace(PERIOD, start=date(2000, 6, 5), law=law_profile("eu-2003-88-ec"))

    reading = read(period=period)

    assert [code for *_place, code in told(reading)] == ["law_refused"]


def test_a_law_binds_everybody() -> None:
    instance = read(period=replace(PERIOD, law=law_profile("china-labor-law"))).instance

    assert instance is not None
    assert all("law:china-labor-law" in one.contracts for one in instance.people)


def test_every_sentence_says_how_to_mend_it() -> None:
    names = {name for name in vars(sentences) if name.isupper()}

    alone = {name for name in names if not name.endswith(MEND)}
    assert {name + MEND for name in alone} == names - alone
    for name in names:
        assert vars(sentences)[name] % defaultdict(str)


def test_the_preview_tells_limits_and_times_of_day() -> None:
    demand: Rows = (
        ("Weekday", "Shift", "Times", "Skill", "Least", "Most"),
        ("Mon-Fri", "", "07:00-10:00", "senior", 1, ""),
        ("every day", "N", "", "", 1, ""),
    )
    contracts: Rows = (("Contract", "Most hours"), ("full", "48 in 7"), ("half", ""))
    reading = read({"Demand": demand, "Contracts": contracts})

    shown = preview(reading.ward, PERIOD)

    assert [one["limits"] for one in shown["contracts"]] == [
        [{"minutes": 2880, "days": 7}],
        [],
    ]
    assert [(one["shift"], one["times"]) for one in shown["demand"]] == [
        ("N", ""),
        ("", "07:00-10:00"),
    ]
    assert shown["demand"][1]["cells"] == ["1+"] * 5 + ["", ""]
