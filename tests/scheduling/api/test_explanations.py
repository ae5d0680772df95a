"""Why a roster keeps no hard rules, over REST: asked, found by the real job, read."""

import pytest
from django.http import HttpResponse

from hospital.accounts.models import Department, Role, User
from hospital.jobs.models import Job, JobState
from hospital.jobs.runner import run_job
from scheduling.models import Explanation, Roster
from tests.rows import make_person
from tests.scheduling.api.conftest import Ask
from tests.scheduling.services.test_explanations import closed_day

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    """Return a roster whose Wednesday needs one of two, who are both on leave."""
    return closed_day(department, manager)


def read(ask: Ask, roster: Roster, **more: str) -> HttpResponse:
    return ask("GET", f"{roster.id}/explanation/", **more)


@pytest.mark.slow
def test_what_was_found_is_read_in_words(ask: Ask, roster: Roster) -> None:
    asked = ask("POST", f"{roster.id}/explanation/")
    going = read(ask, roster).json()
    run_job(asked.json()["job"])

    answer = read(ask, roster)

    found = answer.json()
    assert (asked.status_code, answer.status_code) == (202, 200)
    assert (going["status"], going["conflicts"], going["repairs"]) == ("", [], [])
    assert Job.objects.get().state == JobState.SUCCEEDED
    assert found["id"] == asked.json()["explanation"] == going["id"]
    assert found["job"] == asked.json()["job"]
    assert (found["status"], found["is_current"]) == ("infeasible", True)
    assert found["problem_version"] == roster.problem_version
    assert found["findings"][0]["days"] == [2]
    [conflict] = found["conflicts"]
    assert {"person": "", "rule": "cover", "days": [2]}.items() <= next(
        one for one in conflict if one["rule"] == "cover"
    ).items()
    assert {(one["person"], one["rule"]) for one in conflict} <= {
        ("", "cover"),
        ("P0", "leave"),
        ("P1", "leave"),
    }
    changes = [change for one in found["repairs"] for change in one["changes"]]
    assert {(one["rule"], tuple(one["days"])) for one in changes} >= {("cover", (2,))}
    said = [*found["findings"], *conflict, *changes]
    assert all(one["message"] and "%(" not in one["message"] for one in said)
    costs = [one["cost"] for one in found["repairs"]]
    assert costs == sorted(costs)
    assert costs[0] > 0


@pytest.mark.slow
def test_what_was_found_is_read_in_the_language_asked_for(
    ask: Ask, roster: Roster
) -> None:
    run_job(ask("POST", f"{roster.id}/explanation/").json()["job"])

    english, chinese = (
        read(ask, roster, **{"Accept-Language": language}).json()
        for language in ("en", "zh-hans")
    )

    told, said = english["findings"][0]["message"], chinese["findings"][0]["message"]
    assert told.isascii()
    assert not said.isascii()


def test_an_explanation_of_an_earlier_problem_says_so(ask: Ask, roster: Roster) -> None:
    ask("POST", f"{roster.id}/explanation/")
    Roster.objects.update(problem_version=roster.problem_version + 1)

    answer = read(ask, roster)

    assert answer.json()["is_current"] is False


def test_nothing_is_read_before_somebody_asks_nor_by_a_nurse(
    ask: Ask, roster: Roster
) -> None:
    nurse = make_person(Role.NURSE, roster.department)

    answers = [
        read(ask, roster),
        ask("POST", f"{roster.id}/explanation/", user=nurse),
    ]

    assert [answer.status_code for answer in answers] == [404, 403]
    assert not Explanation.objects.exists()
