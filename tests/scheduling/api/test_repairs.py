"""Ways on after a sick call over REST, found by the real child."""

from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from django.utils.formats import date_format

from hospital.accounts.models import Department, Role, User
from hospital.jobs import questions
from scheduling.api.repairs import MOST_ABSENT
from scheduling.models import Leave, LeaveKind, LeaveState, Roster
from scheduling.problems import cells_of
from tests.rows import make_person
from tests.scheduling.api.conftest import Ask
from tests.scheduling.wards import (
    DAY,
    MONDAY,
    assign,
    make_covered,
    make_roster,
    publish,
    today,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    roster = make_roster(department, author=manager)
    return assign(roster, {("P0", day): DAY for day in range(5)})


@pytest.mark.slow
@pytest.mark.usefixtures("questions_answered")
def test_options_are_ranked_and_one_is_taken(ask: Ask, roster: Roster) -> None:
    call = {"absences": [{"person": "P0", "days": [2]}], "from_day": 0}

    answer = ask("POST", f"{roster.id}/repair/", call)

    body = answer.json()
    best = body["options"][0]
    assert (answer.status_code, body["version"]) == (200, roster.version)
    assert body["message"] == ""
    assert [one["rank"] for one in body["options"]] == [
        1 + place for place in range(len(body["options"]))
    ]
    assert 3 <= len(body["options"]) <= 5
    assert best["cover_loss"] <= 0
    assert best["people_disturbed"] == 1
    assert "P0" in {change["person"] for change in best["changes"]}
    assert len(cells_of(roster)) == 5

    cells = [
        {"person": one["person"], "day": one["day"], "shift": one["after"]}
        for one in best["changes"]
    ]
    nurse = make_person(Role.NURSE, roster.department)
    roster.people.filter(key="P0").update(user=nurse)
    taken = ask(
        "PATCH",
        f"{roster.id}/assignments/",
        {"cells": cells, "absences": call["absences"]},
        **{"If-Match": answer["ETag"]},
    )

    assert taken.status_code == 200
    assert taken.json()["verdict"]["hard"] == []
    [leave] = taken.json()["leaves"]
    assert (leave["kind"], leave["state"]) == ("sick", "approved")
    assert leave["first"] == leave["last"] == str(MONDAY + timedelta(days=2))
    assert ("P0", 2) not in cells_of(roster)


@pytest.mark.usefixtures("questions_answered")
def test_nobody_whose_leave_was_approved_since_is_called_in(
    ask: Ask, department: Department, manager: User
) -> None:
    roster = make_covered(department, author=manager)
    publish(roster)
    colleague = make_person(Role.NURSE, roster.department)
    roster.people.filter(key="P2").update(user=colleague)
    day = MONDAY + timedelta(days=1)
    Leave.objects.create(
        user=colleague,
        department=roster.department,
        kind=LeaveKind.ANNUAL,
        first=day,
        last=day,
        state=LeaveState.APPROVED,
    )
    call = {"absences": [{"person": "P0", "days": [1]}], "from_day": 0}

    options = ask("POST", f"{roster.id}/repair/", call).json()["options"]

    called = {
        change["person"]
        for option in options
        for change in option["changes"]
        if change["day"] == 1 and change["after"]
    }
    assert called == {"P3"}


@pytest.mark.usefixtures("questions_answered")
def test_a_call_about_a_roster_that_is_over_is_read_on_its_first_day(
    ask: Ask, department: Department, manager: User
) -> None:
    start = today() - timedelta(days=20)
    roster = make_roster(department, author=manager, start=start)
    roster = assign(roster, {("P0", day): DAY for day in range(5)})

    answer = ask(
        "POST",
        f"{roster.id}/repair/",
        {"absences": [{"person": "P0", "days": [3, 2]}]},
    )

    body = answer.json()
    assert answer.status_code == 200
    assert date_format(start + timedelta(days=2), "DATE_FORMAT") in body["message"]
    days = {change["day"] for option in body["options"] for change in option["changes"]}
    assert min(days) == 2  # what lies before is past


def test_where_no_worker_is_a_call_may_be_made_again_soon(
    ask: Ask, roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "_turns", BoundedSemaphore(1))
    questions._turns.acquire()

    busy = ask(
        "POST",
        f"{roster.id}/repair/",
        {"absences": [{"person": "P0", "days": [2]}], "from_day": 0},
    )

    assert (busy.status_code, busy["Retry-After"]) == (503, "10")
    assert busy.json()["code"] == "question_unanswered"


@pytest.mark.usefixtures("questions_answered")
@pytest.mark.parametrize(
    "absence", [{"person": "P9", "days": [0]}, {"person": "P0", "days": [99]}]
)
def test_a_call_about_nobody_is_refused(
    absence: dict[str, object], ask: Ask, roster: Roster
) -> None:
    call = {"absences": [absence], "from_day": 0}

    refused = ask("POST", f"{roster.id}/repair/", call)

    assert refused.status_code == 422
    assert "absences" in refused.json()["errors"]


def test_too_many_absences_are_refused_before_one_is_looked_at(
    ask: Ask, roster: Roster
) -> None:
    broken = {"person": "", "days": ["never"]}

    refused = ask(
        "POST", f"{roster.id}/repair/", {"absences": [broken] * (MOST_ABSENT + 1)}
    )

    [words] = refused.json()["errors"]["absences"]
    assert refused.status_code == 400
    assert str(MOST_ABSENT) in words


def test_a_nurse_asks_for_no_repair(ask: Ask, roster: Roster) -> None:
    nurse = make_person(Role.NURSE, roster.department)

    refused = ask("POST", f"{roster.id}/repair/", {"absences": []}, user=nurse)

    assert refused.status_code == 403
