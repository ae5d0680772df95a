"""Cells change with their version, and the judge says what it costs."""

import pytest
from django.db import transaction

from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling import problems
from scheduling.models import Assignment, CellLock, Roster
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.editing import StaleRoster
from scheduling.services.rosters import close_roster
from tests.rows import make_department, make_person
from tests.scheduling.wards import (
    DAY,
    MISSING,
    NIGHT,
    assign,
    make_published,
)

pytestmark = pytest.mark.django_db
NOTHING_WORKED = 7 * 2 * MISSING


def cells(roster: Roster) -> dict[tuple[str, int], str]:
    rows = Assignment.objects.filter(person__roster=roster)
    return {(row.person.key, row.day): row.shift for row in rows}


def test_a_shift_is_set_changed_and_cleared(roster: Roster, manager: User) -> None:
    def put(shift: str) -> tuple[int, int]:
        changed = change_cells(
            roster=roster,
            author=manager,
            changes=[CellChange("P1", 2, shift)],
            expected_version=None,
        )
        return changed.before.objective, changed.after.objective

    costs = [put(DAY), put(NIGHT), put("")]

    one_less = NOTHING_WORKED - MISSING
    assert costs == [
        (NOTHING_WORKED, one_less),
        (one_less, one_less),
        (one_less, NOTHING_WORKED),
    ]
    assert cells(roster) == {}
    assert Roster.objects.get().version == 4


def test_a_broken_rule_is_told_and_kept(roster: Roster, manager: User) -> None:
    changed = change_cells(
        roster=roster,
        author=manager,
        changes=[CellChange("P0", 0, NIGHT), CellChange("P0", 1, DAY)],
        expected_version=1,
    )

    assert [(v.person, v.rule, v.days) for v in changed.after.hard] == [
        ("P0", "rest", (0, 1))
    ]
    assert cells(roster) == {("P0", 0): NIGHT, ("P0", 1): DAY}


def test_the_same_again_is_no_new_version(roster: Roster, manager: User) -> None:
    assign(roster, {("P0", 0): DAY})

    newest = assign(roster, {("P0", 0): DAY})

    assert newest.version == 2


def test_an_older_version_changes_nothing(roster: Roster, manager: User) -> None:
    assign(roster, {("P0", 0): DAY})

    with pytest.raises(StaleRoster) as stale:
        change_cells(
            roster=roster,
            author=manager,
            changes=[CellChange("P0", 0, NIGHT)],
            expected_version=1,
        )

    assert stale.value.version == 2
    assert cells(roster) == {("P0", 0): DAY}


@pytest.mark.parametrize(
    "change",
    [
        CellChange("P9", 0, DAY),
        CellChange("P0", 7, DAY),
        CellChange("P0", -1, DAY),
        CellChange("P0", 0, "X"),
    ],
)
def test_what_the_roster_does_not_have_is_refused(
    change: CellChange, roster: Roster, manager: User
) -> None:
    with pytest.raises(InvalidInput):
        change_cells(
            roster=roster,
            author=manager,
            changes=[CellChange("P0", 0, DAY), change],
            expected_version=None,
        )

    assert cells(roster) == {}


def test_a_locked_cell_stays_until_it_is_opened(roster: Roster, manager: User) -> None:
    def change(shift: str | None, *, is_locked: bool | None = None) -> None:
        change_cells(
            roster=roster,
            author=manager,
            changes=[CellChange("P0", 0, shift, is_locked)],
            expected_version=None,
        )

    change(DAY, is_locked=True)
    with pytest.raises(Conflict, match="locked"):
        change(NIGHT)
    held = cells(roster)
    change(NIGHT, is_locked=False)

    assert held == {("P0", 0): DAY}
    assert cells(roster) == {("P0", 0): NIGHT}
    assert not CellLock.objects.exists()


def test_a_locked_cell_is_opened_and_changed_at_once(
    roster: Roster, manager: User
) -> None:
    for changes in (
        [CellChange("P0", 0, is_locked=True)],
        [CellChange("P0", 0, is_locked=False), CellChange("P0", 0, NIGHT)],
    ):
        change_cells(
            roster=roster, author=manager, changes=changes, expected_version=None
        )

    assert cells(roster) == {("P0", 0): NIGHT}
    assert not CellLock.objects.exists()


def test_a_closed_roster_does_not_change(manager: User) -> None:
    roster = make_published(manager.departments.get())
    close_roster(roster=roster, author=manager)

    with pytest.raises(Conflict, match="closed"):
        assign(roster, {("P0", 1): DAY})

    assert cells(roster) == {("P0", 0): DAY, ("P1", 0): NIGHT}


@pytest.mark.parametrize("role", [Role.NURSE, Role.CLINICIAN, Role.PATIENT])
def test_only_who_makes_rosters_changes_cells(role: Role, roster: Roster) -> None:
    person = make_person(role, roster.department)

    with pytest.raises(NotPermitted):
        change_cells(
            roster=roster,
            author=person,
            changes=[CellChange("P0", 0, DAY)],
            expected_version=None,
        )

    assert cells(roster) == {}


def test_a_manager_of_another_department_changes_nothing(roster: Roster) -> None:
    with pytest.raises(NotPermitted):
        change_cells(
            roster=roster,
            author=make_person(Role.MANAGER, make_department()),
            changes=[CellChange("P0", 0, DAY)],
            expected_version=None,
        )

    assert cells(roster) == {}


def test_the_history_names_what_changed(roster: Roster, manager: User) -> None:
    assign(roster, {("P0", 0): DAY, ("P1", 0): NIGHT})
    assign(roster, {("P0", 0): NIGHT})

    events = Assignment.pgh_event_models["insert"].objects.order_by("pgh_id")

    assert [(e.pgh_label, e.person.key, e.shift) for e in events] == [
        ("insert", "P0", DAY),
        ("insert", "P1", NIGHT),
        ("update", "P0", NIGHT),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_judgment_waits_until_its_change_is_sure(roster: Roster) -> None:
    with transaction.atomic():
        changed = assign(roster, {("P0", 0): DAY})
        is_early = (roster.pk, changed.version) in problems._judged

    assert not is_early
    assert (roster.pk, changed.version) in problems._judged
