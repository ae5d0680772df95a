"""Requests cost points, and enter the problem once the manager takes them in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling.models import RequestPeriod, RequestState, Roster, ShiftRequest, Wish
from scheduling.problems import instance_of
from scheduling.saying.words import STAFF_REQUESTS
from scheduling.services.requests import (
    Asked,
    ask_requests,
    close_requests,
    decide_requests,
    open_requests,
    withdraw_request,
)
from scheduling.solver.rules import Request
from scheduling.wishes import is_kept, point_weight
from tests.rows import make_person
from tests.scheduling.wards import (
    DAY,
    MISSING,
    MONDAY,
    NIGHT,
    assign,
    make_roster,
    publish,
)

pytestmark = pytest.mark.django_db
BUDGET = 6
POINT = MISSING // 4  # three points stay below one person missing


@pytest.fixture(autouse=True)
def _in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 11, 9, tzinfo=UTC))


@pytest.fixture
def roster(department: Department, nurse: User) -> Roster:
    roster = make_roster(department)
    roster.people.filter(key="P0").update(user=nurse)
    return roster


@pytest.fixture
def period(roster: Roster) -> RequestPeriod:
    assert roster.created_by is not None
    return open_requests(
        roster=roster,
        author=roster.created_by,
        closes=MONDAY - timedelta(days=7),
        budget=BUDGET,
    )


def off(*days: int, points: int = 1) -> Asked:
    return Asked(days, Wish.OFF, "", points)


def on(*days: int, shift: str = DAY, points: int = 1) -> Asked:
    return Asked(days, Wish.ON, shift, points)


def accept(roster: Roster, *requests: ShiftRequest) -> Roster:
    assert roster.created_by is not None
    decide_requests(
        roster=roster,
        author=roster.created_by,
        requests=[request.pk for request in requests],
        is_accepted=True,
    )
    return Roster.objects.get(pk=roster.pk)


def test_a_request_costs_its_points_for_each_day(
    period: RequestPeriod, nurse: User
) -> None:
    ask_requests(period=period, user=nurse, asked=off(0, 1, points=2))
    ask_requests(period=period, user=nurse, asked=on(1, points=1))  # replaces one

    with pytest.raises(InvalidInput) as refused:
        ask_requests(period=period, user=nurse, asked=off(5, 6, points=2))

    assert "takes 4 points, and 3 are left" in str(refused.value)
    assert list(ShiftRequest.objects.values_list("day", "wish", "points")) == [
        (0, "off", 2),
        (1, "on", 1),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        *(off(), off(7), off(0, points=4), off(0, points=0), on(0, shift="X")),
        *(Asked([0], Wish.OFF, DAY, 1), Asked([0], Wish.ON, "", 1)),
        Asked([0], "x", "", 1),
    ],
)
def test_what_cannot_be_asked_leaves_nothing(
    asked: Asked, period: RequestPeriod, nurse: User
) -> None:
    with pytest.raises(InvalidInput):
        ask_requests(period=period, user=nurse, asked=asked)

    assert not ShiftRequest.objects.exists()


def test_only_who_is_in_the_roster_asks_and_only_while_it_is_open(
    period: RequestPeriod, nurse: User, department: Department
) -> None:
    [request] = ask_requests(period=period, user=nurse, asked=off(0))

    with pytest.raises(NotPermitted):
        ask_requests(
            period=period, user=make_person(Role.NURSE, department), asked=off(1)
        )
    assert period.opened_by is not None
    close_requests(period=period, author=period.opened_by)
    with pytest.raises(Conflict, match="closed"):
        ask_requests(period=period, user=nurse, asked=off(1))
    with pytest.raises(Conflict, match="closed"):
        withdraw_request(request=request, user=nurse)

    assert ShiftRequest.objects.get() == request


def test_what_is_taken_back_as_it_is_accepted_leaves_the_problem_too(
    period: RequestPeriod, roster: Roster, nurse: User
) -> None:
    [seen] = ask_requests(period=period, user=nurse, asked=off(0))
    accept(roster, seen)

    withdraw_request(request=seen, user=nurse)
    withdraw_request(request=seen, user=nurse)

    assert instance_of(Roster.objects.get(pk=roster.pk)).requests == ()
    assert not ShiftRequest.objects.exists()


def test_accepted_requests_are_the_problems_and_taken_back_they_are_not(
    period: RequestPeriod, roster: Roster, nurse: User
) -> None:
    [free, *_] = ask_requests(period=period, user=nurse, asked=off(0, points=3))
    [night, *_] = ask_requests(period=period, user=nurse, asked=on(2, shift=NIGHT))

    row = accept(roster, free, night)
    taken_in = instance_of(row).requests
    withdraw_request(request=ShiftRequest.objects.get(pk=free.pk), user=nurse)

    newest = Roster.objects.get(pk=roster.pk)
    wish = Request(
        name=STAFF_REQUESTS,
        person="P0",
        day=2,
        shifts=frozenset({NIGHT}),
        is_on=True,
        weight=POINT,
    )
    assert (row.problem_version, row.version) == (2, 2)
    assert [request.weight for request in taken_in] == [3 * POINT, POINT]
    assert taken_in[0].shifts == {DAY, NIGHT}
    assert newest.problem_version == 3
    assert instance_of(newest).requests == (wish,)


def test_a_declined_request_gives_its_points_back(
    period: RequestPeriod, roster: Roster, nurse: User
) -> None:
    [request] = ask_requests(period=period, user=nurse, asked=off(0, points=3))
    assert roster.created_by is not None
    decide_requests(
        roster=roster,
        author=roster.created_by,
        requests=[request.pk],
        is_accepted=False,
    )

    made = ask_requests(period=period, user=nurse, asked=off(1, 2, points=3))

    request.refresh_from_db()
    roster.refresh_from_db()
    assert request.state == RequestState.DECLINED
    assert len(made) == 2
    assert roster.problem_version == 1


def test_a_published_roster_takes_no_requests(roster: Roster) -> None:
    assert roster.created_by is not None
    publish(assign(roster, {("P0", 0): DAY}))

    with pytest.raises(Conflict, match="published"):
        open_requests(
            roster=roster,
            author=roster.created_by,
            closes=MONDAY - timedelta(days=1),
            budget=BUDGET,
        )

    assert not RequestPeriod.objects.exists()


def test_the_own_requests_of_a_problem_set_the_scale(roster: Roster) -> None:
    instance = instance_of(roster)
    own = tuple(
        Request(
            person="P1", day=day, shifts=frozenset({DAY}), is_on=True, weight=weight
        )
        for day, weight in enumerate((8, 12, 40))
    )

    assert point_weight(instance) == POINT
    assert point_weight(replace(instance, requests=own)) == 12 // 2


@pytest.mark.parametrize(
    ("wish", "shift", "worked", "kept"),
    [
        ("off", "", "", True),
        ("off", "", DAY, False),
        ("on", DAY, DAY, True),
        ("on", DAY, NIGHT, False),
        ("on", DAY, "", False),
    ],
)
def test_a_request_is_kept_by_what_is_worked(
    *, wish: str, shift: str, worked: str, kept: bool
) -> None:
    assert is_kept(ShiftRequest(wish=wish, shift=shift), worked) is kept
