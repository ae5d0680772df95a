"""Whole solves: what comes out, and what they survive."""

import os
import select
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count
from scheduling.solver.search import (
    Progress,
    SolveLimits,
    nearest,
    solve,
    solve_or_nearest,
)
from scheduling.solver.search.limits import MAX_SEED, MAX_WORKERS, LimitsError
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.search.portfolio import (
    FEASIBILITY,
    NEIGHBORHOODS,
    PROGRAM,
    Step,
    Turns,
    portfolio,
)
from scheduling.solver.search.worker import CRASHES_FORGIVEN
from scheduling.solver.verify import verify
from tests.scheduling.solver.search.wards import (
    SMALL_WARD_COSTS,
    random_instance,
    small_ward,
)

ODD = "tests.scheduling.solver.search.odd"
LONG = 60.0  # never reached where a solve ends by itself


def with_turns(monkeypatch: pytest.MonkeyPatch, *turns: Turns) -> None:
    def given(_instance: Instance, _limits: SolveLimits) -> list[Turns]:
        return list(turns)

    monkeypatch.setattr("scheduling.solver.search.coordinator.portfolio", given)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_small_ward_is_solved_and_proven(workers: int) -> None:
    solution = solve(small_ward(), limits=SolveLimits(seconds=LONG, workers=workers))

    assert solution.status == "optimal"
    assert solution.objective == solution.bound == SMALL_WARD_COSTS
    assert solution.gap == 0.0
    assert solution.roster is not None
    assert verify(small_ward(), solution.roster).objective == SMALL_WARD_COSTS
    assert solution.first_feasible_s is not None


def test_somebody_without_a_legal_row_proves_that_there_is_no_roster() -> None:
    ward = small_ward()
    torn = replace(ward.people[1], rules=(Count(name="least days", at_least=5),))
    instance = replace(ward, people=(ward.people[0], torn, ward.people[2]))

    solution = solve(instance, limits=SolveLimits(seconds=LONG))

    assert solution.status == "infeasible"
    assert solution.roster is None
    assert solution.objective is None


def test_a_demand_that_nobody_can_meet_proves_that_there_is_no_roster() -> None:
    ward = small_ward()
    hard = tuple(replace(demand, under_weight=None) for demand in ward.demands)

    solution = solve(replace(ward, demands=hard), limits=SolveLimits(seconds=LONG))

    assert solution.status == "infeasible"


def with_hard_cover(ward: Instance) -> Instance:
    hard = tuple(replace(demand, under_weight=None) for demand in ward.demands)
    return replace(ward, demands=hard)


def test_where_needs_cannot_be_met_the_roster_comes_out_that_lacks_least() -> None:
    """Twelve shifts can be worked of fourteen that are needed."""
    instance = with_hard_cover(small_ward())
    heard: list[Progress] = []

    solution = solve_or_nearest(
        instance, limits=SolveLimits(seconds=LONG), on_progress=heard.append
    )

    assert solution.status == "infeasible"
    assert solution.roster is not None
    verdict = verify(instance, solution.roster)
    assert {one.rule for one in verdict.hard} == {"cover"}
    assert sum(1 for _ in solution.roster.worked()) == 12
    assert (solution.objective, solution.gap) == (verdict.objective, None)
    assert all(progress.objective is None for progress in heard)


def test_no_wish_about_minutes_leaves_a_place_empty_that_can_be_filled() -> None:
    """A minute over one shift costs 1: a place must not be cheaper than a shift's minutes."""
    few_hours = Count(name="hours", unit="minutes", at_most=480, weight=1)
    ward = with_hard_cover(small_ward())
    people = tuple(replace(person, rules=(few_hours,)) for person in ward.people)

    solution = solve_or_nearest(
        replace(ward, people=people), limits=SolveLimits(seconds=LONG)
    )

    assert solution.roster is not None
    assert sum(1 for _ in solution.roster.worked()) == 12


def test_the_nearest_is_there_also_where_time_ends_before_the_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_turns(monkeypatch, (Step(module=NEIGHBORHOODS),))
    instance = with_hard_cover(small_ward())

    solution = solve(instance, limits=SolveLimits(seconds=2.0))

    assert (solution.status, solution.roster) == ("unknown", None)
    assert solution.near is not None
    assert {one.rule for one in verify(instance, solution.near).hard} == {"cover"}


def with_a_torn_person(ward: Instance) -> Instance:
    """Return the ward whose second person has five days fixed of four that are allowed."""
    fixed = tuple((day, "D") for day in range(5))
    torn = replace(ward.people[1], pinned=fixed)
    return replace(ward, people=(ward.people[0], torn, *ward.people[2:]))


@pytest.mark.parametrize(
    "turns",
    [
        pytest.param(None, id="as it is"),
        pytest.param((Step(module=PROGRAM),), id="proven without a name"),
    ],
)
@pytest.mark.parametrize(
    "ward", [small_ward(people=4), with_hard_cover(small_ward(people=4))]
)
def test_somebody_without_a_legal_row_has_the_one_that_breaks_least(
    turns: Turns | None, ward: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    if turns is not None:
        with_turns(monkeypatch, turns)
    instance, limits = with_a_torn_person(ward), SolveLimits(seconds=LONG)

    solution = nearest(instance, solve(instance, limits=limits), limits=limits)

    assert solution.status == "infeasible"
    assert solution.roster is not None
    verdict = verify(instance, solution.roster)
    (broken,) = verdict.hard
    assert (broken.person, broken.rule) == ("p1", "most days")
    assert solution.roster.rows[1] == ("D",) * 5 + (OFF, OFF)
    assert solution.objective == verdict.objective == 0  # who is left covers the rest


def test_a_published_problem_in_which_somebody_has_no_legal_row_has_no_roster() -> None:
    instance = with_a_torn_person(with_hard_cover(small_ward(people=4)))

    solution = solve_or_nearest(instance, limits=SolveLimits(seconds=LONG))

    assert (solution.status, solution.roster) == ("infeasible", None)


def test_all_who_have_no_legal_row_are_told_at_once() -> None:
    ward = small_ward(people=5)
    fixed = tuple((day, "D") for day in range(5))
    people = tuple(
        replace(person, pinned=fixed) if person.id in ("p1", "p3") else person
        for person in ward.people
    )

    solution = solve(replace(ward, people=people), limits=SolveLimits(seconds=LONG))

    assert solution.status == "infeasible"
    assert solution.without_row == ("p1", "p3")


def until_any(now: Progress) -> bool:
    return now.roster is None


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_hard_a_roster_comes_out(seed: int) -> None:
    instance = random_instance(seed, hard=1.0, people=3, days=8)

    limits = SolveLimits(seconds=LONG)

    solution = nearest(
        instance,
        solve(instance, limits=limits, on_progress=until_any),
        limits=limits,
        on_progress=until_any,
    )

    assert solution.roster is not None
    assert solution.objective == verify(instance, solution.roster).objective


def test_a_legal_roster_is_no_nearest() -> None:
    instance = with_hard_cover(small_ward(people=4))

    solution = solve_or_nearest(instance, limits=SolveLimits(seconds=LONG))

    assert (solution.status, solution.objective) == ("optimal", 0)
    assert solution.near is None


def test_a_demand_that_must_be_met_is_met() -> None:
    ward = small_ward(people=4)
    hard = replace(
        ward,
        demands=tuple(replace(demand, under_weight=None) for demand in ward.demands),
    )

    solution = solve(hard, limits=SolveLimits(seconds=LONG))

    assert solution.status == "optimal"
    assert solution.objective == 0
    assert solution.roster is not None
    assert verify(hard, solution.roster).is_legal


def test_no_to_progress_stops_and_keeps_the_best() -> None:
    instance = random_instance(3, hard=0.0, people=6, days=14)
    told: list[Progress] = []

    def stop_at_first(progress: Progress) -> bool:
        told.append(progress)
        return progress.objective is None

    solution = solve(
        instance, limits=SolveLimits(seconds=LONG), on_progress=stop_at_first
    )

    assert solution.roster is not None
    assert solution.objective == verify(instance, solution.roster).objective
    assert told[-1].objective == solution.objective
    assert sum(progress.objective is not None for progress in told) <= len(
        ("the first", "the last")
    )


def test_a_start_is_kept_until_something_is_better() -> None:
    start = Roster.of(small_ward(), {("p0", day): "D" for day in (1, 2, 3)})

    def stop(_progress: Progress) -> bool:
        return False

    solution = solve(
        small_ward(), limits=SolveLimits(seconds=LONG), start=start, on_progress=stop
    )

    assert solution.objective is not None
    assert solution.objective <= verify(small_ward(), start).objective


def test_an_illegal_start_is_handed_on_to_be_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_turns(monkeypatch, (Step(module=f"{ODD}.emptying"),))
    everybody = Roster(tuple(("D",) * 7 for _ in range(3)))

    solution = solve(small_ward(), limits=SolveLimits(seconds=LONG), start=everybody)

    assert not verify(small_ward(), everybody).is_legal
    assert solution.roster == Roster.empty(small_ward())


def test_a_crash_does_not_end_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    with_turns(
        monkeypatch,
        (Step(module=f"{ODD}.crashing"), Step(module=NEIGHBORHOODS)),
    )

    def enough(progress: Progress) -> bool:
        return progress.objective != SMALL_WARD_COSTS

    solution = solve(small_ward(), limits=SolveLimits(seconds=LONG), on_progress=enough)

    assert solution.objective == SMALL_WARD_COSTS


def begun_alone(instance: Instance) -> Step:
    """Return the first turn of one worker, its share over before it has begun."""
    ((first, *_proofs),) = portfolio(instance, SolveLimits(seconds=LONG, workers=1))
    return replace(first, share=1e-9)


def test_the_first_turn_of_one_worker_goes_on_until_there_is_a_roster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_turns(monkeypatch, (begun_alone(small_ward()),))

    solution = solve(small_ward(), limits=SolveLimits(seconds=LONG, workers=1))

    assert solution.roster is not None


def test_the_first_turn_of_one_worker_ends_where_needs_are_left_uncovered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = with_hard_cover(small_ward())
    with_turns(monkeypatch, (begun_alone(instance), Step(module=FEASIBILITY)))

    solution = solve(instance, limits=SolveLimits(seconds=LONG, workers=1))

    assert solution.status == "infeasible"


def test_an_illegal_roster_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    with_turns(monkeypatch, (Step(module=f"{ODD}.lying"),))

    solution = solve(small_ward(), limits=SolveLimits(seconds=LONG))

    assert solution.status == "unknown"
    assert solution.roster is None


def test_what_does_not_end_is_killed_and_its_roster_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_turns(monkeypatch, (Step(module=f"{ODD}.stubborn"),))
    ward = small_ward(str(tmp_path / "pid"))

    solution = solve(ward, limits=SolveLimits(seconds=4.0))

    assert solution.roster == Roster.empty(ward)
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_child_that_hears_nothing_ends_with_its_coordinator() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", f"{ODD}.coordinator"],
        stderr=subprocess.PIPE,
        text=True,
    ) as coordinator:
        assert coordinator.stderr is not None
        child = os.pidfd_open(int(coordinator.stderr.readline()))

        coordinator.kill()

        ended, _, _ = select.select([child], [], [], LONG)
    os.close(child)
    assert ended == [child]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_seed_and_work_give_the_same_roster(workers: int) -> None:
    instance = random_instance(5, hard=0.0, people=6, days=14)
    limits = SolveLimits(seconds=LONG, workers=workers, seed=7, deterministic=0.5)

    first, second = (solve(instance, limits=limits) for _ in range(2))

    assert first.roster is not None
    assert first.roster == second.roster
    assert first.wall_s < LONG


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seconds": 0}, "A time limit of 0 s lies outside"),
        ({"seconds": float("nan")}, "A time limit of nan s lies outside"),
        ({"workers": 0}, "0 workers: between 1 and 64 can search."),
        ({"seed": -1}, "A seed of -1 lies outside 0 to 2147483548."),
        ({"seed": MAX_SEED + 1}, "A seed of 2147483549 lies outside 0 to"),
        ({"deterministic": -1.0}, "-1.0 units of work: give a finite number above 0."),
        ({"deterministic": float("nan")}, "nan units of work: give a finite number"),
        ({"deterministic": float("inf")}, "inf units of work: give a finite number"),
    ],
)
def test_limits_that_cannot_be_kept_are_refused(
    change: dict[str, float], message: str
) -> None:
    with pytest.raises(LimitsError, match=message):
        SolveLimits(**{"seconds": 1.0, **change})  # type: ignore[arg-type]


def test_no_more_search_than_there_is_memory_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[int] = []

    def nobody(_instance: Instance, limits: SolveLimits) -> list[Turns]:
        given.append(limits.workers)
        return [()] * limits.workers

    monkeypatch.setattr("scheduling.solver.search.coordinator.portfolio", nobody)

    for workers in (2, MAX_WORKERS):
        solve(small_ward(), limits=SolveLimits(seconds=LONG, workers=workers))

    assert given == [2, 11]  # of 3,500 MiB, 300 each


def test_every_child_can_take_what_it_makes_of_the_largest_seed() -> None:
    limits = SolveLimits(seconds=LONG, workers=MAX_WORKERS, seed=MAX_SEED)
    steps = [step for turns in portfolio(small_ward(), limits) for step in turns]
    largest = MAX_SEED + max(step.seed for step in steps) + CRASHES_FORGIVEN

    answer = solve_cpsat(
        build(small_ward()).linear, budget=Budget(seconds=LONG, seed=largest)
    )

    assert answer.objective == SMALL_WARD_COSTS
