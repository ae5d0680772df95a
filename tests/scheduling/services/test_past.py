"""What a department's own publications and its leave teach."""

from datetime import timedelta

import pytest

from hospital.accounts.models import Role
from scheduling.models import Leave, LeaveKind, LeaveState, Roster
from scheduling.services.past import learn_published
from tests.rows import make_department, make_person
from tests.scheduling.wards import DAY, MONDAY, assign, make_roster, publish

pytestmark = pytest.mark.django_db


def published(*, accounts: int) -> Roster:
    """Return four weeks in which P0 and P1 work Monday to Friday, 20 shifts each."""
    department = make_department()
    roster = make_roster(department, days=28)
    for number in range(accounts):
        user = make_person(Role.NURSE, department)
        roster.people.filter(key=f"P{number}").update(user=user)
    assign(
        roster,
        {(key, day): DAY for key in ("P0", "P1") for day in range(28) if day % 7 < 5},
    )
    publish(roster)
    return Roster.objects.get(pk=roster.pk)


def test_leave_after_publication_is_an_absence_of_who_has_an_account() -> None:
    roster = published(accounts=1)
    away = roster.people.get(key="P0").user
    Leave.objects.create(
        user=away,
        department=roster.department,
        kind=LeaveKind.SICK,
        first=MONDAY + timedelta(days=3),
        last=MONDAY + timedelta(days=6),
        state=LeaveState.APPROVED,
    )

    past = learn_published(department=roster.department, author=roster.created_by)

    [rate] = past.proposals["absences"]
    assert (rate["group"], rate["season"]) == ("all", "summer")
    assert (rate["planned"], rate["absent"], rate["rate"]) == (20, 2, 0.1)
    assert [list(one) for one in rate["reasons"]] == [["sick", 2]]
    assert past.proposals["swaps"] == []


def test_where_no_leave_is_on_record_no_rate_is_told() -> None:
    roster = published(accounts=2)

    past = learn_published(department=roster.department, author=roster.created_by)

    assert past.proposals["absences"] == []
    assert len(past.proposals["cover"]) == 5
