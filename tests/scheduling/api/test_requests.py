"""Requests of the staff over REST: a draft is opened, asked of, and decided on."""

from datetime import timedelta
from uuid import UUID

import pytest

from hospital.accounts.models import Role, User
from scheduling.models import RequestPeriod, RequestState, Roster, ShiftRequest
from scheduling.problems import instance_of
from tests.rows import make_person
from tests.scheduling.api.conftest import Ask, undescribed
from tests.scheduling.wards import NIGHT, today

pytestmark = pytest.mark.django_db
REQUEST = "shift-requests/{request_id}/"


@pytest.fixture
def period(rest: Ask, roster: Roster) -> str:
    """Open the draft for six points a person; return the period's id."""
    closes = today() + timedelta(days=7)
    sent = {"closes": str(closes), "budget": 6}
    opened = rest("PUT", f"rosters/{roster.id}/request-period/", sent)
    return str(opened.json()["id"])


def days_off(period: str, *days: int, points: int = 2) -> dict[str, object]:
    return {"period": period, "days": days, "wish": "off", "points": points}


def wishes(roster: Roster) -> list[tuple[str, int, list[str], bool]]:
    """Return what the newest problem wishes for: who, when, which shifts, or not."""
    requests = instance_of(Roster.objects.get(pk=roster.pk)).requests
    return [(one.person, one.day, sorted(one.shifts), one.is_on) for one in requests]


def test_a_draft_is_opened_for_requests_and_closed_again(
    rest: Ask, roster: Roster, nurse: User, manager: User
) -> None:
    closes = today() + timedelta(days=7)
    address = f"rosters/{roster.id}/request-period/"
    door = "rosters/{roster_id}/request-period/"

    opened = rest("PUT", address, {"closes": str(closes), "budget": 6})
    listed = rest("GET", "request-periods/", user=nurse)
    closed = rest("DELETE", address)
    late = rest("POST", "shift-requests/", days_off(opened.json()["id"], 1), user=nurse)

    assert (opened.status_code, listed.status_code, closed.status_code) == (200,) * 3
    body = opened.json()
    assert body == {
        "id": body["id"],
        "roster": str(roster.id),
        "start": str(roster.start),
        "days": 7,
        "closes": str(closes),
        "budget": 6,
        "is_open": True,
    }
    assert listed.json()["results"] == [body]
    assert closed.json()["is_open"] is False
    assert undescribed(opened, f"put {door}") == []
    assert undescribed(closed, f"delete {door}") == []
    assert undescribed(listed, "get request-periods/") == []
    period = RequestPeriod.objects.get()
    assert (str(period.id), period.opened_by) == (body["id"], manager)
    assert period.closes < today()
    assert (late.status_code, late.json()["code"]) == (409, "requests_closed")
    assert not ShiftRequest.objects.exists()


def test_days_are_asked_for_and_one_is_taken_back(
    rest: Ask, period: str, roster: Roster, nurse: User
) -> None:
    colleague = make_person(Role.NURSE, roster.department)

    asked = rest("POST", "shift-requests/", days_off(period, 1, 2), user=nurse)
    first, second = asked.json()
    withdrawn = rest("DELETE", f"shift-requests/{second['id']}/", user=nurse)
    own = rest("GET", "shift-requests/", user=nurse)
    others = rest("GET", "shift-requests/", user=colleague)
    ward = rest("GET", f"shift-requests/?person__roster={roster.id}&state=asked")

    assert (asked.status_code, withdrawn.status_code) == (201, 204)
    assert first == {
        "id": first["id"],
        "roster": str(roster.id),
        "person": "P0",
        "name": "Person 0",
        "day": 1,
        "date": str(roster.start + timedelta(days=1)),
        "wish": "off",
        "shift": "",
        "points": 2,
        "state": "asked",
    }
    assert second["day"] == 2
    assert own.json()["results"] == ward.json()["results"] == [first]
    assert others.json()["results"] == []
    assert undescribed(asked, "post shift-requests/") == []
    assert undescribed(own, "get shift-requests/") == []
    request = ShiftRequest.objects.get()
    assert (request.pk, request.person.user) == (UUID(first["id"]), nurse)


def test_what_the_ward_takes_in_is_wished_for_and_what_it_declines_is_not(
    rest: Ask, period: str, roster: Roster, nurse: User, manager: User
) -> None:
    night = {"period": period, "days": [4], "wish": "on", "shift": NIGHT, "points": 1}
    [off] = rest("POST", "shift-requests/", days_off(period, 1), user=nurse).json()
    [on] = rest("POST", "shift-requests/", night, user=nurse).json()
    [no] = rest("POST", "shift-requests/", days_off(period, 6), user=nurse).json()
    decision = f"{REQUEST}decision/"

    answers = [
        rest("POST", decision.format(request_id=one["id"]), {"accepted": is_accepted})
        for one, is_accepted in ((off, True), (on, True), (no, False))
    ]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [answer.json() for answer in answers] == [
        {**off, "state": "accepted"},
        {**on, "state": "accepted"},
        {**no, "state": "declined"},
    ]
    assert [undescribed(one, f"post {decision}") for one in answers] == [[]] * 3
    assert wishes(roster) == [
        ("P0", 1, ["D", "N"], False),
        ("P0", 4, ["N"], True),
    ]
    assert list(
        ShiftRequest.objects.order_by("day").values_list("state", "decided_by")
    ) == [
        (RequestState.ACCEPTED, manager.pk),
        (RequestState.ACCEPTED, manager.pk),
        (RequestState.DECLINED, manager.pk),
    ]

    taken_back = rest("DELETE", REQUEST.format(request_id=off["id"]), user=nurse)

    assert taken_back.status_code == 204
    assert wishes(roster) == [("P0", 4, ["N"], True)]
    assert ShiftRequest.objects.count() == 2
