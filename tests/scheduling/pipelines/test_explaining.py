"""From a roster's problem to an explanation, by the real child and the real runner."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from hospital.accounts.models import Role
from hospital.jobs.models import Job, JobState
from hospital.jobs.runner import run_job
from hospital.jobs.services import request_cancellation
from scheduling.explaining.running import explain_watched
from scheduling.models import Explanation, Leave, LeaveState
from scheduling.pipelines import explaining
from scheduling.problems import instance_of
from scheduling.services.explanations import ask_explanation
from scheduling.services.rosters import Problem, create_roster
from scheduling.solver.formats import to_json
from scheduling.solver.rules import Demand
from tests.rows import make_department, make_person
from tests.scheduling.services.test_explanations import closed_day
from tests.scheduling.wards import DAY, assign, make_roster, publish, ward

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 20.0  # a busy machine


def test_a_conflict_is_found_and_kept() -> None:
    manager = make_person(Role.MANAGER, make_department())
    roster = closed_day(manager.departments.get(), manager)
    asked = ask_explanation(roster=roster, author=manager)

    run_job(asked.job_id)

    job = Job.objects.get(pk=asked.job_id)
    found = Explanation.objects.get(pk=asked.pk)
    assert (job.state, found.status) == (JobState.SUCCEEDED, "infeasible")
    (conflict,) = found.answer["conflicts"]
    assert conflict["is_minimal"]
    members = {(one["person"], one["rule"]) for one in conflict["members"]}
    assert ("", "cover") in members
    assert members <= {("", "cover"), ("P0", "leave"), ("P1", "leave")}
    assert found.answer["findings"][0]["days"] == [2]
    assert instance_of(roster).people[0].leave == {2}


def test_leave_approved_after_publication_is_among_what_cannot_be_kept() -> None:
    manager = make_person(Role.MANAGER, make_department())
    department = manager.departments.get()
    plain = ward(people=1)
    demand = Demand(day=2, shifts=frozenset({DAY}), at_least=1)
    roster = create_roster(
        author=manager,
        department=department,
        name="One alone",
        problem=Problem("anji", data=to_json(replace(plain, demands=(demand,)))),
    )
    nurse = make_person(Role.NURSE, department)
    roster.people.update(user=nurse)
    publish(assign(roster, {("P0", 2): DAY}))
    away = roster.start + timedelta(days=2)
    Leave.objects.create(
        user=nurse,
        department=department,
        first=away,
        last=away,
        state=LeaveState.APPROVED,
    )
    asked = ask_explanation(roster=roster, author=manager)

    run_job(asked.job_id)

    found = Explanation.objects.get(pk=asked.pk)
    assert found.status == "infeasible"
    [conflict] = found.answer["conflicts"]
    assert {(one["person"], one["rule"]) for one in conflict["members"]} == {
        ("", "cover"),
        ("P0", "leave"),
    }


def test_a_child_that_may_not_go_on_is_killed() -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    with pytest.raises(StopError):
        explain_watched(to_json(ward()), look=stop)


def test_a_stop_is_heard_before_the_lease_is_due(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The child would never end here, and the lease is extended after a minute only."""
    settings.JOB_LEASE_S = 6 * 60
    began, gave_up = threading.Event(), threading.Event()

    def endless(_instance: Any, *, look: Callable[[], None]) -> None:
        began.set()
        while not gave_up.wait(0.05):
            look()

    monkeypatch.setattr(explaining, "explain_watched", endless)
    manager = make_person(Role.MANAGER, make_department())
    roster = make_roster(manager.departments.get(), author=manager)
    asked = ask_explanation(roster=roster, author=manager)
    worker = threading.Thread(
        target=lambda: (run_job(asked.job_id), connection.close())
    )
    worker.start()
    assert began.wait(PATIENCE_S)
    for _look in range(int(PATIENCE_S / 0.05)):  # what was told so far is kept
        if len(Job.objects.get(pk=asked.job_id).steps) == len(("read", "found out")):
            break
        gave_up.wait(0.05)

    request_cancellation(job=Job.objects.get(pk=asked.job_id))
    worker.join(PATIENCE_S)

    was_heard = not worker.is_alive()
    gave_up.set()
    worker.join()
    assert was_heard
    assert Job.objects.get(pk=asked.job_id).state == JobState.CANCELLED
