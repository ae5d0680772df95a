"""The second nurse rostering competition: a small run of two weeks, worked by hand."""

from pathlib import Path

import pytest

from scheduling.solver.errors import FormatError, InstanceError
from scheduling.solver.formats import read_instance
from scheduling.solver.formats.inrc2 import (
    Competition,
    NurseHistory,
    read_competition,
    read_history,
    read_scenario,
    read_solution,
    read_week,
    write_solution,
)
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Demand, Pattern, Run, Weekends
from scheduling.solver.verify import verify

SCENARIO = """\
SCENARIO = tiny

WEEKS = 2

SKILLS = 2
Head
Nurse

SHIFT_TYPES = 2
Early (2,5)
Night (1,3)

FORBIDDEN_SHIFT_TYPES_SUCCESSIONS
Early 0
Night 1 Early

CONTRACTS = 2
Full (8,10) (2,4) (2,3) 1 1
Part (4,5) (1,5) (1,14) 2 0

NURSES = 2
Ann Full 2 Head Nurse
Bob Part 1 Nurse
"""
HISTORY = """\
HISTORY
0 tiny

NURSE_HISTORY
Ann 0 0 Night 1 3 0
Bob 0 0 None 0 0 2
"""
WEEK = """\
WEEK_DATA
tiny

REQUIREMENTS
Early Head (0,0) (0,0) (0,0) (0,0) (0,0) (0,0) (0,0)
Early Nurse (1,2) (0,0) (0,0) (0,0) (0,0) (0,0) (0,1)
Night Head (0,0) (0,0) (0,0) (0,0) (0,0) (0,0) (0,0)
Night Nurse (0,0) (0,0) (0,0) (0,0) (0,0) (0,0) (0,0)

SHIFT_OFF_REQUESTS = 2
Bob Any Mon
Bob Night Wed
"""
SOLUTION = """\
SOLUTION
0 tiny

ASSIGNMENTS = 3
Ann Tue Early Head
Bob Mon Early Nurse
Bob Wed Night Nurse

Cost: 12
"""


def _run() -> Competition:
    scenario = read_scenario(SCENARIO)
    week = read_week(WEEK, scenario)
    return Competition(scenario, read_history(HISTORY, scenario), (week, week))


def _roster(*rows: str) -> Roster:
    """Return the roster of Ann and Bob: E and N as nurses, H an early as head."""
    cells = {"E": "Early:Nurse", "N": "Night:Nurse", "H": "Early:Head", "-": OFF}
    return Roster(tuple(tuple(cells[letter] for letter in row) for row in rows))


def test_a_shift_worked_in_a_skill_is_a_shift_type() -> None:
    whole = _run().whole()

    assert [
        (shift.id, shift.group, shift.skill, shift.is_night)
        for shift in whole.shift_types
    ] == [
        ("Early:Head", "Early", "Head", False),
        ("Early:Nurse", "Early", "Nurse", False),
        ("Night:Head", "Night", "Head", True),
        ("Night:Nurse", "Night", "Nurse", True),
    ]
    assert (whole.days, whole.weekday(0)) == (14, 0)


def test_the_competitions_rules_and_weights() -> None:
    whole = _run().whole()
    early = frozenset({"Early:Head", "Early:Nurse"})
    night = frozenset({"Night:Head", "Night:Nurse"})

    assert whole.rules_of(whole.people[0]) == (
        Run(
            name="consecutive Early shifts",
            of="shifts",
            shifts=early,
            at_least=2,
            at_most=5,
            weight=15,
        ),
        Run(
            name="consecutive Night shifts",
            of="shifts",
            shifts=night,
            at_least=1,
            at_most=3,
            weight=15,
        ),
        Pattern(name="Night before Early", days=(night, early)),
        Run(name="consecutive working days", at_least=2, at_most=4, weight=30),
        Run(name="consecutive days off", of="off", at_least=2, at_most=3, weight=30),
        Weekends(name="complete weekends", measure="complete", weight=30),
        Count(name="total assignments", at_least=8, at_most=10, weight=20),
        Weekends(name="total working weekends", at_most=1, weight=30),
    )
    assert Demand(
        day=0,
        shifts=frozenset({"Early:Nurse"}),
        at_least=2,
        under_weight=30,
        name="optimal cover",
    ) in (whole.demands)
    assert {request.weight for request in whole.requests} == {10}


def test_history_goes_on_into_the_horizon() -> None:
    ann, bob = _run().whole().people

    assert ann.history == (OFF, "Early:Head", "Early:Head", "Night:Head")
    assert bob.history == ("Early:Head", OFF, OFF)


def _costs(instance: Instance, roster: Roster) -> tuple[dict[str, int], list[str]]:
    verdict = verify(instance, roster)
    return verdict.penalties, [one.rule for one in verdict.hard]


def test_a_whole_horizon_worked_by_hand() -> None:
    roster = _roster("NE--EEEEE---EE", "E-N--E-E------")

    costs, hard = _costs(_run().whole(), roster)

    # Ann: three and two days before make five in a row, one too many; E alone on day 1;
    # N then E is forbidden; five in a row again; 9 of 8 to 10; two weekends, one allowed.
    # Bob: works two Mondays and a night against his wishes; E alone three times.
    assert hard == ["Night before Early"]
    assert costs == {
        "consecutive Early shifts": 15 + 3 * 15,
        "consecutive working days": 30 + 30,
        "total working weekends": 30,
        "optimal cover": 30,
        "requests": 30,
    }


def test_a_stage_shares_out_the_totals() -> None:
    run = _run()

    first = run.stage(run.history)

    assert first.days == 7
    assert first.people[0].rules == (
        Count(name="share of assignments", at_least=4, at_most=5, weight=20),
        Weekends(name="share of working weekends", at_most=1, weight=30),
    )


def test_the_last_stage_pays_for_the_whole() -> None:
    run = _run()
    history = run.after(run.history, _roster("-EE--EE", "E-N--E-"))

    last = run.stage(history)

    assert last.date_of(0).isoformat() == "2024-01-08"
    assert last.people[0].rules == (
        Count(name="total assignments", at_least=8, at_most=10, before=4, weight=20),
        Weekends(name="total working weekends", at_most=1, before=1, weight=30),
    )


def test_history_after_a_week() -> None:
    run = _run()

    after = run.after(run.history, _roster("NN--EEH", "-------"))

    assert after.week == 1
    assert after.nurses == {
        "Ann": NurseHistory(
            assignments=5, weekends=1, last_shift="Early", same_shift=3, worked=3
        ),
        "Bob": NurseHistory(rested=9),
    }


def test_history_adds_to_what_went_before() -> None:
    run = _run()

    after = run.after(run.history, _roster("NNNNNNN", "E------"))

    assert after.nurses["Ann"] == NurseHistory(
        assignments=7, weekends=1, last_shift="Night", same_shift=8, worked=10
    )


def test_solutions_are_read_and_written() -> None:
    scenario = read_scenario(SCENARIO)

    week, roster = read_solution(SOLUTION, scenario)

    assert (week, roster) == (0, _roster("-H-----", "E-N----"))
    assert write_solution(scenario, week=0, roster=roster) == SOLUTION[:-10]
    with pytest.raises(InstanceError, match="2 nurses and 7 days"):
        write_solution(scenario, week=0, roster=_roster("--", "--"))


def test_a_folder_holds_a_run(tmp_path: Path) -> None:
    files = {
        "Sc-tiny.txt": SCENARIO,
        "H0-tiny-1.txt": HISTORY,
        "WD-tiny-3.txt": WEEK,
        "WD-tiny-4.txt": WEEK.replace("Bob Night Wed", "Bob Night Oops"),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert read_competition(tmp_path, history=1, weeks=(3, 3)) == _run()
    with pytest.raises(FormatError, match="has 2 weeks, but 1 are named"):
        read_competition(tmp_path, history=1, weeks=(3,))
    with pytest.raises(FormatError, match=r"0 files H0-tiny-0\.txt, not one"):
        read_competition(tmp_path, history=0, weeks=(3, 3))
    with pytest.raises(FormatError, match=r"WD-tiny-4\.txt: line 12: The day 'Oops'"):
        read_competition(tmp_path, history=1, weeks=(3, 4))


def test_a_run_begins_with_the_history_of_its_first_week(tmp_path: Path) -> None:
    later = _with(HISTORY, "0 tiny", "1 tiny")
    (tmp_path / "Sc-tiny.txt").write_text(SCENARIO)
    (tmp_path / "H0-tiny-0.txt").write_text(later)
    why = r"line 2: .*The history is that of week 1: a run begins with that of week 0\."

    with pytest.raises(FormatError, match=why) as refused:
        read_competition(tmp_path, history=0, weeks=(3, 3))
    with pytest.raises(FormatError, match=r"line 25: The history is that of week 1"):
        read_instance(SCENARIO + later + WEEK + WEEK, format="inrc2")

    assert "H0-tiny-0.txt" in str(refused.value)


def test_one_text_holds_the_whole_horizon() -> None:
    text = SCENARIO + HISTORY + WEEK + WEEK

    assert read_instance(text, format="inrc2") == _run().whole()
    with pytest.raises(FormatError, match="A history and 2 weeks belong after"):
        read_instance(SCENARIO + HISTORY + WEEK, format="inrc2")


def _with(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        (_with(SCENARIO, "SCENARIO =", "HISTORY ="), "where SCENARIO = ... belongs"),
        (
            _with(SCENARIO, "WEEKS = 2", "WEEKS = 99"),
            "The weeks is 99, outside 1 to 57",
        ),
        (_with(SCENARIO, "SKILLS = 2", "SKILLS = 0"), "The number of SKILLS is 0"),
        (_with(SCENARIO, "Early (2,5)", "Early (5,2)"), "Early: 5 is more than 2"),
        (
            _with(SCENARIO, "Early (2,5)", "Early (999999999,999999999)"),
            "line 10: The range of Early: at least 999999999 in a row are more than any",
        ),
        (
            _with(SCENARIO, "(2,4) (2,3)", "(801,999) (2,3)"),
            "line 18: The working days in a row: at least 801 in a row",
        ),
        (
            _with(SCENARIO, "(2,4) (2,3)", "(2,999999999) (801,999)"),
            "line 18: The days off in a row: at least 801 in a row",
        ),
        (_with(SCENARIO, "Early (2,5)", "Early 2,5"), "not of the form (least,most)"),
        (
            _with(SCENARIO, "Early (2,5)", "Night (2,5)"),
            "The shift Night is there twice",
        ),
        (
            _with(SCENARIO, "Night 1 Early", "Night 2 Early"),
            "2 successions are announced",
        ),
        (_with(SCENARIO, "Night 1 Early", "Night 1 Day"), "The shift 'Day' is unknown"),
        (
            _with(SCENARIO, "Part (4,5)", "Full (4,5)"),
            "The contract Full is there twice",
        ),
        (
            _with(SCENARIO, "1 1\n", "1 2\n"),
            "The complete weekends is 2, outside 0 to 1",
        ),
        (_with(SCENARIO, "Bob Part", "Ann Part"), "The nurse Ann is there twice"),
        (_with(SCENARIO, "Bob Part", "Bob Half"), "The contract 'Half' is unknown"),
        (_with(SCENARIO, "2 Head Nurse", "3 Head Nurse"), "3 skills are announced"),
        (_with(SCENARIO, "NURSES = 2", "NURSES = 3"), "ends within or before NURSES"),
        (_with(SCENARIO, "NURSES = 2", "NURSES = 9999"), "9999, outside 1 to 2000"),
        (SCENARIO + "more\n", "'more' where the end belongs"),
    ],
)
def test_a_scenario_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_scenario(text)

    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_with(HISTORY, "0 tiny", "2 tiny"), "line 2: The week is 2, outside 0 to 1"),
        (_with(HISTORY, "0 tiny", "0 huge"), "line 2: The scenario 'huge' is unknown"),
        (_with(HISTORY, "Bob 0", "Ann 0"), "line 6: The nurse Ann is there twice"),
        (_with(HISTORY, "Bob 0", "Cid 0"), "line 6: The nurse 'Cid' is unknown"),
        (_with(HISTORY, "Night 1 3 0", "Late 1 3 0"), "The shift 'Late' is unknown"),
        (_with(HISTORY, "Night 1 3 0", "Night 4 3 0"), "The days in a row of the last"),
        (_with(HISTORY, "None 0 0 2", "None 0 1 2"), "worked no days in a row"),
        (_with(HISTORY, "None 0 0 2", "None 0 0"), "has 7 fields, not 6"),
        (_with(HISTORY, "None 0 0 2", "None 0 0 -2"), "A count is -2, outside 0"),
        (HISTORY[: HISTORY.index("Bob")], "ends within or before NURSE_HISTORY"),
    ],
)
def test_a_history_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_history(text, read_scenario(SCENARIO))

    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_with(WEEK, "tiny", "huge"), "line 2: The scenario 'huge' is unknown"),
        (_with(WEEK, "Early Head", "Early Nurse"), "requirement Early Nurse is there"),
        (_with(WEEK, "Night Head", "Day Head"), "line 7: The shift 'Day' is unknown"),
        (_with(WEEK, "(1,2)", "(2,1)"), "line 6: The need on Mon: 2 is more than 1"),
        (_with(WEEK, "(1,2) ", ""), "line 6: A requirement has 9 fields, not 8"),
        (_with(WEEK, "Bob Any Mon", "Cid Any Mon"), "The nurse 'Cid' is unknown"),
        (_with(WEEK, "Bob Any Mon", "Bob Any Moon"), "The day 'Moon' is unknown"),
        (_with(WEEK, "REQUESTS = 2", "REQUESTS = 3"), "within or before SHIFT_OFF"),
        (_with(WEEK, "REQUESTS = 2", "REQUESTS = 1"), "'Bob Night Wed' where the end"),
    ],
)
def test_a_week_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_week(text, read_scenario(SCENARIO))

    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_with(SOLUTION, "Bob Wed", "Bob Mon"), "line 7: Bob works twice on Mon"),
        (_with(SOLUTION, "Bob Wed", "Cid Wed"), "line 7: The nurse 'Cid' is unknown"),
        (_with(SOLUTION, "Early Head", "Early Boss"), "The skill 'Boss' is unknown"),
        (_with(SOLUTION, "Early Head", "Early"), "An assignment has 4 fields, not 3"),
        (_with(SOLUTION, "= 3", "= 99"), "The number of ASSIGNMENTS is 99"),
    ],
)
def test_a_solution_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_solution(text, read_scenario(SCENARIO))

    assert message in str(refused.value)


def test_every_cut_of_a_file_is_refused_or_read() -> None:
    scenario = read_scenario(SCENARIO)
    readers = (
        (SCENARIO, read_scenario),
        (HISTORY, lambda text: read_history(text, scenario)),
        (WEEK, lambda text: read_week(text, scenario)),
        (SOLUTION[:-10], lambda text: read_solution(text, scenario)),
    )
    for text, read in readers:
        for length in range(0, text.rindex("\n", 0, -2) + 1, 5):
            with pytest.raises(FormatError):
                read(text[:length])
