"""The staff ask for leave; approved, it enters the drafts that it touches."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import Department, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from hospital.jobs.events import publish
from scheduling.importing import with_leave_counted
from scheduling.limits import LEAVE_AHEAD_DAYS, LEAVE_BEHIND_DAYS, LONGEST_LEAVE_DAYS
from scheduling.models import Leave, LeaveKind, LeaveState, Roster, RosterState
from scheduling.problems import instance_of, leave_of, with_leave
from scheduling.services.editing import require_editor
from scheduling.services.problem import put_problem
from scheduling.services.staff_telling import (
    tell_leave_asked,
    tell_leave_decided,
    tell_leave_undone,
)
from scheduling.solver.instance import Instance

LIVING = (LeaveState.ASKED, LeaveState.APPROVED)


@dataclass(frozen=True, slots=True)
class Away:
    """Which days, and what for."""

    kind: str
    first: date
    last: date
    note: str = ""


@transaction.atomic
def ask_leave(*, user: User, department: Department, away: Away) -> Leave:
    """Ask a ward for leave; it waits for the ward's manager.

    Raises:
        InvalidInput: A kind, days or a ward that cannot be.
        Conflict: The person asked for one of these days before.
    """
    _check_away(away)
    if not user.memberships.filter(department=department).exists():
        raise _refused("department", _("You do not belong to this department."))
    User.objects.select_for_update().get(pk=user.pk)  # two at once would overlap
    other = Leave.objects.filter(
        user=user, state__in=LIVING, first__lte=away.last, last__gte=away.first
    ).first()
    if other is not None:
        raise Conflict(
            _("You asked for leave from %(first)s to %(last)s already.")
            % {"first": _told(other.first), "last": _told(other.last)},
            code="leave_overlaps",
        )
    leave = Leave.objects.create(
        user=user,
        department=department,
        kind=away.kind,
        first=away.first,
        last=away.last,
        note=away.note,
    )
    tell_leave_asked(leave)
    _tell(leave)
    return leave


@transaction.atomic
def withdraw_leave(*, leave: Leave, user: User) -> Leave:
    """Take one's leave back, while the ward has not decided.

    Raises:
        NotPermitted: It is somebody else's.
        Conflict: The ward decided, or it was taken back before.
    """
    row = _waiting(leave)
    if row.user_id != user.pk:
        raise NotPermitted(_("This leave is somebody else's."), code="not_yours")
    row.state = LeaveState.WITHDRAWN
    row.save(update_fields=["state", "updated"])
    _tell(row)
    return row


@transaction.atomic
def decide_leave(
    *, leave: Leave, author: User, is_approved: bool, reason: str = ""
) -> Leave:
    """Approve leave, which enters every draft that it touches, or decline it.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: It was decided or taken back before.
        InvalidInput: It is declined without a reason.
    """
    require_editor(author, leave.department_id)
    row = _waiting(leave)
    if not is_approved and not reason.strip():
        raise _refused("reason", _("Say why: the person reads it."))
    row.state = LeaveState.APPROVED if is_approved else LeaveState.DECLINED
    row.reason, row.decided_by = reason.strip(), author
    row.save(update_fields=["state", "reason", "decided_by", "updated"])
    if is_approved:
        for draft in _rosters_touched(row, RosterState.DRAFT):
            enter_leave(draft)
    tell_leave_decided(row)
    _tell(row)
    return row


@transaction.atomic
def undo_leave(*, leave: Leave, author: User, reason: str) -> Leave:
    """Take the ward's approval back: the days can be rostered again, and are declined.

    They leave the problem of every roster that is not closed, save those of other
    approved leave and of the table that the roster came from. Cells stay as they are.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The leave is not approved, or is over.
        InvalidInput: There is no reason.
    """
    require_editor(author, leave.department_id)
    row = Leave.objects.select_for_update(of=("self",)).get(pk=leave.pk)
    if row.state != LeaveState.APPROVED:
        raise Conflict(_("This leave is not approved."), code="leave_not_approved")
    if row.last < timezone.localdate():
        raise Conflict(_("This leave is over."), code="leave_over")
    if not reason.strip():
        raise _refused("reason", _("Say why: the person reads it."))
    row.reason = reason.strip()
    lift_leaves([row], author=author, state=LeaveState.DECLINED)
    return row


def give_leaves(leaves: Sequence[Leave]) -> None:
    """Keep new leave that its maker approved, and enter every draft that it touches."""
    for leave in leaves:
        leave.save()
    for draft in _all_touched(leaves, RosterState.DRAFT):
        enter_leave(draft)
    for leave in leaves:
        tell_leave_decided(leave)
        _tell(leave)


def lift_leaves(leaves: Sequence[Leave], *, author: User, state: LeaveState) -> None:
    """Take approved leave, whose locks we hold, out of every roster that is not closed."""
    for leave in leaves:
        leave.state, leave.decided_by = state, author
        leave.save(update_fields=["state", "reason", "decided_by", "updated"])
    for roster in _all_touched(leaves, RosterState.DRAFT, RosterState.PUBLISHED):
        _lift_from(roster, leaves)
    for leave in leaves:
        tell_leave_undone(leave)
        _tell(leave)


def enter_leave(roster: Roster, *, anew: Collection[str] = ()) -> None:
    """Put the approved leave of its people into a draft, whose lock we hold.

    Cells that somebody works then stay: the judge tells them as broken.

    Args:
        roster: Whose problem changes.
        anew: Keys of people whose account is another one: the leave of the account
            before leaves the problem, of a published roster too.
    """
    before = instance_of(roster)
    after = with_approved_leave(roster, before, anew=anew)
    if after != before:
        put_problem(roster, after)


def with_approved_leave(
    roster: Roster, instance: Instance, *, anew: Collection[str] = ()
) -> Instance:
    """Return a problem of the roster as `enter_leave` keeps it."""
    firsts = dict(roster.people.filter(key__in=anew).values_list("key", "first_leave"))
    people = tuple(
        replace(one, leave=frozenset(firsts.get(one.id, one.leave)))
        for one in instance.people
    )
    if people != instance.people:
        instance = with_leave_counted(replace(instance, people=people))
    if roster.state != RosterState.DRAFT:
        return instance  # what is approved now is judged, and stays out of what is kept
    return with_leave(instance, leave_of(roster))


def _lift_from(roster: Roster, leaves: Iterable[Leave]) -> None:
    before = instance_of(roster)
    kept, free = set(leave_of(roster)), set()
    for leave in leaves:
        for place in roster.people.filter(user=leave.user_id):
            kept |= {(place.key, day) for day in place.first_leave}
            free |= {(place.key, day) for day in leave.days_in(roster)}
    free -= kept
    people = tuple(
        replace(
            person,
            leave=frozenset(d for d in person.leave if (person.id, d) not in free),
        )
        for person in before.people
    )
    after = with_leave_counted(replace(before, people=people))
    if after != before:
        put_problem(roster, after)


def _all_touched(leaves: Iterable[Leave], *states: RosterState) -> Iterable[Roster]:
    """Return each roster once: a problem changes once in a transaction."""
    touched = {
        roster.pk: roster
        for leave in leaves
        for roster in _rosters_touched(leave, *states)
    }
    return touched.values()


def _rosters_touched(leave: Leave, *states: RosterState) -> Iterator[Roster]:
    """Yield the rosters with the person in them, each locked, always in one order."""
    rosters = Roster.objects.select_for_update(of=("self",)).filter(
        people__user=leave.user_id, state__in=states, start__lte=leave.last
    )
    for roster in rosters.order_by("pk"):
        if roster.start + timedelta(days=roster.days) > leave.first:
            yield roster


def _waiting(leave: Leave) -> Leave:
    row = Leave.objects.select_for_update(of=("self",)).get(pk=leave.pk)
    if row.state != LeaveState.ASKED:
        raise Conflict(
            _("This leave waits for no decision any more."), code="leave_decided"
        )
    return row


def _check_away(away: Away) -> None:
    today = timezone.localdate()
    if away.kind not in LeaveKind.values:
        raise _refused("kind", _("Say what the leave is for."))
    if away.last < away.first:
        raise _refused("last", _("The last day comes before the first."))
    if (away.last - away.first).days >= LONGEST_LEAVE_DAYS:
        raise _refused(
            "last",
            _("Leave takes at most %(most)d days; ask for the rest apart.")
            % {"most": LONGEST_LEAVE_DAYS},
        )
    earliest = today - timedelta(days=LEAVE_BEHIND_DAYS)
    latest = today + timedelta(days=LEAVE_AHEAD_DAYS)
    if not (earliest <= away.first and away.last <= latest):
        raise _refused(
            "first",
            _("Choose days from %(earliest)s to %(latest)s.")
            % {"earliest": _told(earliest), "latest": _told(latest)},
        )


def _tell(leave: Leave) -> None:
    topic = f"rosters:{leave.department_id}"
    data = {"leave": str(leave.id), "state": str(leave.state)}
    transaction.on_commit(partial(publish, topic, "leave", data))


def _told(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, code="invalid", fields={field: [message]})
