"""The published solutions of the second competition, judged as its validator does."""

import re

import pytest

from scheduling.solver.formats.inrc2 import (
    Competition,
    read_competition,
    read_solution,
    write_solution,
)
from scheduling.solver.roster import Roster
from scheduling.solver.verify import verify
from tests.scheduling.solver.realdata import rostering_folder

pytestmark = pytest.mark.realdata

WEEKS = (1, 2, 3, 3)
VALIDATED = {
    "Total assignment constraints": ("total assignments",),
    "Consecutive constraints": (
        "consecutive working days",
        "consecutive Early shifts",
        "consecutive Late shifts",
        "consecutive Night shifts",
    ),
    "Non working days constraints": ("consecutive days off",),
    "Preferences": ("requests",),
    "Max working weekend": ("total working weekends",),
    "Complete weekends": ("complete weekends",),
    "Optimal coverage constraints": ("optimal cover",),
}


def _published() -> tuple[Competition, list[Roster]]:
    folder = rostering_folder("inrc2") / "n005w4"
    run = read_competition(folder, history=0, weeks=WEEKS)
    solved = folder / "Solution_H_0-WD_1-2-3-3"
    texts = [
        (solved / f"Sol-n005w4-{week}-{place}.txt").read_text()
        for place, week in enumerate(WEEKS)
    ]
    return run, [read_solution(text, run.scenario)[1] for text in texts]


def test_each_cost_is_the_validators() -> None:
    run, rosters = _published()
    folder = rostering_folder("inrc2") / "n005w4" / "Solution_H_0-WD_1-2-3-3"
    report = (folder / "validator.txt").read_text()

    verdict = verify(run.whole(), run.joined(rosters))

    assert verdict.hard == ()
    for told, rules in VALIDATED.items():
        found = re.search(rf"^{told}: (\d+)$", report, re.MULTILINE)
        assert found is not None, told
        cost = sum(verdict.penalties.get(rule, 0) for rule in rules)
        assert cost == int(found[1]), told
    assert verdict.objective == 1695


def test_the_weeks_add_up_to_the_horizon() -> None:
    run, rosters = _published()
    whole = verify(run.whole(), run.joined(rosters)).penalties
    history = run.history
    added: dict[str, int] = {}

    for roster in rosters:
        for rule, cost in verify(run.stage(history), roster).penalties.items():
            added[rule] = added.get(rule, 0) + cost
        history = run.after(history, roster)

    for rule, cost in whole.items():
        if not rule.startswith("total"):
            assert added[rule] == cost, rule
    assert history.week == 4
    assert history.nurses["Patrick"].assignments == 23
    assert history.nurses["Patrick"].weekends == 4


def test_a_solution_is_written_as_it_was_read() -> None:
    run, rosters = _published()

    for week, roster in enumerate(rosters):
        text = write_solution(run.scenario, week=week, roster=roster)
        assert read_solution(text, run.scenario) == (week, roster)
