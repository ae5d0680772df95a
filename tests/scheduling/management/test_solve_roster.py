"""What `solve_roster` prints, writes and refuses."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from scheduling.management.age import process_age_s
from scheduling.solver.formats import read_roster_csv, to_json
from scheduling.solver.instance import Instance
from scheduling.solver.verify import verify
from tests.scheduling.solver.formats import test_inrc2 as inrc2
from tests.scheduling.solver.realdata import rostering_folder
from tests.scheduling.solver.search.wards import (
    SMALL_WARD_COSTS,
    random_instance,
    small_ward,
)

ROOT = Path(__file__).parents[3]
TOO_LONG = 300 * "x"  # for a file's name
LONG_S = 300  # never reached where a search is stopped


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    return written(small_ward(), tmp_path)


def written(instance: Instance, folder: Path) -> Path:
    path = folder / "ward.json"
    path.write_text(json.dumps(to_json(instance)), encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return exit status, standard output and standard error."""
    status = 0
    try:
        call_command("solve_roster", *words)
    except SystemExit as end:
        status = int(end.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def loaded_by(*words: str) -> set[str]:
    """Return the modules that a process of its own has loaded once it is done."""
    program = (
        "import json, sys, manage\n"
        "try:\n    manage.main()\n"
        "finally:\n    print('\\n' + json.dumps(list(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_a_limit_is_not_spent_on_loading_the_platform(ward: Path) -> None:
    loaded = loaded_by("solve_roster", str(ward), "--format=anji", "--time-limit=60")

    assert "scheduling.solver.search.coordinator" in loaded
    assert not loaded & {"hospital.settings", "rest_framework", "redis"}


@pytest.fixture(autouse=True)
def young_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the limit now, not when the tests began."""
    monkeypatch.setattr(
        "scheduling.management.commands.solve_roster.process_age_s", lambda: 0.0
    )


def test_a_ward_is_solved_written_and_told(
    ward: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "roster.csv"

    status, said, _ = run(
        capsys,
        str(ward),
        "--format=anji",
        "--time-limit=60",
        f"--out={out}",
        "--json",
    )

    document = json.loads(said)
    assert status == 0
    assert document["status"] == "optimal"
    assert document["objective"] == document["bound"] == SMALL_WARD_COSTS
    assert document["gap"] == 0.0
    assert document["penalties"] == {"cover": SMALL_WARD_COSTS}
    assert document["hard_violations"] == 0
    assert set(document) == {
        "status",
        "objective",
        "bound",
        "gap",
        "first_feasible_s",
        "wall_s",
        "penalties",
        "hard_violations",
    }
    roster = read_roster_csv(small_ward(), out.read_text())
    assert verify(small_ward(), roster).objective == SMALL_WARD_COSTS


def test_a_start_is_read(
    ward: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = tmp_path / "start.csv"
    start.write_text("employee,day,shift\np0,1,D\np0,2,D\n")

    status, said, _ = run(
        capsys,
        str(ward),
        "--format=anji",
        "--time-limit=0.001",  # too short to find a roster of its own
        f"--start={start}",
    )

    began_from = read_roster_csv(small_ward(), start.read_text())
    assert status == 0
    assert f"objective {verify(small_ward(), began_from).objective}," in said


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["no.json", "--format=anji", "--time-limit=5"], "error: there is no file"),
        (["{ward}", "--format=anji", "--time-limit=0"], "error: A time limit of 0.0 s"),
        (["{ward}", "--format=anji", "--time-limit=nan"], "error: A time limit of nan"),
        (
            ["{ward}", "--format=anji", "--time-limit=5", "--deterministic=nan"],
            "error: nan units of work: give a finite number above 0.\n",
        ),
        (
            ["{ward}", "--format=anji", "--time-limit=5", "--deterministic=inf"],
            "error: inf units of work: give a finite number above 0.\n",
        ),
        (
            ["{ward}", "--format=anji", "--time-limit=5", "--seed=2147483648"],
            "error: A seed of 2147483648 lies outside 0 to 2147483548.\n",
        ),
        (["{ward}", "--format=curtois", "--time-limit=5"], "error: "),
        (
            ["{ward}", "--format=anji", "--time-limit=5", "--out=no/where.csv"],
            "error: there is no folder no for where.csv: make it first",
        ),
        (
            ["{ward}", "--format=anji", "--time-limit=5", "--out={folder}"],
            "error: {folder} cannot be written: Is a directory\n",
        ),
        (
            ["{ward}", "--format=anji", "--time-limit=5", f"--out={TOO_LONG}"],
            f"error: {TOO_LONG} cannot be written: File name too long\n",
        ),
        (
            ["{ward}", "--format=anji", "--time-limit=5", "--start=none.csv"],
            "error: there is no file none.csv",
        ),
        (
            ["{folder}", "--format=inrc2", "--time-limit=5", "--weeks=a-b"],
            "error: 'a-b' names no weeks: give their numbers, as --weeks 2-9-8-9",
        ),
        (
            ["{folder}", "--format=inrc2", "--time-limit=5", "--start={ward}"],
            "error: {folder} is solved week by week: leave out --start\n",
        ),
    ],
)
def test_bad_input_is_refused_in_one_line(
    words: list[str],
    error: str,
    ward: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled = [word.format(ward=ward, folder=ward.parent) for word in words]

    status, said, told = run(capsys, *filled)

    assert status == 2
    assert said == ""
    assert told.count("\n") == 1
    assert told.startswith(error.format(folder=ward.parent))


def test_an_unknown_format_is_refused_in_one_line(ward: Path) -> None:
    words = (str(ward), "--format=nrp", "--time-limit=5")

    done = subprocess.run(
        [sys.executable, "manage.py", "solve_roster", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("error: argument --format: invalid choice: 'nrp'")
    assert done.stderr.endswith("; see --help\n")


def test_a_number_of_hundreds_of_digits_is_refused_in_one_line(
    ward: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(ward.read_text())
    document["people"][0]["fte"] = 10**400
    ward.write_text(json.dumps(document))

    status, said, told = run(capsys, str(ward), "--format=anji", "--time-limit=5")

    assert (status, said, told) == (
        2,
        "",
        "error: people[0].fte: The number lies outside -1000000000 to 1000000000.\n",
    )


def test_sigterm_stops_a_search_and_keeps_its_best(tmp_path: Path) -> None:
    instance = random_instance(5, hard=0.0, people=12, days=28)
    ward, out = written(instance, tmp_path), tmp_path / "roster.csv"
    words = [str(ward), "--format=anji", f"--time-limit={LONG_S}", f"--out={out}"]

    with subprocess.Popen(
        [sys.executable, "manage.py", "solve_roster", *words, "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as search:
        assert search.stderr is not None
        while "none yet" in search.stderr.readline():
            pass
        search.send_signal(signal.SIGTERM)
        said, _ = search.communicate()

    document = json.loads(said)
    assert search.returncode == 0
    assert document["status"] == "feasible"
    assert document["wall_s"] < LONG_S / 2  # it did not go on to its limit
    kept = read_roster_csv(instance, out.read_text())
    assert verify(instance, kept).objective == document["objective"]


def test_the_same_seed_and_units_of_work_write_the_same_roster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ward = written(random_instance(5, hard=0.0, people=6, days=14), tmp_path)
    limits = ("--deterministic=1", "--seed=7", f"--time-limit={LONG_S}")
    outs = [tmp_path / "first.csv", tmp_path / "second.csv"]

    told = [
        run(capsys, str(ward), "--format=anji", *limits, f"--out={out}", "--json")
        for out in outs
    ]

    documents = [json.loads(said) for _status, said, _ in told]
    assert [status for status, _said, _ in told] == [0, 0]
    assert documents[0]["objective"] == documents[1]["objective"]
    assert max(one["wall_s"] for one in documents) < LONG_S / 2  # the work ended it
    assert len(outs[0].read_text().splitlines()) > 1
    assert outs[0].read_text() == outs[1].read_text()


def test_where_everybody_is_on_leave_nobody_works_and_all_is_uncovered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = small_ward()
    away = frozenset(range(plain.days))
    people = tuple(replace(person, leave=away) for person in plain.people)
    ward, out = written(replace(plain, people=people), tmp_path), tmp_path / "out.csv"

    status, said, _ = run(
        capsys, str(ward), "--format=anji", "--time-limit=60", f"--out={out}", "--json"
    )

    document = json.loads(said)
    assert (status, document["status"], document["hard_violations"]) == (
        0,
        "optimal",
        0,
    )
    assert document["objective"] == 7 * 2 * 10  # two lack on each of seven days
    assert document["penalties"] == {"cover": 140}
    assert out.read_text().splitlines() == ["employee,day,shift"]


def test_a_run_whose_first_history_is_a_later_weeks_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Sc-tiny.txt").write_text(inrc2.SCENARIO)
    (tmp_path / "H0-tiny-0.txt").write_text(inrc2.HISTORY.replace("0 tiny", "1 tiny"))
    words = (str(tmp_path), "--format=inrc2", "--weeks=3-3", "--time-limit=5")

    status, said, told = run(capsys, *words)

    assert (status, said, told.count("\n")) == (2, "", 1)
    assert "H0-tiny-0.txt" in told
    assert "a run begins with that of week 0" in told


def test_a_place_that_is_tried_is_left_as_it_was(
    tmp_path: Path, ward: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("kept\n")

    for out in (old, new):
        run(capsys, str(ward), "--format=anji", "--time-limit=0", f"--out={out}")

    assert old.read_text() == "kept\n"
    assert not new.exists()


def test_a_roster_that_cannot_be_written_is_told_all_the_same(
    ward: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said, told = run(
        capsys,
        str(ward),
        "--format=anji",
        "--time-limit=60",
        "--out=/dev/full",
        "--json",
    )

    assert status == 1
    assert json.loads(said)["objective"] == SMALL_WARD_COSTS
    assert told.splitlines()[-1] == (
        "error: /dev/full cannot be written: No space left on device"
    )


def test_needs_that_cannot_be_met_are_told_beside_the_roster_that_lacks_least(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = small_ward()
    hard = tuple(replace(demand, under_weight=None) for demand in plain.demands)
    ward, out = tmp_path / "ward.json", tmp_path / "roster.csv"
    ward.write_text(json.dumps(to_json(replace(plain, demands=hard))))

    status, said, _ = run(
        capsys, str(ward), "--format=anji", "--time-limit=60", f"--out={out}", "--json"
    )

    document = json.loads(said)
    assert (status, document["status"], document["gap"]) == (0, "infeasible", None)
    assert document["hard_violations"] in {1, 2}  # two lack on one day, or on two
    assert document["objective"] == sum(document["penalties"].values())
    assert len(out.read_text().splitlines()) == 1 + 12


@pytest.mark.realdata
def test_the_published_impossible_instance_is_proven_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = rostering_folder("curtois").parent / "infeasible_example.txt"

    status, said, _ = run(
        capsys, str(path), "--format=curtois", "--time-limit=60", "--json"
    )

    document = json.loads(said)
    assert status == 0
    assert document["status"] == "infeasible"
    assert document["objective"] is None


@pytest.mark.realdata
def test_a_competition_run_is_solved_week_by_week(
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = rostering_folder("inrc2") / "n005w4"

    status, said, _ = run(
        capsys,
        str(folder),
        "--format=inrc2",
        "--history=0",
        "--weeks=1-2-3-3",
        "--time-limit=16",
        "--json",
    )

    document = json.loads(said)
    assert status == 0
    assert document["hard_violations"] == 0
    assert document["objective"] == sum(document["penalties"].values())


def test_a_process_is_some_seconds_old_at_most_as_long_as_the_machine_runs() -> None:
    assert 0.0 < process_age_s() < 24 * 3600
