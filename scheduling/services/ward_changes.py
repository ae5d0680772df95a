"""The people, contracts and needs of a roster change to what tables of its ward say."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import Conflict
from scheduling.models import (
    Assignment,
    CellLock,
    RequestState,
    Roster,
    RosterImport,
    RosterPerson,
    ShiftRequest,
)
from scheduling.problems import instance_of
from scheduling.services.editing import (
    check_version,
    require_editor,
    roster_for_change,
)
from scheduling.services.imports import create_imported, forget_read, staff_of
from scheduling.services.leave import with_approved_leave
from scheduling.services.problem import put_problem
from scheduling.services.stale import close_stale_swaps, close_swaps_of
from scheduling.services.ward_readings import told_people
from scheduling.solver.formats import from_json
from scheduling.solver.instance import Instance


def take_import(*, imported: RosterImport, author: User) -> Roster:
    """Make the roster of an import, or change the one that it is for.

    Raises:
        NotPermitted, Conflict, StaleRoster: As `create_imported` and `change_ward` do.
    """
    if imported.target_id is None:
        return create_imported(imported=imported, author=author)
    return change_ward(imported=imported, author=author)


@transaction.atomic
def change_ward(*, imported: RosterImport, author: User) -> Roster:
    """Change a roster to what an import for it says; asked for again, nothing more.

    The cells of those who stay are kept, locked ones too. Who leaves goes with their
    cells; cells of a shift that goes become free.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: There are errors, or the roster is closed.
        StaleRoster: The roster was changed since the tables were read.
    """
    kept = RosterImport.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    require_editor(author, kept.department_id)
    if kept.roster is not None:
        return kept.roster
    if kept.target is None or kept.instance is None:
        raise Conflict(
            _("Mend what is named and send the tables again: nothing was changed."),
            code="import_has_errors",
        )
    row = roster_for_change(kept.target, author=author)
    check_version(row, kept.version)
    before, after = instance_of(row), from_json(kept.instance)
    gone = before.all_shifts - after.all_shifts
    _change_people(row, before, after)
    _tie(row, kept.accounts)
    _drop_cells(row, gone)
    _decline_requests(row, gone, author=author)
    after = with_approved_leave(row, after, anew=kept.accounts)
    close_stale_swaps(row)  # before the problem changes: it is read from there
    if after != before:
        put_problem(row, after)
    forget_read(kept, row)
    return row


def _change_people(row: Roster, before: Instance, after: Instance) -> None:
    """Make the rows of people those of the problem; who leaves goes with their cells.

    Raises:
        Conflict: Somebody of them swaps shifts by now.
    """
    gone = set(before.person_index) - set(after.person_index)
    if gone & told_people(row):
        raise Conflict(
            _("Somebody who leaves swaps shifts by now: send the tables again."),
            code="person_told",
        )
    row.people.filter(key__in=gone).delete()
    there = {one.key: one for one in row.people.all()}
    was = {one.id: one.leave for one in before.people}
    new = []
    for position, person in enumerate(after.people):
        one = there.get(person.id) or RosterPerson(roster=row, key=person.id)
        added = person.leave - was.get(person.id, frozenset())
        lost = was.get(person.id, frozenset()) - person.leave
        first = sorted(({*one.first_leave} | added) - lost)
        said = (person.name[:200], position, first)
        if said == (one.name, one.position, one.first_leave):
            continue
        one.name, one.position, one.first_leave = said
        if person.id in there:
            one.save(update_fields=["name", "position", "first_leave", "updated"])
        else:
            new.append(one)
    RosterPerson.objects.bulk_create(new)


def _tie(row: Roster, accounts: Mapping[str, str]) -> None:
    """Tie people to the accounts that changed; "" unties, and nobody's is taken."""
    people = {one.key: one for one in row.people.filter(key__in=accounts)}
    close_swaps_of(row, people.values())
    row.people.filter(key__in=accounts).update(user=None)
    still = set(staff_of(row.department).values_list("pk", flat=True))
    still -= set(row.people.values_list("user", flat=True))
    for key, person in people.items():
        if accounts[key] and UUID(accounts[key]) in still:
            person.user_id = UUID(accounts[key])
            person.save(update_fields=["user", "updated"])


def _drop_cells(row: Roster, shifts: Collection[str]) -> None:
    """Free the cells of shifts that go, and open those that are locked."""
    cells = Assignment.objects.filter(person__roster=row, shift__in=shifts)
    for person, day in cells.values_list("person", "day"):
        CellLock.objects.filter(person=person, day=day).delete()
    cells.delete()


def _decline_requests(row: Roster, shifts: Collection[str], *, author: User) -> None:
    """Decline what the staff asked for and nobody can work any more."""
    asked = ShiftRequest.objects.filter(person__roster=row, shift__in=shifts)
    asked.exclude(state=RequestState.DECLINED).update(
        state=RequestState.DECLINED, decided_by=author, updated=timezone.now()
    )
