"""What the staff ask for on their pages, and where their manager decides."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from scheduling.models import (
    Leave,
    LeaveState,
    RequestPeriod,
    RequestState,
    Roster,
    ShiftRequest,
    Swap,
    SwapState,
)
from scheduling.services.feeds import open_feed
from tests.rows import make_department, make_person
from tests.scheduling.views.test_pages import signed_in, text
from tests.scheduling.wards import DAY, MONDAY, NIGHT, assign, make_roster, publish

pytestmark = pytest.mark.django_db
PASSED_ON = "The ward has your request"


@pytest.fixture(autouse=True)
def _in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 25, 9, tzinfo=UTC))


@pytest.fixture
def colleague(department: Department) -> User:
    return make_person(Role.NURSE, department)


@pytest.fixture
def roster(
    department: Department, nurse: User, colleague: User, manager: User
) -> Roster:
    roster = make_roster(department, author=manager)
    roster.people.filter(key="P0").update(user=nurse)
    roster.people.filter(key="P1").update(user=colleague)
    return roster


def test_a_request_goes_from_the_calendar_into_the_problem_and_is_kept(
    roster: Roster, nurse: User, manager: User
) -> None:
    own, ward = signed_in(nurse), signed_in(manager)
    requests = f"/rosters/{roster.id}/requests/"
    closes = str(MONDAY - timedelta(days=2))
    assign(roster, {("P0", 1): DAY, ("P2", 0): DAY})

    ward.post(f"{requests}period/", {"closes": closes, "budget": "4"})
    period = RequestPeriod.objects.get()
    asking = f"/my-shifts/requests/{period.id}/days/"
    nothing_yet = text(ward.get(requests))
    calendar = text(own.get("/my-shifts/requests/"))
    own.post(asking, {"days": ["0", "3"], "wish": "off", "points": "2"})
    beyond = own.post(asking, {"days": ["1"], "wish": f"={DAY}", "points": "1"})
    ward.post(f"{requests}decision/", {"verdict": "all"})
    publish(Roster.objects.get(pk=roster.pk))
    after = text(own.get("/my-shifts/requests/"))

    assert "The roster is open for requests; what the staff ask for" in nothing_yet
    assert calendar.count('name="days"') == 7
    assert 'data-shift="' not in calendar  # nothing of the working copy
    assert beyond.status_code == 422
    assert "This takes 1 points, and 0 are left." in text(beyond)
    assert ShiftRequest.objects.filter(state=RequestState.ACCEPTED).count() == 2
    assert after.count("Kept: you are off.") == 2
    assert text(ward.get(requests)).count("Kept</span>") == 2


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_browsers_calendar_has_its_day_in_every_language(
    roster: Roster, manager: User, language: str
) -> None:
    ward = signed_in(manager)
    closes = str(MONDAY - timedelta(days=2))
    requests = f"/rosters/{roster.id}/requests/"
    ward.post(f"{requests}period/", {"closes": closes, "budget": "4"})

    page = text(ward.get(requests, headers={"Accept-Language": language}))

    assert f'<input type="date" name="closes" value="{closes}"' in page


def test_chinese_pages_speak_as_a_ward_does(
    roster: Roster, nurse: User, manager: User
) -> None:
    own, ward = signed_in(nurse), signed_in(manager)
    closes = str(MONDAY - timedelta(days=2))
    requests = f"/rosters/{roster.id}/requests/"
    ward.post(f"{requests}period/", {"closes": closes, "budget": "10"})
    asking = f"/my-shifts/requests/{RequestPeriod.objects.get().id}/days/"
    own.post(asking, {"days": ["0"], "wish": "off", "points": "3"})
    leave = {"kind": "annual", "first": str(MONDAY), "last": str(MONDAY)}
    own.post("/my-shifts/leave/", {**leave, "department": roster.department.code})
    chinese = {"Accept-Language": "zh-hans"}

    calendar = text(own.get("/my-shifts/requests/", headers=chinese))
    inbox = text(ward.get("/rosters/requests/", headers=chinese))
    chosen = text(ward.get(requests, headers=chinese))

    assert '还剩 <span class="figure">7</span> 分，共 10 分' in calendar
    assert "不批准" in inbox
    assert "不批准所选" in chosen
    assert "谢绝" not in inbox + chosen


def test_leave_is_asked_for_decided_and_points_to_what_is_to_be_mended(
    roster: Roster, nurse: User, manager: User
) -> None:
    own, ward = signed_in(nurse), signed_in(manager)
    publish(assign(roster, {("P0", 1): DAY, ("P2", 0): DAY}))
    form = {"kind": "annual", "first": str(MONDAY), "last": str(MONDAY)}

    backwards = {**form, "last": str(MONDAY - timedelta(days=1))}
    code = roster.department.code
    refused = own.post("/my-shifts/leave/", {**backwards, "department": code})
    later = {**form, "last": str(MONDAY + timedelta(days=1)), "department": code}
    own.post("/my-shifts/leave/", later)
    leave = Leave.objects.get()
    waits = text(ward.get("/rosters/requests/"))
    decision = f"/rosters/leave/{leave.id}/decision/"
    unsaid = ward.post(decision, {"verdict": "no"}, follow=True)
    ward.post(decision, {"verdict": "yes"})

    leave.refresh_from_db()
    assert refused.status_code == 422
    assert "The last day comes before the first." in text(refused)
    assert "1 shift then" in waits
    assert "Say why: the person reads it." in text(unsaid)
    assert leave.state == LeaveState.APPROVED
    assert f"/rosters/{roster.id}/repair/" in text(ward.get("/rosters/requests/"))
    assert "Approved" in text(own.get("/my-shifts/leave/"))


def test_approved_leave_is_shown_page_by_page_the_next_one_first(
    department: Department, nurse: User, manager: User
) -> None:
    for day in reversed(range(27)):
        first = MONDAY + timedelta(days=day)
        Leave.objects.create(
            user=nurse,
            department=department,
            first=first,
            last=first,
            state=LeaveState.APPROVED,
        )
    ward = signed_in(manager)

    first, second = (
        ward.get(f"/rosters/requests/?page={page}").context["approved"]
        for page in (1, 2)
    )

    days = [leave.first - MONDAY for leave in [*first, *second]]
    assert (len(first), len(second)) == (25, 2)
    assert days == [timedelta(days=day) for day in range(27)]


def test_a_swap_is_found_asked_agreed_approved_and_in_the_calendar(
    roster: Roster, nurse: User, colleague: User, manager: User
) -> None:
    own, other, ward = (signed_in(one) for one in (nurse, colleague, manager))
    feed = f"/calendar/{open_feed(user=nurse)}.ics"
    publish(assign(roster, {("P0", 2): DAY, ("P1", 4): NIGHT}))
    told = Roster.objects.get().current
    assert told is not None
    mine, theirs = told.shifts.get(day=2), told.shifts.get(day=4)
    before = text(Client().get(feed))

    shifts = text(own.get("/my-shifts/"))
    partners = text(own.get(f"/my-shifts/swaps/partners/?shift={mine.pk}"))
    offer = {"shift": mine.pk, "colleague": theirs.person_id, "in_return": theirs.pk}
    own.post("/my-shifts/swaps/", offer)
    swap = Swap.objects.get()
    asked = text(other.get("/my-shifts/swaps/"))
    other.post(f"/my-shifts/swaps/{swap.id}/answer/", {"verdict": "yes"})
    inbox = text(ward.get("/rosters/requests/"))
    ward.post(f"/rosters/swaps/{swap.id}/decision/", {"verdict": "yes"})

    after = text(Client().get(feed))
    swap.refresh_from_db()
    assert f"/my-shifts/swaps/partners/?shift={mine.pk}" in shifts
    assert partners.count('name="in_return"') == 1
    assert f"/my-shifts/swaps/{swap.id}/answer/" in asked
    assert f"/rosters/swaps/{swap.id}/decision/" in inbox
    assert swap.state == SwapState.DONE
    assert "DTSTART:20260603T050000Z" in before  # Wednesday's day, 7:00 in Berlin
    assert "DTSTART:20260603T050000Z" not in after
    assert "DTSTART:20260605T200000Z" in after  # Friday's night


def test_nobody_sees_or_answers_what_is_not_theirs(
    roster: Roster, nurse: User, manager: User, department: Department
) -> None:
    publish(assign(roster, {("P0", 2): DAY}))
    told = Roster.objects.get().current
    assert told is not None
    mine = told.shifts.get()
    taker = roster.people.get(key="P1")
    offer = {"shift": mine.pk, "colleague": taker.pk}
    signed_in(nurse).post("/my-shifts/swaps/", offer)
    swap = Swap.objects.get()
    third = signed_in(make_person(Role.NURSE, department))
    elsewhere = signed_in(make_person(Role.MANAGER, make_department()))

    answers = [
        third.post("/my-shifts/swaps/", offer),
        third.get(f"/my-shifts/swaps/partners/?shift={mine.pk}"),
        third.post(f"/my-shifts/swaps/{swap.id}/answer/", {"verdict": "yes"}),
        elsewhere.post(f"/rosters/swaps/{swap.id}/decision/", {"verdict": "yes"}),
    ]

    swap.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 4
    assert swap.state == SwapState.OFFERED
    assert "No swaps yet" in text(third.get("/my-shifts/swaps/"))
    assert "Nothing waits for you" in text(elsewhere.get("/rosters/requests/"))
