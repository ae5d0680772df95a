"""Leave over REST: asked for, taken back, approved into drafts, and undone."""

from datetime import timedelta

import pytest

from hospital.accounts.models import Role, User
from hospital.notices.models import Notice
from scheduling.models import Leave, LeaveState, Roster
from scheduling.problems import instance_of
from tests.rows import make_person
from tests.scheduling.api.conftest import Ask, undescribed

pytestmark = pytest.mark.django_db
LEAVE = "leaves/{leave_id}/"


@pytest.fixture
def two_days(roster: Roster) -> dict[str, str]:
    """What asks for the draft's second and third day."""
    first, last = (str(roster.start + timedelta(days=day)) for day in (1, 2))
    return {"kind": "annual", "first": first, "last": last, "note": "A wedding."}


def leave_of_p0(roster: Roster) -> set[int]:
    """Return the days on which P0 is on leave in the newest problem."""
    instance = instance_of(Roster.objects.get(pk=roster.pk))
    return set(instance.people[instance.person_index["P0"]].leave)


def test_leave_is_asked_for_and_taken_back(
    rest: Ask, roster: Roster, nurse: User, two_days: dict[str, str]
) -> None:
    colleague = make_person(Role.NURSE, roster.department)

    asked = rest("POST", "leaves/", two_days, user=nurse)
    body = asked.json()
    waiting = rest("GET", "leaves/?state=asked")
    withdrawn = rest("DELETE", f"leaves/{body['id']}/", user=nurse)
    own = rest("GET", "leaves/", user=nurse)
    others = rest("GET", "leaves/", user=colleague)

    assert (asked.status_code, withdrawn.status_code) == (201, 200)
    department = roster.department
    assert body == {
        "id": body["id"],
        "user": {"id": str(nurse.id), "name": nurse.get_full_name() or str(nurse)},
        "department": {
            "id": str(department.id),
            "code": department.code,
            "name": department.name,
        },
        **two_days,
        "state": "asked",
        "reason": "",
        "created": body["created"],
    }
    assert waiting.json()["results"] == [body]
    assert withdrawn.json() == {**body, "state": "withdrawn"}
    assert own.json()["results"] == [withdrawn.json()]
    assert others.json()["results"] == []
    assert undescribed(asked, "post leaves/") == []
    assert undescribed(own, "get leaves/") == []
    assert undescribed(withdrawn, f"delete {LEAVE}") == []
    leave = Leave.objects.get()
    assert (str(leave.id), leave.user, leave.state) == (
        body["id"],
        nurse,
        LeaveState.WITHDRAWN,
    )
    assert leave_of_p0(roster) == set()


def test_approved_leave_is_in_the_draft_until_the_approval_is_taken_back(
    rest: Ask, roster: Roster, nurse: User, manager: User, two_days: dict[str, str]
) -> None:
    body = rest("POST", "leaves/", two_days, user=nurse).json()
    address = f"leaves/{body['id']}"

    approved = rest("POST", f"{address}/decision/", {"accepted": True})
    in_draft = leave_of_p0(roster)
    undone = rest("POST", f"{address}/undoing/", {"reason": "Too few are left."})

    assert (approved.status_code, undone.status_code) == (200, 200)
    assert approved.json() == {**body, "state": "approved"}
    assert in_draft == {1, 2}
    assert undone.json() == {
        **body,
        "state": "declined",
        "reason": "Too few are left.",
    }
    assert undescribed(approved, f"post {LEAVE}decision/") == []
    assert undescribed(undone, f"post {LEAVE}undoing/") == []
    assert leave_of_p0(roster) == set()
    leave = Leave.objects.get()
    assert (leave.state, leave.decided_by) == (LeaveState.DECLINED, manager)
    assert Notice.objects.filter(user=nurse).count() == 2  # approved, and undone


def test_leave_is_declined_with_a_reason_that_the_person_reads(
    rest: Ask, roster: Roster, nurse: User, manager: User, two_days: dict[str, str]
) -> None:
    body = rest("POST", "leaves/", two_days, user=nurse).json()
    decision = {"accepted": False, "reason": "Two others are away."}

    declined = rest("POST", f"leaves/{body['id']}/decision/", decision)
    read = rest("GET", "leaves/?state=declined", user=nurse)

    assert declined.status_code == 200
    assert declined.json() == {
        **body,
        "state": "declined",
        "reason": "Two others are away.",
    }
    assert read.json()["results"] == [declined.json()]
    leave = Leave.objects.get()
    assert (leave.state, leave.decided_by) == (LeaveState.DECLINED, manager)
    assert leave_of_p0(roster) == set()
