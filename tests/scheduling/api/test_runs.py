"""Searches and publications over REST."""

import pytest

from hospital.accounts.models import Department, User
from hospital.jobs.models import Job
from scheduling.models import Publication, Roster, Run
from scheduling.services.runs import end_run
from tests.scheduling.api.conftest import Ask
from tests.scheduling.services.test_runs import found
from tests.scheduling.wards import DAY, NIGHT, assign, make_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    return make_roster(department, author=manager)


def test_a_search_is_a_job(ask: Ask, roster: Roster) -> None:
    started = ask("POST", f"{roster.id}/solution/", {"time_limit": 60, "seed": 7})

    job = Job.objects.get()
    assert started.status_code == 202
    assert started["Location"] == f"/api/v1/jobs/{job.id}/"
    assert started.json() == {"job": str(job.id), "run": str(Run.objects.get().id)}


def test_a_second_search_is_told_which_one_goes_on(ask: Ask, roster: Roster) -> None:
    first = ask("POST", f"{roster.id}/solution/", {"time_limit": 60})

    second = ask("POST", f"{roster.id}/solution/", {"time_limit": 60})

    assert (second.status_code, second.json()["code"]) == (409, "already_solving")
    assert second.json()["errors"] == {"job": [first.json()["job"]]}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"time_limit": 0},
        {"time_limit": "soon"},
        {"time_limit": 1e12},
        {"time_limit": 5, "workers": 0},
        {"time_limit": 5, "seed": -1},
        {"time_limit": 5, "seed": 2**31 - 1},
    ],
)
def test_a_limit_that_cannot_be_is_refused(
    body: dict[str, object], ask: Ask, roster: Roster
) -> None:
    refused = ask("POST", f"{roster.id}/solution/", body)

    assert refused.status_code == 400
    assert not Job.objects.exists()


def test_a_search_tells_its_curve_and_its_roster(ask: Ask, roster: Roster) -> None:
    started = ask("POST", f"{roster.id}/solution/", {"time_limit": 60}).json()
    end_run(run_id=started["run"], found=found())

    [row] = ask("GET", f"{roster.id}/runs/").json()["results"]
    whole = ask("GET", f"{roster.id}/runs/{started['run']}/").json()

    assert (row["objective"], row["bound"], row["status"]) == (120, 100.0, "feasible")
    assert "cells" not in row
    assert whole["curve"] == [[0.2, 120, 100.0]]
    assert whole["cells"]["P1"][0] == NIGHT


def test_a_search_found_earlier_is_taken_over(ask: Ask, roster: Roster) -> None:
    started = ask("POST", f"{roster.id}/solution/", {"time_limit": 60}).json()
    end_run(run_id=started["run"], found=found())
    assign(roster, {("P0", 0): "", ("P1", 0): ""})

    taken = ask("POST", f"{roster.id}/runs/{started['run']}/application/")

    listed = ask("GET", f"{roster.id}/assignments/").json()
    assert (taken.status_code, taken.json()["version"]) == (201, 4)
    assert listed["count"] == 2


def test_a_search_is_not_taken_over_an_older_version(ask: Ask, roster: Roster) -> None:
    started = ask("POST", f"{roster.id}/solution/", {"time_limit": 60}).json()
    end_run(run_id=started["run"], found=found())
    assign(roster, {("P0", 0): "", ("P1", 0): ""})
    application = f"{roster.id}/runs/{started['run']}/application/"

    refused = ask("POST", application, **{"If-Match": '"2"'})

    assert (refused.status_code, refused["ETag"]) == (412, '"3"')
    assert ask("GET", f"{roster.id}/assignments/").json()["count"] == 0

    taken = ask("POST", application, **{"If-Match": '"3"'})

    assert (taken.status_code, taken["ETag"]) == (201, '"4"')


def test_a_search_is_taken_back(ask: Ask, roster: Roster) -> None:
    started = ask("POST", f"{roster.id}/solution/", {"time_limit": 60}).json()
    end_run(run_id=started["run"], found=found())
    application = f"{roster.id}/runs/{started['run']}/application/"

    stale = ask("DELETE", application, **{"If-Match": '"1"'})
    back = ask("DELETE", application, **{"If-Match": '"2"'})
    again = ask("DELETE", application)

    assert (stale.status_code, stale["ETag"]) == (412, '"2"')
    assert (back.status_code, back.json()["version"], back["ETag"]) == (200, 3, '"3"')
    assert (again.status_code, again.json()["code"]) == (409, "run_not_applied")


def test_a_roster_is_published_once(ask: Ask, roster: Roster) -> None:
    assign(roster, {("P0", 0): DAY})

    answers = [
        ask("POST", f"{roster.id}/publication/", {"note": "June"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[0].json()["note"] == "June"
    assert answers[1].json()["code"] == "already_published"


def test_an_older_version_is_not_published(ask: Ask, roster: Roster) -> None:
    assign(roster, {("P0", 0): DAY})

    refused = ask("POST", f"{roster.id}/publication/", {}, **{"If-Match": '"1"'})

    assert (refused.status_code, refused["ETag"]) == (412, '"2"')
    assert not Publication.objects.exists()


def test_broken_rules_are_named_and_published_knowingly(
    ask: Ask, roster: Roster
) -> None:
    assign(roster, {("P0", 0): NIGHT, ("P0", 1): DAY})

    refused = ask("POST", f"{roster.id}/publication/", {})
    told = ask("POST", f"{roster.id}/publication/", {"accept_violations": True})

    assert (refused.status_code, refused.json()["code"]) == (
        422,
        "roster_breaks_rules",
    )
    assert len(refused.json()["errors"]["violations"]) == 1
    assert (told.status_code, told.json()["hard_violations"]) == (201, 1)
