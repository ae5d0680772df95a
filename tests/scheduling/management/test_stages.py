"""A run of weeks, and what is left of it where it is stopped."""

import pytest

from scheduling.management.stages import solve_stages
from scheduling.solver.formats.inrc2 import (
    Competition,
    read_history,
    read_scenario,
    read_week,
)
from scheduling.solver.instance import Instance
from scheduling.solver.search import Progress, Solution, SolveLimits
from scheduling.solver.search.portfolio import Turns, portfolio
from scheduling.solver.verify import verify
from tests.scheduling.solver.formats.test_inrc2 import HISTORY, SCENARIO, WEEK

LONG = 60.0  # never reached: a week is stopped, or solved to its end
DAYS = 7


@pytest.fixture
def two_weeks() -> Competition:
    scenario = read_scenario(SCENARIO)
    week = read_week(WEEK, scenario)
    return Competition(scenario, read_history(HISTORY, scenario), (week, week))


def test_a_stop_keeps_the_week_that_is_searched(two_weeks: Competition) -> None:
    solution = solve_stages(
        two_weeks, limits=SolveLimits(seconds=LONG), on_progress=until_any
    )

    assert solution.roster is not None
    days = [day for _, day, _ in solution.roster.worked()]
    assert days
    assert max(days) < DAYS
    assert missing(two_weeks, solution) == [DAYS]


def test_a_week_without_a_roster_leaves_the_others_theirs(
    two_weeks: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody searches the first week, as if its time were over."""
    first = two_weeks.stage(two_weeks.history)

    def late(instance: Instance, limits: SolveLimits) -> list[Turns]:
        is_first = instance.people[0].history == first.people[0].history
        return [()] if is_first else portfolio(instance, limits)

    monkeypatch.setattr("scheduling.solver.search.coordinator.portfolio", late)

    solution = solve_stages(
        two_weeks, limits=SolveLimits(seconds=LONG), on_progress=until_any
    )

    assert solution.roster is not None
    days = [day for _, day, _ in solution.roster.worked()]
    assert days
    assert min(days) >= DAYS
    assert missing(two_weeks, solution) == [0]


def until_any(progress: Progress) -> bool:
    return progress.roster is None


def missing(run: Competition, solution: Solution) -> list[int]:
    """Return the days that lack somebody, of a whole that is judged as it is."""
    assert solution.roster is not None
    verdict = verify(run.whole(), solution.roster)
    assert solution.status == "unknown"
    assert (solution.objective, solution.gap) == (verdict.objective, None)
    assert solution.first_feasible_s is None
    return [one.days[0] for one in verdict.hard]
