"""Cells change: one by a person's hand, or all of them by a search's roster.

Only what differs is written, so that the history names what was really changed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from scheduling.limits import CELLS_AT_ONCE
from scheduling.models import Assignment, CellLock, Roster, RosterPerson
from scheduling.problems import cells_of, instance_of, judged, locked_cells, remember
from scheduling.services.editing import check_version, next_version, roster_for_change
from scheduling.services.events import tell_department
from scheduling.solver.rules import OFF
from scheduling.solver.verify import Judged, Verdict

BATCH = 500

Cell = tuple[str, int]  # person key and day


@dataclass(frozen=True, slots=True)
class CellChange:
    """What becomes of one cell.

    Attributes:
        person: The person's key.
        shift: What they work, "" for nothing; None leaves it.
        is_locked: Whether it stays so from now on; None leaves that.
    """

    person: str
    day: int
    shift: str | None = None
    is_locked: bool | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The roster after a change, and how the judge saw it before and sees it now."""

    roster: Roster
    before: Verdict
    after: Verdict


@transaction.atomic
def change_cells(
    *,
    roster: Roster,
    author: User,
    changes: Sequence[CellChange],
    expected_version: int | None,
) -> Changed:
    """Change some cells of the working copy, all of them or none.

    A rule that breaks refuses nothing: the manager sees it, and decides.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed, or a cell is locked.
        StaleRoster: The version is not the newest.
        InvalidInput: A person, day or shift that the roster does not have.
    """
    row = roster_for_change(roster, author=author)
    check_version(row, expected_version)
    _check_changes(row, changes)
    before = judged(row)
    after = _after(before, changes)
    touched = {change.person for change in changes}
    cells = {cell: shift for cell, shift in _cells(after) if cell[0] in touched}
    is_other = write_cells(row, cells, people=touched)
    is_other = _write_locks(row, changes, author=author) or is_other
    if is_other:
        next_version(row)
        # Not before: were this undone, the version would come again with other cells.
        transaction.on_commit(partial(remember, row, after))
        tell_department(row, "changed")
    return Changed(row, before.verdict, after.verdict)


def write_cells(
    roster: Roster, cells: Mapping[Cell, str], *, people: Collection[str] | None = None
) -> bool:
    """Make these the cells of the working copy; return whether that changed any.

    The caller holds the row's lock and saves its next version.

    Args:
        roster: Whose working copy.
        cells: Who works what; what is not in it becomes a free day.
        people: Keys of those whose rows change; None for everybody.
    """
    rows = Assignment.objects.filter(person__roster=roster).select_related("person")
    if people is not None:
        rows = rows.filter(person__key__in=people)
    wanted = {cell: shift for cell, shift in cells.items() if shift != OFF}
    there = {(row.person.key, row.day): row for row in rows}
    gone = [row.pk for cell, row in there.items() if cell not in wanted]
    other = [
        _with_shift(row, wanted[cell])
        for cell, row in there.items()
        if cell in wanted and row.shift != wanted[cell]
    ]
    added = _assignments(roster, {c: s for c, s in wanted.items() if c not in there})
    Assignment.objects.filter(pk__in=gone).delete()
    Assignment.objects.bulk_update(other, ["shift", "updated"], batch_size=BATCH)
    Assignment.objects.bulk_create(added, batch_size=BATCH)
    return bool(gone or other or added)


def _after(before: Judged, changes: Iterable[CellChange]) -> Judged:
    index = before.judge.instance.person_index
    for change in changes:
        if change.shift is not None:
            before = before.with_cell(index[change.person], change.day, change.shift)
    return before


def _cells(judgment: Judged) -> Iterator[tuple[Cell, str]]:
    people = judgment.judge.instance.people
    for index, day, shift in judgment.roster.worked():
        yield (people[index].id, day), shift


def _with_shift(row: Assignment, shift: str) -> Assignment:
    row.shift = shift
    row.updated = timezone.now()  # a bulk update sets no dates by itself
    return row


def _assignments(roster: Roster, cells: Mapping[Cell, str]) -> list[Assignment]:
    people = {person.key: person for person in roster.people.all()}
    return [
        Assignment(
            person=people[key],
            day=day,
            date=roster.start + timedelta(days=day),
            shift=shift,
        )
        for (key, day), shift in cells.items()
    ]


def _check_changes(roster: Roster, changes: Sequence[CellChange]) -> None:
    if not 1 <= len(changes) <= CELLS_AT_ONCE:
        raise _refused(
            _("Between 1 and %(most)d cells change at once.") % {"most": CELLS_AT_ONCE}
        )
    instance = instance_of(roster)
    for change in changes:
        names = {"person": change.person, "day": change.day, "shift": change.shift}
        if change.person not in instance.person_index:
            raise _refused(_("The roster has no person %(person)s.") % names)
        if not 0 <= change.day < roster.days:
            raise _refused(_("The roster has no day %(day)s.") % names)
        if change.shift and change.shift not in instance.shift_by_id:
            raise _refused(_("The roster has no shift %(shift)s.") % names)
    _check_locks(roster, changes)


def _check_locks(roster: Roster, changes: Sequence[CellChange]) -> None:
    opened = {(one.person, one.day) for one in changes if one.is_locked is False}
    locked, cells = locked_cells(roster) - opened, cells_of(roster)
    for change in changes:
        cell = (change.person, change.day)
        stays = change.shift is None or change.shift == cells.get(cell, OFF)
        if cell in locked and not stays:
            raise Conflict(
                _("The cell of %(person)s on day %(day)s is locked; unlock it first.")
                % {"person": change.person, "day": change.day},
                code="cell_locked",
            )


def _write_locks(
    roster: Roster, changes: Iterable[CellChange], *, author: User
) -> bool:
    wanted = {
        (change.person, change.day): change.is_locked
        for change in changes
        if change.is_locked is not None
    }
    if not wanted:
        return False
    people: dict[str, RosterPerson] = {p.key: p for p in roster.people.all()}
    there = {
        (lock.person.key, lock.day): lock
        for lock in CellLock.objects.filter(person__roster=roster).select_related(
            "person"
        )
    }
    opened = [
        there[cell].pk
        for cell, closed in wanted.items()
        if not closed and cell in there
    ]
    closed = [
        CellLock(person=people[key], day=day, locked_by=author)
        for (key, day), is_closed in wanted.items()
        if is_closed and (key, day) not in there
    ]
    CellLock.objects.filter(pk__in=opened).delete()
    CellLock.objects.bulk_create(closed)
    return bool(opened or closed)


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, code="invalid", fields={"cells": [message]})
