"""The sick are kept away together with the way on that is taken after their call."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import InvalidInput
from scheduling.models import (
    Leave,
    LeaveKind,
    LeaveState,
    Roster,
    RosterPerson,
    RosterState,
)
from scheduling.problems import cells_of, judged, leave_of, locked_cells
from scheduling.services.cells import Cell, CellChange, change_cells
from scheduling.services.editing import check_version, roster_for_change
from scheduling.services.leave import give_leaves, lift_leaves
from scheduling.services.repairs import WITHOUT_DATES
from scheduling.solver.rules import OFF
from scheduling.solver.verify import Verdict

Absences = Mapping[str, Collection[int]]  # by person's key, days of the roster


@dataclass(frozen=True, slots=True)
class Taken:
    """A way that was taken, and what keeps the absent away.

    Attributes:
        roster: As it is now.
        before: What the judge said of it before.
        leaves: The sick leave that was entered.
        locked: The free days that were locked, of people without an account.
    """

    roster: Roster
    before: Verdict
    leaves: list[Leave]
    locked: list[Cell]


@transaction.atomic
def take_way(
    *,
    roster: Roster,
    author: User,
    changes: Sequence[CellChange],
    absences: Absences,
    expected_version: int | None,
) -> Taken:
    """Change the cells of a way on, and keep the absent away on all of their days.

    Who has an account gets approved sick leave, for the days that no approved leave
    takes already. Who has none, or a roster without dates, gets the free days locked.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed, or a cell is locked.
        StaleRoster: The version is not the newest.
        InvalidInput: A person, day or shift that the roster does not have.
    """
    if not absences:
        changed = change_cells(
            roster=roster,
            author=author,
            changes=changes,
            expected_version=expected_version,
        )
        return Taken(changed.roster, changed.before, [], [])
    places = roster.people.filter(key__in=list(absences), user__isnull=False)
    _lock_in_order(roster, [place.user_id for place in places])
    row = roster_for_change(roster, author=author)
    check_version(row, expected_version)
    before = judged(row).verdict
    people = _absent(row, absences)
    noted = [] if _is_undated(row) else [one for one in people if one.user]
    leaves = list(_sick_leave(row, noted, absences, author))
    others = {one.key: absences[one.key] for one in people if one not in noted}
    locked = list(_to_lock(row, changes, others))
    locks = [CellChange(person, day, is_locked=True) for person, day in locked]
    if changes or locks:
        change_cells(
            roster=row,
            author=author,
            changes=[*changes, *locks],
            expected_version=expected_version,
        )
    give_leaves(leaves)
    row = Roster.objects.defer("instance").get(pk=row.pk)
    return Taken(row, before, leaves, locked)


@transaction.atomic
def undo_way(
    *,
    roster: Roster,
    author: User,
    changes: Sequence[CellChange],
    leaves: Collection[UUID],
    expected_version: int | None,
) -> None:
    """Change the cells back, and withdraw the sick leave that came with a way.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed, or a cell is locked.
        StaleRoster: The version is not the newest.
        InvalidInput: A person, day or shift that the roster does not have.
    """
    given = list(
        Leave.objects.select_for_update(of=("self",))
        .filter(
            pk__in=leaves,
            department=roster.department_id,
            user__in=roster.people.values("user"),
            kind=LeaveKind.SICK,
            state=LeaveState.APPROVED,
        )
        .order_by("pk")
    )
    _lock_in_order(roster, [leave.user_id for leave in given])
    row = roster_for_change(roster, author=author)
    check_version(row, expected_version)
    if changes:
        change_cells(
            roster=row,
            author=author,
            changes=changes,
            expected_version=expected_version,
        )
    lift_leaves(given, author=author, state=LeaveState.WITHDRAWN)


def _lock_in_order(roster: Roster, users: Collection[UUID | None]) -> None:
    """Lock the roster and those that leave of these accounts may change.

    Leave locks rosters by their keys, so that two at once do not wait for each other.
    """
    theirs = Roster.objects.exclude(state=RosterState.LOCKED).filter(
        people__user__in=users,
        start__lt=roster.start + timedelta(days=roster.days),
    )
    rows = Roster.objects.select_for_update(of=("self",)).filter(
        Q(pk=roster.pk) | Q(pk__in=theirs.values("pk"))
    )
    list(rows.defer("instance").order_by("pk"))


def _absent(row: Roster, absences: Absences) -> list[RosterPerson]:
    """Return the people named.

    Raises:
        InvalidInput: One is not there, or a day is not.
    """
    people = {one.key: one for one in row.people.select_related("user")}
    for key, days in absences.items():
        if key not in people:
            raise _refused(_("The roster has no person %(person)s.") % {"person": key})
        for day in days:
            if not 0 <= day < row.days:
                raise _refused(_("The roster has no day %(day)s.") % {"day": day})
    return [people[key] for key in absences]


def _is_undated(row: Roster) -> bool:
    return row.source_format in WITHOUT_DATES


def _to_lock(
    row: Roster, changes: Sequence[CellChange], absences: Absences
) -> Iterator[Cell]:
    """Yield the days to lock: free after the changes, and not locked yet."""
    cells: dict[Cell, str] = {
        **cells_of(row),
        **{(c.person, c.day): c.shift for c in changes if c.shift is not None},
    }
    held = locked_cells(row)
    for key, days in absences.items():
        for day in sorted(set(days)):
            if cells.get((key, day), OFF) == OFF and (key, day) not in held:
                yield key, day


def _sick_leave(
    row: Roster, people: Iterable[RosterPerson], absences: Absences, author: User
) -> Iterator[Leave]:
    """Yield the leave to enter; none of it is kept yet."""
    known = set(leave_of(row))
    for person in people:
        days = {day for day in absences[person.key] if (person.key, day) not in known}
        for first, last in _spans(days):
            yield Leave(
                user=person.user,
                department=row.department,
                kind=LeaveKind.SICK,
                first=row.start + timedelta(days=first),
                last=row.start + timedelta(days=last),
                state=LeaveState.APPROVED,
                decided_by=author,
            )


def _spans(days: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last day of each run of days."""
    firsts = sorted(day for day in days if day - 1 not in days)
    lasts = sorted(day for day in days if day + 1 not in days)
    yield from zip(firsts, lasts, strict=True)


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, code="invalid", fields={"absences": [message]})
