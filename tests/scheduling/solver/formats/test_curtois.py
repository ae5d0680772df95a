"""The shift scheduling benchmarks of Curtois and Qu, read and refused."""

import pytest

from scheduling.solver.errors import FormatError
from scheduling.solver.formats import read_instance
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import Count, Demand, Pattern, Request, Run, Weekends
from scheduling.solver.verify import verify
from tests.scheduling.solver.realdata import rostering_folder

SMALL = """\
# A comment
SECTION_HORIZON
# days
7

SECTION_SHIFTS
E,480,
L,450,E

SECTION_STAFF
# ID, MaxShifts, MaxTotalMinutes, MinTotalMinutes, ...
A,E=7|L=0,2400,960,3,2,2,1
B,E=2|L=7,2400,900,4,1,1,0

SECTION_DAYS_OFF
A,0,6
B,3

SECTION_SHIFT_ON_REQUESTS
A,2,E,4

SECTION_SHIFT_OFF_REQUESTS
B,1,L,3

SECTION_COVER
0,E,1,100,1
1,E,1,100,1
2,E,1,100,1
3,E,1,100,1
4,E,1,100,1
5,E,1,100,1
6,E,0,100,2
"""
LATE = "".join(f"{day},L,1,100,1\n" for day in range(7))


def small() -> Instance:
    return read_instance(SMALL, format="curtois", name="small")


def test_every_rule_of_the_staff_is_hard() -> None:
    instance = small()
    ann, bob = instance.people

    assert instance.days == 7
    assert instance.weekday(0) == 0
    assert [shift.minutes for shift in instance.shift_types] == [480, 450]
    assert instance.contract_by_id["everybody"].rules == (
        Pattern(name="L before E", days=(frozenset("L"), frozenset("E"))),
    )
    assert ann.barred == {"L"}
    assert ann.leave == {0, 6}
    assert ann.rules == (
        Count(name="most E shifts", shifts=frozenset("E"), at_most=7),
        Count(name="most hours", unit="minutes", at_most=2400),
        Count(name="fewest hours", unit="minutes", at_least=960),
        Run(name="most consecutive shifts", at_most=3),
        Run(name="fewest consecutive shifts", at_least=2),
        Run(name="fewest consecutive days off", of="off", at_least=2),
        Weekends(name="most weekends", at_most=1),
    )
    assert bob.rules[-1] == Weekends(name="most weekends", at_most=0)


def test_requests_and_cover_cost_their_weights() -> None:
    instance = small()

    assert instance.requests == (
        Request(
            person="A",
            day=2,
            shifts=frozenset("E"),
            is_on=True,
            weight=4,
            name="shift on requests",
        ),
        Request(
            person="B",
            day=1,
            shifts=frozenset("L"),
            is_on=False,
            weight=3,
            name="shift off requests",
        ),
    )
    assert len(instance.demands) == 7
    assert instance.demands[6] == Demand(
        day=6,
        shifts=frozenset("E"),
        at_least=0,
        at_most=0,
        under_weight=100,
        over_weight=2,
    )


def test_a_roster_costs_what_the_format_publishes() -> None:
    instance = small()
    roster = Roster(
        (
            ("", "E", "E", "", "", "", ""),
            ("E", "L", "L", "", "E", "", ""),
        )
    )

    verdict = verify(instance, roster)

    # E is missing on days 3 and 5, and B works L on day 1 against a wish.
    assert verdict.hard == ()
    assert verdict.penalties == {"cover": 200, "shift off requests": 3}
    assert verdict.objective == 203


def _with(old: str, new: str) -> str:
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        ("# only a comment\n", "The file is empty."),
        ("\x7fELF\x02\x01\x01\x00", "line 1: This is not text"),
        (SMALL[:200], "The file ends before SECTION_DAYS_OFF"),
        (SMALL[: SMALL.index("3,E,1,100,1")], "SECTION_COVER says nothing of day 3"),
        (
            SMALL + LATE.removesuffix("6,L,1,100,1\n"),
            "line 38: SECTION_COVER names L on every day but the last, day 6: is the",
        ),
        (SMALL[: SMALL.index("100,1\n6")], "line 31: A cover has 5 fields, not 4"),
        ("7\n" + SMALL, "line 1: '7' stands before the first section"),
        (_with("SECTION_SHIFTS\n", ""), "where SECTION_SHIFTS belongs"),
        (
            _with("SECTION_DAYS_OFF", "SECTION_COVER"),
            "line 15: 'SECTION_COVER' where SECTION_DAYS_OFF belongs",
        ),
        (SMALL + "SECTION_MORE\n", "'SECTION_MORE' where the end belongs"),
        (_with("# days\n7\n", ""), "SECTION_HORIZON holds one number"),
        (_with("# days\n7\n", "7\n8\n"), "line 4: SECTION_HORIZON holds one number"),
        (_with("# days\n7\n", "0\n"), "line 3: The horizon is 0, outside 1 to 400"),
        (_with("# days\n7\n", "x\n"), "line 3: The horizon is 'x', which is not"),
        (_with("L,450,E", "L,450,X"), "line 8: The shift 'X' is unknown"),
        (_with("L,450,E", "E,450,E"), "line 8: The shift E is there twice"),
        (_with("L,450,E", "L,-5,E"), "line 8: The length of shift L is -5, outside"),
        (_with("L,450,E", ",450,E"), "line 8: A shift's id needs 1 to 200 characters"),
        (_with("L,450,E", "L,1e3,E"), "is '1e3', which is not a whole number"),
        (_with("B,E=2|L=7", "A,E=2|L=7"), "line 13: The person A is there twice"),
        (_with("B,E=2|L=7", "B,E=2|X=7"), "line 13: The shift 'X' is unknown"),
        (_with("B,E=2|L=7", "B,E=2|E=7"), "line 13: The shift E is limited twice"),
        (_with("B,E=2|L=7", "B,E=2|L"), "line 13: 'L' is not of the form shift=number"),
        (
            _with("2400,960,3,2,2,1", "2400,960,3,999999999,2,1"),
            "line 12: The fewest consecutive shifts: at least 999999999 in a row are",
        ),
        (
            _with("2400,960,3,2,2,1", "2400,960,3,2,801,1"),
            "line 12: The fewest consecutive days off: at least 801 in a row are",
        ),
        (_with("2400,960", "900,960"), "line 12: At least 960 and at most 900 minutes"),
        (
            _with("2400,960", "99999999999,9"),
            "The most minutes is 99999999999, outside",
        ),
        (_with("A,0,6", "Z,0,6"), "line 16: The person 'Z' is unknown"),
        (_with("A,0,6", "A,0,7"), "line 16: The day is 7, outside 0 to 6"),
        (_with("A,0,6", "B,0,6"), "line 17: The days off of B are there twice"),
        (_with("A,2,E,4", "A,2,E"), "line 20: A request has 4 fields, not 3: 'A,2,E'"),
        (_with("A,2,E,4", "A,2,E,-4"), "line 20: The weight is -4, outside 0 to"),
        (_with("2,E,1,100,1", "1,E,1,100,1"), "The cover of E on day 1 is there twice"),
        (_with("2,E,1,100,1", "2,E,1,9" + "0" * 40 + ",1"), "not a whole number"),
    ],
)
def test_a_file_that_is_not_of_the_format_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_instance(text, format="curtois")

    assert message in str(refused.value)


def test_ten_thousand_people_are_refused_at_the_line_of_the_first_too_many() -> None:
    staff = "\n".join(f"P{place},E=7|L=0,2400,960,3,2,2,1" for place in range(10_000))

    with pytest.raises(FormatError) as refused:
        read_instance(_with("A,E=7|L=0,2400,960,3,2,2,1", staff), format="curtois")

    assert refused.value.line == 12 + 2000
    assert "There are more than 2000 people." in str(refused.value)


def test_a_last_day_that_needs_less_as_others_do_is_read() -> None:
    fewer = LATE.removeprefix("0,L,1,100,1\n").removesuffix("6,L,1,100,1\n")

    whole = read_instance(SMALL + LATE, format="curtois")
    less = read_instance(SMALL + fewer, format="curtois")

    assert (len(whole.demands), len(less.demands)) == (14, 12)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(FormatError, match="The format 'xml' is unknown"):
        read_instance(SMALL, format="xml")


def test_every_cut_of_a_file_is_either_read_or_refused() -> None:
    for length in range(len(SMALL)):
        try:
            read_instance(SMALL[:length], format="curtois")
        except FormatError:
            continue
        assert length > SMALL.index("6,E,0,100,2")


@pytest.mark.realdata
def test_the_published_instances_are_read() -> None:
    folder = rostering_folder("curtois")
    sizes = {
        path.stem: (instance.days, len(instance.people), len(instance.shift_types))
        for path in sorted(folder.glob("*.txt"))
        if (instance := read_instance(path.read_text(), format="curtois"))
    }

    assert sizes["Instance1"] == (14, 8, 1)
    assert sizes["Instance10"] == (28, 40, 5)
    assert sizes["Instance20"] == (182, 50, 6)
