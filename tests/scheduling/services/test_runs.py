"""Searches are asked for one a roster, and hand over what they found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from hospital.jobs.models import Job, JobState
from hospital.jobs.services import request_cancellation, retry
from scheduling.models import Roster, Run
from scheduling.problems import cells_of
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.editing import StaleRoster
from scheduling.services.runs import (
    Found,
    RunLimits,
    apply_run,
    end_run,
    keep_run,
    start_run,
    take_back_run,
)
from tests.rows import make_department, make_person
from tests.scheduling.wards import DAY, NIGHT, assign, make_run

pytestmark = pytest.mark.django_db
ROWS = {
    "P0": [DAY, "", "", "", "", "", ""],
    "P1": [NIGHT, "", "", "", "", "", ""],
    "P2": [""] * 7,
}


def found(status: str = "feasible") -> Found:
    return Found(
        status=status,
        objective=120,
        bound=100.0,
        gap=1 / 6,
        first_feasible_s=0.2,
        spent_s=3.0,
        curve=[[0.2, 120, 100.0]],
        cells=ROWS,
        penalties={"cover": 120},
        hard_violations=0,
    )


def end_job(run: Run, state: JobState) -> None:
    Job.objects.filter(pk=run.job_id).update(state=state)


def test_a_search_is_queued_for_a_solver_worker(roster: Roster) -> None:
    run = make_run(roster)

    assert (run.job.kind, run.job.queue) == ("rosters.solve", "solver")
    assert run.job.department_id == roster.department_id
    assert run.version == 1


def test_a_second_search_is_refused_naming_the_first(roster: Roster) -> None:
    first = make_run(roster)

    with pytest.raises(Conflict) as refused:
        make_run(roster)

    assert refused.value.fields == {"job": [str(first.job_id)]}
    assert Run.objects.count() == Job.objects.count() == 1


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.CANCELLED])
def test_after_one_search_another_may_begin(state: JobState, roster: Roster) -> None:
    end_job(make_run(roster), state)

    second = make_run(roster)

    assert second.job.state == JobState.QUEUED
    assert Run.objects.count() == 2


def test_a_cancelled_search_is_not_tried_again_beside_another(roster: Roster) -> None:
    first = make_run(roster)
    request_cancellation(job=first.job)
    make_run(roster)

    with pytest.raises(Conflict):
        retry(job=first.job)


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        (RunLimits(time_limit_s=0.5, workers=1), "time_limit"),
        (RunLimits(time_limit_s=1e9, workers=1), "time_limit"),
        (RunLimits(time_limit_s=5, workers=0), "workers"),
        (RunLimits(time_limit_s=5, workers=999), "workers"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(
    limits: RunLimits, field: str, roster: Roster, manager: User
) -> None:
    with pytest.raises(InvalidInput) as refused:
        start_run(roster=roster, author=manager, limits=limits)

    assert set(refused.value.fields) == {field}
    assert not Job.objects.exists()


def test_only_who_makes_rosters_searches(roster: Roster) -> None:
    nurse = make_person(Role.NURSE, roster.department)

    with pytest.raises(NotPermitted):
        start_run(
            roster=roster, author=nurse, limits=RunLimits(time_limit_s=5, workers=1)
        )

    assert not Job.objects.exists()


def test_what_is_kept_on_the_way_is_no_working_copy_yet(roster: Roster) -> None:
    run = keep_run(run_id=make_run(roster).pk, found=found(status=""))

    assert (run.status, run.objective, run.applied) == ("feasible", 120, None)
    assert cells_of(roster) == {}


def test_what_a_search_found_becomes_the_working_copy(roster: Roster) -> None:
    run = end_run(run_id=make_run(roster).pk, found=found())

    newest = Roster.objects.get()
    assert cells_of(roster) == {("P0", 0): DAY, ("P1", 0): NIGHT}
    assert newest.version == 2
    assert run.applied is not None


def test_what_a_person_changed_meanwhile_stays(roster: Roster, manager: User) -> None:
    run = make_run(roster)
    assign(roster, {("P2", 5): DAY})

    ended = end_run(run_id=run.pk, found=found())
    before = cells_of(roster)
    apply_run(run=ended, author=manager)

    assert ended.applied is None
    assert before == {("P2", 5): DAY}
    assert cells_of(roster) == {("P0", 0): DAY, ("P1", 0): NIGHT}


def test_ending_and_taking_over_lock_the_roster_before_the_search(
    roster: Roster, manager: User
) -> None:
    run = make_run(roster)

    with CaptureQueriesContext(connection) as ending:
        end_run(run_id=run.pk, found=found())
    with CaptureQueriesContext(connection) as taking_over:
        apply_run(run=run, author=manager)

    order = [Roster._meta.db_table, Run._meta.db_table]
    assert locked_tables(ending) == locked_tables(taking_over) == order


def locked_tables(queries: CaptureQueriesContext) -> list[str]:
    """Return the tables whose rows were locked, in that order."""
    statements = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    return [statement.split(' FROM "')[1].split('"')[0] for statement in statements]


def test_a_search_is_not_taken_over_a_change_nobody_saw(
    roster: Roster, manager: User
) -> None:
    run = end_run(run_id=make_run(roster).pk, found=found())
    seen = Roster.objects.get().version
    assign(roster, {("P2", 5): DAY})
    before = cells_of(roster)

    with pytest.raises(StaleRoster):
        apply_run(run=run, author=manager, expected_version=seen)

    assert cells_of(roster) == before


def test_taking_over_leaves_locked_cells(roster: Roster, manager: User) -> None:
    run = make_run(roster)
    change_cells(
        roster=roster,
        author=manager,
        changes=[
            CellChange("P2", 5, DAY, is_locked=True),
            CellChange("P0", 0, is_locked=True),
        ],
        expected_version=None,
    )
    end_run(run_id=run.pk, found=found())

    apply_run(run=run, author=manager)

    assert cells_of(roster) == {("P1", 0): NIGHT, ("P2", 5): DAY}


def test_a_search_is_taken_back_save_what_was_changed_since(
    roster: Roster, manager: User
) -> None:
    assign(roster, {("P0", 0): NIGHT, ("P2", 3): DAY, ("P2", 4): DAY})
    run = make_run(roster)
    end_run(run_id=run.pk, found=found())
    found_cells = cells_of(roster)
    assign(roster, {("P1", 0): DAY, ("P2", 6): NIGHT})
    change_cells(
        roster=roster,
        author=manager,
        changes=[CellChange("P2", 4, is_locked=True)],
        expected_version=None,
    )

    taken_back = take_back_run(run=run, author=manager)

    assert found_cells == {("P0", 0): DAY, ("P1", 0): NIGHT}
    assert cells_of(roster) == {
        ("P0", 0): NIGHT,
        ("P2", 3): DAY,
        ("P1", 0): DAY,
        ("P2", 6): NIGHT,
    }
    assert taken_back.version == 6
    with pytest.raises(Conflict) as refused:
        take_back_run(run=run, author=manager)
    assert refused.value.code == "run_not_applied"


def test_only_who_makes_rosters_takes_a_search_back_and_from_what_was_seen(
    roster: Roster, manager: User
) -> None:
    run = make_run(roster)
    end_run(run_id=run.pk, found=found())

    with pytest.raises(StaleRoster):
        take_back_run(run=run, author=manager, expected_version=1)
    with pytest.raises(NotPermitted):
        take_back_run(run=run, author=make_person(Role.MANAGER, make_department()))

    assert cells_of(roster) == {("P0", 0): DAY, ("P1", 0): NIGHT}


def test_a_search_without_a_roster_hands_nothing_over(
    roster: Roster, manager: User
) -> None:
    run = make_run(roster)

    with pytest.raises(Conflict, match="found no roster"):
        apply_run(run=run, author=manager)
