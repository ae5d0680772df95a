"""A competition run solved as it is played: each week without knowing the next."""

import re
import time
from dataclasses import replace
from pathlib import Path

from hospital.core.verbs import BadInput
from scheduling.solver.formats.inrc2 import Competition, read_competition
from scheduling.solver.roster import Roster
from scheduling.solver.search import (
    Progress,
    Solution,
    SolveLimits,
    Status,
    solve_or_nearest,
)
from scheduling.solver.search.limits import OnProgress, gap_between
from scheduling.solver.verify import verify


def read_run(folder: Path, *, history: int, weeks: str) -> Competition:
    """Return the run that `--history H --weeks 2-9-8-9` names.

    Raises:
        BadInput: The weeks are not numbers joined by hyphens.
        FormatError: A file is missing or not what the format says.
    """
    if not re.fullmatch(r"\d{1,3}(-\d{1,3})*", weeks, re.ASCII):
        message = f"{weeks!r} names no weeks: give their numbers, as --weeks 2-9-8-9"
        raise BadInput(message)
    numbers = [int(week) for week in weeks.split("-")]
    return read_competition(folder, history=history, weeks=numbers)


def solve_stages(
    run: Competition, *, limits: SolveLimits, on_progress: OnProgress
) -> Solution:
    """Return the roster of the whole horizon, made week by week in equal time.

    Nothing is proven of the whole but that no cost is below 0. Nobody works in a week for
    which there was no roster in time, and in those after a stop.
    """
    began = time.monotonic()
    history = run.history
    rosters: list[Roster] = []
    firsts: list[float] = []
    is_stopped = False

    def told(progress: Progress) -> bool:
        nonlocal is_stopped
        is_stopped = on_progress(progress) is False or is_stopped
        return not is_stopped

    for left in range(len(run.weeks), 0, -1):
        spent = time.monotonic() - began
        seconds = (limits.seconds - spent) / left
        week = run.stage(history)
        roster = Roster.empty(week)
        if not is_stopped:
            stage = solve_or_nearest(
                week,
                limits=replace(limits, seconds=max(seconds, 0.1)),
                on_progress=told,
            )
            roster = stage.roster or roster
            firsts.append(spent + (stage.first_feasible_s or 0.0))
        rosters.append(roster)
        history = run.after(history, roster)
    whole = run.whole()
    joined = run.joined(rosters)
    verdict, bound = verify(whole, joined), float(whole.offset)
    objective = verdict.objective
    proven: Status = "optimal" if objective <= bound else "feasible"
    return Solution(
        status=proven if verdict.is_legal else "unknown",
        roster=joined,
        objective=objective,
        bound=bound,
        gap=gap_between(objective, bound) if verdict.is_legal else None,
        first_feasible_s=firsts[-1] if verdict.is_legal else None,
        wall_s=time.monotonic() - began,
    )
