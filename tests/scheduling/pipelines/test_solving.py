"""From a roster's rows to a better roster, by the real search and the real job runner."""

import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from hospital.accounts.models import User
from hospital.jobs.models import Job, JobState
from hospital.jobs.reaper import reap
from hospital.jobs.runner import run_job
from hospital.jobs.services import request_cancellation
from scheduling.demo.ward import by_hand, ward
from scheduling.models import Roster, Run
from scheduling.pipelines import solving
from scheduling.problems import as_rows, cells_of, grid_of, instance_of, judged
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.problem_changes import change_problem
from scheduling.services.rosters import Problem, create_roster
from scheduling.services.runs import Found, keep_run
from scheduling.solver.formats import to_json
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.verify import verify
from tests.scheduling.wards import DAY, NIGHT, make_run

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 60.0  # a busy machine


@pytest.fixture
def big_roster(manager: User) -> Roster:
    """A ward of twenty: its best roster is not proven within seconds."""
    instance = ward(date(2026, 6, 1), name="Ward", timezone="")
    return create_roster(
        author=manager,
        department=manager.departments.get(),
        name="Ward",
        problem=Problem("anji", data=to_json(instance)),
    )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """The events of the job, as they would go out."""
    events: list[dict[str, object]] = []
    monkeypatch.setattr(
        solving, "publish", lambda topic, event, data: events.append(dict(data))
    )
    return events


def solved(run: Run) -> Run:
    run_job(run.job_id)
    return Run.objects.select_related("job").get(pk=run.pk)


def wait_for(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not seen():
        assert time.monotonic() < deadline, "It did not come in time."
        time.sleep(0.05)


def test_a_search_ends_with_its_roster_in_the_working_copy(
    roster: Roster, told: list[dict[str, object]]
) -> None:
    run = solved(make_run(roster, time_limit_s=20))

    newest = Roster.objects.get()
    verdict = verify(instance_of(newest), grid_of(newest))
    assert run.job.state == JobState.SUCCEEDED, run.job.error
    assert (run.status, run.objective, run.bound, run.gap) == ("optimal", 0, 0.0, 0.0)
    assert (verdict.objective, verdict.hard) == (0, ())
    assert run.applied is not None
    assert run.job.result["objective"] == 0
    assert run.job.result["run"] == str(run.pk)
    assert {"objective", "bound", "gap", "elapsed_s"} <= set(told[-1])
    assert told[-1]["state"] == "succeeded"


def test_locked_cells_stay_as_they_are(roster: Roster, manager: User) -> None:
    change_cells(
        roster=roster,
        author=manager,
        changes=[
            CellChange("P0", 0, NIGHT, is_locked=True),
            CellChange("P1", 0, "", is_locked=True),
            CellChange("P2", 6, DAY, is_locked=True),
        ],
        expected_version=None,
    )

    run = solved(make_run(Roster.objects.get(), time_limit_s=20))

    cells = cells_of(roster)
    assert run.objective == 0
    assert (cells["P0", 0], cells["P2", 6]) == (NIGHT, DAY)
    assert ("P1", 0) not in cells


def test_cells_locked_against_the_rules_cost_their_person_alone(
    roster: Roster, manager: User
) -> None:
    change_cells(
        roster=roster,
        author=manager,
        changes=[
            CellChange("P0", 0, NIGHT, is_locked=True),
            CellChange("P0", 1, DAY, is_locked=True),
        ],
        expected_version=None,
    )

    run = solved(make_run(Roster.objects.get(), time_limit_s=20))

    newest, cells = Roster.objects.get(), cells_of(roster)
    (broken,) = verify(instance_of(newest), grid_of(newest)).hard
    assert (run.job.state, run.status) == (JobState.SUCCEEDED, "infeasible")
    assert (broken.person, broken.days) == ("P0", (0, 1))
    assert run.hard_violations == 1
    assert (cells["P0", 0], cells["P0", 1]) == (NIGHT, DAY)
    assert {day for _person, day in cells} == set(range(7))  # the others cover the week
    assert run.applied is not None


def test_needs_that_cannot_be_met_leave_a_roster_with_what_is_uncovered(
    roster: Roster, manager: User
) -> None:
    """Two of each shift are needed of three people, and nobody may do without."""

    def harder(instance: Instance) -> Instance:
        hard = [replace(one, at_least=2, under_weight=None) for one in instance.demands]
        return replace(instance, demands=tuple(hard))

    change_problem(roster=roster, author=manager, expected_version=None, change=harder)

    run = solved(make_run(Roster.objects.get(), time_limit_s=8))

    newest = Roster.objects.get()
    verdict = verify(instance_of(newest), grid_of(newest))
    assert run.job.state == JobState.SUCCEEDED, run.job.error
    assert run.status in {"infeasible", "unknown"}  # proven in time, or not
    assert run.applied is not None
    assert {one.rule for one in verdict.hard} == {"cover"}
    assert run.hard_violations == len(verdict.hard) >= 7  # some shift of each day


@pytest.mark.slow
def test_a_stopped_search_keeps_its_best_roster(big_roster: Roster) -> None:
    run = make_run(big_roster, time_limit_s=60 * PATIENCE_S)
    worker = threading.Thread(target=lambda: (run_job(run.job_id), connection.close()))
    worker.start()
    wait_for(lambda: bool(Run.objects.get(pk=run.pk).cells))

    request_cancellation(job=run.job)
    wait_for(lambda: Job.objects.get(pk=run.job_id).state == JobState.CANCELLED)
    worker.join()

    kept = Run.objects.get(pk=run.pk)
    newest = Roster.objects.get()
    assert kept.status == "feasible"
    assert kept.applied is not None
    assert kept.objective == judged(newest).verdict.objective
    assert judged(newest).verdict.hard == ()


@pytest.mark.slow
def test_a_killed_worker_leaves_its_best_roster(big_roster: Roster) -> None:
    run = make_run(big_roster, time_limit_s=60)
    connection.close()  # the child opens its own
    worker = multiprocessing.get_context("fork").Process(
        target=run_job, args=(run.job_id,)
    )
    worker.start()
    wait_for(lambda: bool(Run.objects.get(pk=run.pk).cells))

    worker.kill()
    worker.join()
    kept = Run.objects.get(pk=run.pk)
    Job.objects.filter(pk=run.job_id).update(lease_until=timezone.now())
    reap()
    Job.objects.filter(pk=run.job_id).update(run_after=None)
    Run.objects.filter(pk=run.pk).update(spent_s=59.5)
    ended = solved(run)

    assert kept.status == "feasible"
    assert kept.objective is not None
    assert (ended.job.state, ended.job.attempts) == (JobState.SUCCEEDED, 2)
    assert ended.objective is not None
    assert ended.objective <= kept.objective
    assert judged(Roster.objects.get()).verdict.objective == ended.objective


def test_an_attempt_goes_on_from_the_best_that_was_kept(big_roster: Roster) -> None:
    run = make_run(big_roster, time_limit_s=60)
    instance = instance_of(big_roster)
    best = Grid.of(instance, by_hand(instance))
    cost = verify(instance, best).objective
    keep_run(
        run_id=run.pk,
        found=Found(
            status="",
            objective=cost,
            bound=None,
            gap=None,
            first_feasible_s=0.5,
            spent_s=59.5,
            curve=[[0.5, cost, None]],
            cells=as_rows(instance, best),
        ),
    )

    ended = solved(run)

    assert ended.job.state == JobState.SUCCEEDED, ended.job.error
    assert ended.objective is not None
    assert ended.objective <= cost
    assert ended.first_feasible_s == 0.5
    assert ended.curve[0] == [0.5, cost, None]


def test_a_worker_that_lost_the_job_writes_nothing(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(roster, time_limit_s=20)
    real = solving.solve

    def lose(*args: object, **kwargs: object) -> object:
        solution = real(*args, **kwargs)
        Job.objects.filter(pk=run.job_id).update(token=None, state=JobState.QUEUED)
        return solution

    monkeypatch.setattr(solving, "solve", lose)

    run_job(run.job_id)

    assert Run.objects.get().applied is None
    assert cells_of(roster) == {}
    assert Job.objects.get().state == JobState.QUEUED
