"""Taking a way on keeps the sick away; undoing it lets them be rostered again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from hospital.core.errors import InvalidInput, NotPermitted
from hospital.notices.models import Notice
from scheduling.models import Leave, LeaveKind, LeaveState, Roster, SourceFormat
from scheduling.problems import cells_of, instance_of, leave_of, locked_cells
from scheduling.services.absences import Absences, Taken, take_way, undo_way
from scheduling.services.cells import CellChange
from scheduling.services.editing import StaleRoster
from tests.rows import make_department, make_person
from tests.scheduling.wards import (
    DAY,
    MONDAY,
    assign,
    make_covered,
    make_roster,
    publish,
)

pytestmark = pytest.mark.django_db
COVERED = [CellChange("P0", 1, ""), CellChange("P3", 1, DAY)]  # by P3, for P0
BACK = [CellChange("P0", 1, DAY), CellChange("P3", 1, "")]


@pytest.fixture(autouse=True)
def _in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 31, 9, tzinfo=UTC))


@pytest.fixture
def roster(department: Department, nurse: User, manager: User) -> Roster:
    """P0 of the nurse works D, P1 N, on three days; P2 and P3 have no account."""
    roster = make_covered(department, author=manager)
    roster.people.filter(key="P0").update(user=nurse)
    return roster


def take(roster: Roster, author: User, absences: Absences) -> Taken:
    return take_way(
        roster=roster,
        author=author,
        changes=COVERED,
        absences=absences,
        expected_version=roster.version,
    )


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def test_the_sick_get_leave_in_the_draft_until_the_way_is_undone(
    roster: Roster, nurse: User, manager: User
) -> None:
    before = cells_of(roster)

    taken = take(roster, manager, {"P0": [1, 2]})

    [leave] = Leave.objects.all()
    assert taken.leaves == [leave]
    assert (leave.user, leave.kind, leave.state) == (
        nurse,
        LeaveKind.SICK,
        LeaveState.APPROVED,
    )
    assert (leave.first, leave.last, leave.decided_by) == (on(1), on(2), manager)
    assert instance_of(taken.roster).people[0].leave == {1, 2}
    assert "is approved" in Notice.objects.get(user=nurse).words

    undo_way(
        roster=taken.roster,
        author=manager,
        changes=BACK,
        leaves=[leave.pk],
        expected_version=taken.roster.version,
    )

    row = Roster.objects.get(pk=roster.pk)
    leave.refresh_from_db()
    assert leave.state == LeaveState.WITHDRAWN
    assert instance_of(row).people[0].leave == set()
    assert cells_of(row) == before


def test_of_a_published_roster_the_leave_stands_beside_the_problem(
    roster: Roster, manager: User
) -> None:
    publish(roster)
    row = Roster.objects.get(pk=roster.pk)

    taken = take(row, manager, {"P0": [1]})

    assert taken.roster.problem_version == row.problem_version
    assert leave_of(taken.roster) == {("P0", 1): LeaveKind.SICK}


def test_days_apart_are_leaves_apart_and_days_of_leave_are_not_given_twice(
    department: Department, nurse: User, manager: User
) -> None:
    roster = make_roster(department, author=manager)
    roster.people.filter(key="P0").update(user=nurse)
    Leave.objects.create(
        user=nurse,
        department=department,
        kind=LeaveKind.ANNUAL,
        first=on(2),
        last=on(2),
        state=LeaveState.APPROVED,
    )

    taken = take_way(
        roster=roster,
        author=manager,
        changes=[],
        absences={"P0": [6, 1, 2, 3, 4, 1]},
        expected_version=roster.version,
    )

    spans = [(leave.first, leave.last) for leave in taken.leaves]
    assert sorted(spans) == [(on(1), on(1)), (on(3), on(4)), (on(6), on(6))]
    assert instance_of(taken.roster).people[0].leave == {1, 2, 3, 4, 6}
    assert taken.roster.problem_version == 2  # all of them at once


def test_the_free_days_of_who_has_no_account_are_locked(
    roster: Roster, manager: User
) -> None:
    taken = take(roster, manager, {"P2": [0, 1], "P1": [0]})

    assert taken.leaves == []
    assert taken.locked == [("P2", 0), ("P2", 1)]  # P1 still works there
    assert locked_cells(taken.roster) == {("P2", 0), ("P2", 1)}


def test_a_way_of_who_has_no_account_is_undone_locks_and_all(
    roster: Roster, manager: User
) -> None:
    roster = assign(roster, {("P2", 0): DAY})
    before = cells_of(roster)
    changes = [CellChange("P2", 0, ""), CellChange("P3", 0, DAY)]
    taken = take_way(
        roster=roster,
        author=manager,
        changes=changes,
        absences={"P2": [0, 1]},
        expected_version=roster.version,
    )
    opened = [CellChange(*cell, is_locked=False) for cell in taken.locked]

    undo_way(
        roster=roster,
        author=manager,
        changes=[*opened, CellChange("P2", 0, DAY), CellChange("P3", 0, "")],
        leaves=[],
        expected_version=taken.roster.version,
    )

    assert taken.locked == [("P2", 0), ("P2", 1)]
    assert cells_of(roster) == before
    assert not locked_cells(roster)


def test_days_that_nobody_dated_are_no_leave(roster: Roster, manager: User) -> None:
    Roster.objects.filter(pk=roster.pk).update(source_format=SourceFormat.INRC2)

    taken = take(roster, manager, {"P0": [1]})

    assert (taken.leaves, taken.locked) == ([], [("P0", 1)])


@pytest.mark.parametrize("absences", [{"P9": [1]}, {"P0": [3]}, {"P0": [-1]}])
def test_an_absence_that_cannot_be_changes_nothing(
    absences: Absences, roster: Roster, manager: User
) -> None:
    before = cells_of(roster)

    with pytest.raises(InvalidInput) as refused:
        take(roster, manager, absences)

    assert list(refused.value.fields) == ["absences"]
    assert cells_of(roster) == before
    assert not Leave.objects.exists()


def test_a_stale_page_and_another_wards_manager_take_no_way(
    roster: Roster, manager: User
) -> None:
    other = make_person(Role.MANAGER, make_department())

    with pytest.raises(NotPermitted):
        take(roster, other, {"P0": [1]})
    roster.version -= 1
    with pytest.raises(StaleRoster):
        take(roster, manager, {"P0": [1]})

    assert not Leave.objects.exists()


def test_undo_takes_back_no_leave_but_sick_leave_of_the_rosters_people(
    roster: Roster, nurse: User, manager: User, department: Department
) -> None:
    stranger = make_person(Role.NURSE, department)
    kept = [
        Leave.objects.create(
            user=user,
            department=department,
            kind=kind,
            first=on(0),
            last=on(0),
            state=LeaveState.APPROVED,
        )
        for user, kind in ((nurse, LeaveKind.ANNUAL), (stranger, LeaveKind.SICK))
    ]

    undo_way(
        roster=roster,
        author=manager,
        changes=[],
        leaves=[leave.pk for leave in kept],
        expected_version=None,
    )

    assert set(Leave.objects.values_list("state", flat=True)) == {LeaveState.APPROVED}
