"""Leave waits for the ward, and enters the drafts that it touches."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from hospital.notices.models import Notice
from scheduling.away import days_short, shifts_met
from scheduling.models import Leave, LeaveKind, LeaveState, Roster
from scheduling.pipelines.solving import problem_to_search
from scheduling.problems import (
    cells_of,
    instance_now,
    instance_of,
    judged,
    judgment_of,
)
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.leave import (
    Away,
    ask_leave,
    decide_leave,
    undo_leave,
    withdraw_leave,
)
from scheduling.services.rosters import Problem, create_roster, tie_account
from scheduling.showing.board import board_of
from scheduling.solver.formats import to_json
from tests.rows import make_department, make_person
from tests.scheduling.wards import (
    DAY,
    MONDAY,
    NIGHT,
    assign,
    make_roster,
    publish,
    ward,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 11, 9, tzinfo=UTC))


@pytest.fixture
def roster(department: Department, nurse: User, manager: User) -> Roster:
    roster = make_roster(department, author=manager)
    roster.people.filter(key="P0").update(user=nurse)
    return roster


def ask(user: User, first: int, last: int) -> Leave:
    """Ask for leave on days of the roster's week, counted from its Monday."""
    days = [MONDAY + timedelta(days=day) for day in (first, last)]
    away = Away(LeaveKind.ANNUAL, *days)
    return ask_leave(user=user, department=user.departments.get(), away=away)


def test_approved_leave_enters_the_draft_and_what_is_worked_there_is_told(
    roster: Roster, nurse: User, manager: User
) -> None:
    assign(roster, {("P0", 1): DAY, ("P0", 3): NIGHT})
    leave = ask(nurse, -2, 2)

    decide_leave(leave=leave, author=manager, is_approved=True)

    row = Roster.objects.get(pk=roster.pk)
    [met] = shifts_met(leave)
    assert instance_of(row).people[0].leave == {0, 1, 2}
    assert (row.problem_version, row.version) == (2, 3)
    assert [one.rule for one in judged(row).verdict.hard] == ["leave"]
    assert met.shifts == ((date(2026, 6, 2), DAY),)
    assert (met.first_day, met.last_day, met.is_published) == (0, 2, False)


def test_a_published_roster_keeps_its_problem_and_names_the_shifts(
    roster: Roster, nurse: User, manager: User
) -> None:
    publish(assign(roster, {("P0", 1): DAY}))
    leave = ask(nurse, 1, 1)

    decide_leave(leave=leave, author=manager, is_approved=True)

    row = Roster.objects.get(pk=roster.pk)
    [met] = shifts_met(leave)
    assert row.problem_version == 1
    assert met.is_published


def test_leave_approved_after_publication_is_known_beside_the_problem(
    roster: Roster, nurse: User, manager: User
) -> None:
    publish(assign(roster, {("P1", 1): DAY}))
    roster.people.filter(key="P1").update(user=None)
    decide_leave(leave=ask(nurse, 1, 2), author=manager, is_approved=True)
    row = Roster.objects.get(pk=roster.pk)

    known = instance_now(row)
    row_shown, other = board_of(row, cells_of(row)).rows[:2]

    assert [person.leave for person in known.people] == [{1, 2}, set(), set()]
    assert problem_to_search(row).people[0].leave == {1, 2}
    assert [cell.day.day for cell in row_shown.cells if cell.is_leave] == [1, 2]
    assert not any(cell.is_leave for cell in other.cells)


def test_the_verdict_tells_who_works_on_leave_approved_after_publication(
    roster: Roster, nurse: User, manager: User
) -> None:
    publish(assign(roster, {("P0", 1): DAY}))
    row = Roster.objects.get(pk=roster.pk)
    before = judged(row).verdict.hard
    leave = ask(nurse, 1, 1)

    decide_leave(leave=leave, author=manager, is_approved=True)
    [broken] = judged(row).verdict.hard
    [compared] = judgment_of(row, cells_of(row)).verdict.hard
    change_cells(
        roster=row,
        author=manager,
        changes=[CellChange("P0", 3, DAY)],
        expected_version=row.version,
    )
    row.refresh_from_db()
    [told_on] = judged(row).verdict.hard
    undo_leave(leave=leave, author=manager, reason="Nobody else can come.")

    assert before == ()
    assert (broken.person, broken.rule, broken.days) == ("P0", "leave", (1,))
    assert broken == compared == told_on
    assert judged(row).verdict.hard == ()


def test_leave_enters_a_draft_that_the_account_is_tied_to_later(
    roster: Roster, department: Department, manager: User
) -> None:
    colleague = make_person(Role.NURSE, department)
    decide_leave(leave=ask(colleague, 4, 9), author=manager, is_approved=True)

    tie_account(roster=roster, author=manager, key="P2", user=colleague)

    row = Roster.objects.get(pk=roster.pk)
    assert instance_of(row).people[2].leave == {4, 5, 6}


@pytest.mark.parametrize("is_published", [False, True])
def test_leave_goes_with_the_account_that_a_person_is_tied_to_no_more(
    roster: Roster,
    nurse: User,
    department: Department,
    manager: User,
    *,
    is_published: bool,
) -> None:
    colleague = make_person(Role.NURSE, department)
    decide_leave(leave=ask(nurse, 0, 1), author=manager, is_approved=True)
    decide_leave(leave=ask(colleague, 4, 4), author=manager, is_approved=True)
    if is_published:
        publish(assign(roster, {("P2", 3): DAY}))
    before = instance_now(Roster.objects.get(pk=roster.pk)).people[0].leave

    tie_account(roster=roster, author=manager, key="P0", user=colleague)
    other = instance_now(Roster.objects.get(pk=roster.pk)).people[0].leave
    tie_account(roster=roster, author=manager, key="P0", user=None)
    nobodys = instance_now(Roster.objects.get(pk=roster.pk)).people[0].leave

    own = frozenset(roster.people.get(key="P0").first_leave)
    assert (before - own, other - own, nobodys) == ({0, 1}, {4}, own)


def test_an_undone_approval_frees_the_days_that_no_other_leave_takes(
    roster: Roster, nurse: User, manager: User
) -> None:
    for first, last in ((0, 2), (4, 4)):
        decide_leave(leave=ask(nurse, first, last), author=manager, is_approved=True)
    leave = Leave.objects.get(first=MONDAY)

    undo_leave(leave=leave, author=manager, reason="Two are ill.")

    row = Roster.objects.get(pk=roster.pk)
    leave.refresh_from_db()
    told = Notice.objects.get(user=nurse, values__is_undone=True)
    assert instance_of(row).people[0].leave == {4}
    assert (leave.state, leave.reason) == (LeaveState.DECLINED, "Two are ill.")
    assert "took its approval" in told.words
    with pytest.raises(Conflict, match="not approved"):
        undo_leave(leave=leave, author=manager, reason="Again.")
    ask(nurse, 0, 2)  # the days can be asked for anew


def test_an_undone_approval_leaves_the_days_that_the_ward_s_table_gave(
    department: Department, nurse: User, manager: User
) -> None:
    problem = ward()
    first, *others = problem.people
    first = replace(first, leave=frozenset({1}))
    roster = create_roster(
        author=manager,
        department=department,
        name="Ward 3, June",
        problem=Problem(
            "anji", data=to_json(replace(problem, people=(first, *others)))
        ),
    )
    roster.people.filter(key="P0").update(user=nurse)
    leave = ask(nurse, 0, 2)
    decide_leave(leave=leave, author=manager, is_approved=True)

    undo_leave(leave=leave, author=manager, reason="Two are ill.")

    row = Roster.objects.get(pk=roster.pk)
    assert instance_of(row).people[0].leave == {1}


def test_an_approval_is_undone_by_its_ward_with_a_reason_before_the_leave_is_over(
    roster: Roster, nurse: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = decide_leave(leave=ask(nurse, 0, 2), author=manager, is_approved=True)
    other = make_person(Role.MANAGER, make_department())

    with pytest.raises(NotPermitted):
        undo_leave(leave=leave, author=other, reason="No.")
    with pytest.raises(InvalidInput):
        undo_leave(leave=leave, author=manager, reason=" ")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 6, 4, 9, tzinfo=UTC))
    with pytest.raises(Conflict, match="over"):
        undo_leave(leave=leave, author=manager, reason="Late.")

    leave.refresh_from_db()
    assert leave.state == LeaveState.APPROVED
    assert instance_of(Roster.objects.get(pk=roster.pk)).people[0].leave == {0, 1, 2}


def test_the_ward_s_managers_hear_of_leave_that_waits(
    nurse: User, manager: User
) -> None:
    make_person(Role.MANAGER, make_department())

    ask(nurse, 0, 2)

    [told] = Notice.objects.all()
    assert told.user == manager
    assert told.link == "/rosters/requests/"
    assert "asks for leave from Jun 1, 2026" in told.words


def test_one_day_is_asked_for_once(nurse: User) -> None:
    first = ask(nurse, 0, 3)

    with pytest.raises(Conflict, match="already"):
        ask(nurse, 3, 5)
    withdraw_leave(leave=first, user=nurse)
    ask(nurse, 3, 5)

    assert sorted(Leave.objects.values_list("state", flat=True)) == [
        LeaveState.ASKED,
        LeaveState.WITHDRAWN,
    ]


@pytest.mark.parametrize(
    ("first", "last"), [(3, 2), (0, 366), (-200, -190), (2000, 2001)]
)
def test_days_that_cannot_be_leave_are_refused(
    first: int, last: int, nurse: User
) -> None:
    with pytest.raises(InvalidInput):
        ask(nurse, first, last)

    assert not Leave.objects.exists()


def test_who_declines_says_why_and_decides_once(nurse: User, manager: User) -> None:
    leave = ask(nurse, 0, 1)

    with pytest.raises(InvalidInput) as refused:
        decide_leave(leave=leave, author=manager, is_approved=False, reason=" ")
    decide_leave(leave=leave, author=manager, is_approved=False, reason="Too few.")
    with pytest.raises(Conflict):
        decide_leave(leave=leave, author=manager, is_approved=True)
    with pytest.raises(Conflict):
        withdraw_leave(leave=leave, user=nurse)

    leave.refresh_from_db()
    assert list(refused.value.fields) == ["reason"]
    assert (leave.state, leave.reason) == (LeaveState.DECLINED, "Too few.")


def test_the_ward_decides_and_nobody_else(nurse: User) -> None:
    leave = ask(nurse, 0, 1)

    for other in (nurse, make_person(Role.MANAGER, make_department())):
        with pytest.raises(NotPermitted):
            decide_leave(leave=leave, author=other, is_approved=True)
    with pytest.raises(NotPermitted):
        withdraw_leave(leave=leave, user=make_person(Role.NURSE, leave.department))

    leave.refresh_from_db()
    assert leave.state == LeaveState.ASKED


def test_leave_that_leaves_too_few_is_told_with_figures(
    roster: Roster, nurse: User, department: Department, manager: User
) -> None:
    colleague = make_person(Role.NURSE, department)
    tie_account(roster=roster, author=manager, key="P1", user=colleague)
    ask(colleague, 2, 3)
    leave = ask(nurse, 1, 2)

    [short] = days_short(leave)

    assert short.date == MONDAY + timedelta(days=2)
    assert (short.away, short.people, short.left, short.needed) == (2, 3, 1, 2)
