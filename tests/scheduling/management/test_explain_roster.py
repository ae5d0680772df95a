"""What `explain_roster` prints, and how it ends."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

# One shift of eight hours; ann must work three and may work two.
PROBLEM = """SECTION_HORIZON
7
SECTION_SHIFTS
D,480,
SECTION_STAFF
ann,D=2,2400,1440,5,1,1,1
bob,D=7,2400,480,5,1,1,1
SECTION_DAYS_OFF
SECTION_SHIFT_ON_REQUESTS
SECTION_SHIFT_OFF_REQUESTS
SECTION_COVER
0,D,1,100,1
1,D,1,100,1
2,D,1,100,1
3,D,1,100,1
4,D,1,100,1
5,D,1,100,1
6,D,1,100,1
"""
WEEK = list(range(7))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return exit status, standard output and standard error."""
    status = 0
    try:
        call_command("explain_roster", *words)
    except SystemExit as end:
        status = int(end.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "problem.txt"
    path.write_text(PROBLEM)
    return path


def test_the_conflict_and_its_repairs_are_one_document(
    problem: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, str(problem), "--format", "curtois", "--json")

    answer = json.loads(out)
    assert status == 0
    assert answer["status"] == "infeasible"
    assert [
        (one["employee"], one["rule"], one["days"]) for one in answer["conflict"]
    ] == [("ann", "fewest hours", WEEK), ("ann", "most D shifts", WEEK)]
    assert [(one["change"], one["cost"]) for one in answer["repairs"]] == [
        ("Lower fewest hours of ann from 24 h to 16 h.", 10),
        ("Raise most D shifts of ann from 2 to 3.", 10),
    ]
    assert [one["code"] for one in answer["findings"]] == ["limits_contradict"]


def test_hours_that_the_days_do_not_hold_are_lowered(
    problem: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    week = PROBLEM.replace("HORIZON\n7", "HORIZON\n5")
    week = week.replace("ann,D=2,2400,1440,5", "ann,D=5,9000,3000,5")
    problem.write_text(week.replace("5,D,1,100,1\n6,D,1,100,1\n", ""))

    status, out, _ = run(capsys, str(problem), "--format", "curtois", "--json")

    answer = json.loads(out)
    assert (status, answer["status"]) == (0, "infeasible")
    assert [
        (one["employee"], one["rule"], one["days"]) for one in answer["conflict"]
    ] == [("ann", "fewest hours", [0, 1, 2, 3, 4])]
    assert [one["change"] for one in answer["repairs"]] == [
        "Lower fewest hours of ann from 50 h to 40 h."
    ]


def test_weekends_that_the_days_do_not_hold_are_told_without_dates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = {"kind": "weekends", "name": "weekends", "at_least": 1}
    problem = tmp_path / "problem.json"
    problem.write_text(
        json.dumps(
            {
                "format": "anji",
                "version": 1,
                "name": "five days",
                "start": "2026-06-01",
                "days": 5,
                "shift_types": [{"id": "D", "minutes": 480}],
                "people": [{"id": "ann", "rules": [rule]}],
            }
        )
    )

    status, out, _ = run(capsys, str(problem), "--format", "anji", "--json")

    answer = json.loads(out)
    assert (status, answer["status"]) == (0, "infeasible")
    assert answer["conflict"] == [
        {
            "employee": "ann",
            "rule": "weekends",
            "days": [],
            "message": "weekends of ann",
        }
    ]


def test_a_problem_with_a_roster_has_no_conflict(
    problem: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem.write_text(PROBLEM.replace("D=2", "D=3"))

    status, out, _ = run(capsys, str(problem), "--format", "curtois", "--json")

    answer = json.loads(out)
    assert status == 0
    assert (answer["status"], answer["conflict"], answer["repairs"]) == (
        "feasible",
        [],
        [],
    )


def test_a_person_reads_sentences(
    problem: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, str(problem), "--format", "curtois")

    assert status == 0
    assert out.splitlines()[0] == "No roster can keep every hard rule."
    assert "  Raise most D shifts of ann from 2 to 3. Cost 10." in out.splitlines()


def test_too_little_time_is_a_failure(
    problem: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (str(problem), "--format", "curtois", "--time-limit", "0.000001", "--json")

    status, out, _ = run(capsys, *words)

    assert (status, json.loads(out)["status"]) == (1, "unknown")


@pytest.mark.parametrize(
    ("text", "limit", "message"),
    [
        (PROBLEM[:40], "5", "error: line"),
        (PROBLEM, "nan", "error: a time limit of nan s"),
        (PROBLEM, "-1", "error: a time limit of -1.0 s"),
        (None, "5", "error: there is no file"),
    ],
)
def test_bad_input_ends_with_one_line(
    text: str | None,
    limit: str,
    message: str,
    problem: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if text is None:
        problem.unlink()
    else:
        problem.write_text(text)
    words = (str(problem), "--format", "curtois", f"--time-limit={limit}")

    status, out, err = run(capsys, *words)

    assert (status, out) == (2, "")
    assert err.startswith(message)
    assert err.count("\n") == 1


def test_bytes_that_are_no_text_are_refused(
    problem: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem.write_bytes(b"\xff\xfe\x00")

    status, _, err = run(capsys, str(problem), "--format", "curtois")

    assert status == 2
    assert "is no text in UTF-8" in err
