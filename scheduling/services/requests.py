"""A draft is opened for requests; the staff ask, and the manager takes them in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling.limits import LARGEST_BUDGET
from scheduling.models import (
    MOST_POINTS,
    RequestPeriod,
    RequestState,
    Roster,
    RosterPerson,
    RosterState,
    ShiftRequest,
    Wish,
)
from scheduling.problems import instance_of
from scheduling.services.editing import roster_for_change
from scheduling.services.events import tell_department
from scheduling.services.problem import put_problem
from scheduling.services.staff_telling import tell_requests_opened
from scheduling.wishes import spent, with_requests


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish for some days; `shift` is empty for a day off."""

    days: Sequence[int]
    wish: str
    shift: str
    points: int


@transaction.atomic
def open_requests(
    *, roster: Roster, author: User, closes: date, budget: int
) -> RequestPeriod:
    """Open a draft for requests, or change until when and for how many points it is.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is a draft no more.
        InvalidInput: A day or a budget that no period may have.
    """
    row = _draft_for_change(roster, author)
    today = timezone.localdate()
    if not today <= closes < row.start:
        raise _refused(
            "closes",
            _("Choose a day from today until the day before the roster begins."),
        )
    _check_budget(row, budget)
    period, is_new = RequestPeriod.objects.update_or_create(
        roster=row,
        defaults={"closes": closes, "budget": budget, "opened_by": author},
    )
    if is_new:
        tell_requests_opened(period, row)
    tell_department(row, "requests")
    return period


@transaction.atomic
def close_requests(*, period: RequestPeriod, author: User) -> RequestPeriod:
    """Take no more requests from now on; those that were asked stay.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is a draft no more.
    """
    row = _draft_for_change(period.roster, author)
    period.refresh_from_db(fields=["closes"])
    yesterday = timezone.localdate() - timedelta(days=1)
    period.closes = min(period.closes, yesterday)
    period.save(update_fields=["closes", "updated"])
    tell_department(row, "requests")
    return period


@transaction.atomic
def ask_requests(
    *, period: RequestPeriod, user: User, asked: Asked
) -> list[ShiftRequest]:
    """Ask for something on some days, all of them or none; asked again, it is replaced.

    Raises:
        NotPermitted: The person is not in the roster.
        Conflict: The period is over, or the ward decided on one of the days.
        InvalidInput: A day, shift or weight that cannot be, or points that are not left.
    """
    row, person = _open_place(period, user)
    _check_asked(row, person, asked)
    there = {request.day: request for request in person.requests.all()}
    decided = [
        day
        for day in asked.days
        if day in there and there[day].state != RequestState.ASKED
    ]
    if decided:
        raise Conflict(
            _("The ward decided on %(date)s already.")
            % {"date": _told(row, min(decided))},
            code="request_decided",
        )
    others = [one for day, one in there.items() if day not in asked.days]
    left = period.budget - spent(others)
    wanted = asked.points * len(set(asked.days))
    if wanted > left:
        message = ngettext(
            "This takes %(wanted)d points, and %(left)d is left.",
            "This takes %(wanted)d points, and %(left)d are left.",
            left,
        ) % {"wanted": wanted, "left": left}
        raise _refused("points", message)
    made = [
        ShiftRequest.objects.update_or_create(
            person=person,
            day=day,
            defaults={
                "date": row.start + timedelta(days=day),
                "wish": asked.wish,
                "shift": asked.shift,
                "points": asked.points,
            },
        )[0]
        for day in sorted(set(asked.days))
    ]
    tell_department(row, "requests")
    return made


@transaction.atomic
def withdraw_request(*, request: ShiftRequest, user: User) -> None:
    """Take a request back, while the period is open.

    Raises:
        NotPermitted: It is somebody else's.
        Conflict: The period is over.
    """
    period = RequestPeriod.objects.get(roster__people=request.person_id)
    row, person = _open_place(period, user)
    if request.person_id != person.pk:
        raise NotPermitted(_("This request is somebody else's."), code="not_yours")
    newest = person.requests.filter(pk=request.pk).first()
    if newest is None:
        return  # taken back a moment ago
    newest.delete()
    if newest.state == RequestState.ACCEPTED:
        _put_requests(row)
    tell_department(row, "requests")


@transaction.atomic
def decide_requests(
    *, roster: Roster, author: User, requests: Collection[UUID], is_accepted: bool
) -> int:
    """Take requests into the roster's problem, or leave them out; return how many.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is a draft no more.
        InvalidInput: A shift is accepted that the roster has no more.
    """
    row = _draft_for_change(roster, author)
    state = RequestState.ACCEPTED if is_accepted else RequestState.DECLINED
    others = ShiftRequest.objects.filter(person__roster=row, pk__in=requests)
    if is_accepted:
        _require_shifts(row, others.values_list("shift", flat=True))
    changed = others.exclude(state=state).update(
        state=state, decided_by=author, updated=timezone.now()
    )
    if changed:
        _put_requests(row)
        tell_department(row, "requests")
    return changed


def _put_requests(row: Roster) -> None:
    accepted = ShiftRequest.objects.filter(
        person__roster=row, state=RequestState.ACCEPTED
    ).select_related("person")
    before = instance_of(row)
    after = with_requests(before, accepted)
    if after != before:
        put_problem(row, after)


def _draft_for_change(roster: Roster, author: User) -> Roster:
    row = roster_for_change(roster, author=author)
    if row.state != RosterState.DRAFT:
        raise Conflict(
            _("The roster is published: requests come before that."),
            code="roster_published",
        )
    return row


def _open_place(period: RequestPeriod, user: User) -> tuple[Roster, RosterPerson]:
    """Return the roster, locked, and the person's place in it, while requests are open."""
    row = Roster.objects.select_for_update(of=("self",)).get(pk=period.roster_id)
    person = row.people.filter(user=user).first()
    if person is None:
        raise NotPermitted(
            _("You are not in this roster; ask the ward to tie your account to it."),
            code="not_in_roster",
        )
    period.refresh_from_db(fields=["closes", "budget"])
    period.roster = row
    if not period.is_open_on(timezone.localdate()):
        raise Conflict(
            _("Requests for this roster are closed."), code="requests_closed"
        )
    return row, person


def _check_budget(row: Roster, budget: int) -> None:
    if not 1 <= budget <= LARGEST_BUDGET:
        raise _refused(
            "budget",
            _("A budget has between 1 and %(most)d points.") % {"most": LARGEST_BUDGET},
        )
    asked: dict[UUID, list[ShiftRequest]] = {}
    for request in ShiftRequest.objects.filter(person__roster=row):
        asked.setdefault(request.person_id, []).append(request)
    most = max(map(spent, asked.values()), default=0)
    if budget < most:
        raise _refused(
            "budget",
            _(
                "Somebody asked with %(most)d points already; the budget stays at least that."
            )
            % {"most": most},
        )


def _check_asked(row: Roster, person: RosterPerson, asked: Asked) -> None:
    instance = instance_of(row)
    if not asked.days:
        raise _refused("days", _("Choose at least one day."))
    for day in asked.days:
        if not 0 <= day < row.days:
            raise _refused("days", _("The roster has no day %(day)s.") % {"day": day})
    away = instance.people[instance.person_index[person.key]].leave & set(asked.days)
    if away:
        raise _refused(
            "days",
            _("You are on leave on %(date)s.") % {"date": _told(row, min(away))},
        )
    if not 1 <= asked.points <= MOST_POINTS:
        raise _refused(
            "points",
            _("A request has between 1 and %(most)d points.") % {"most": MOST_POINTS},
        )
    is_on = asked.wish == Wish.ON
    if asked.wish not in Wish.values or is_on != bool(asked.shift):
        raise _refused(
            "wish", _("Say whether you would rather be off, or which shift.")
        )
    _require_shifts(row, [asked.shift])


def _require_shifts(row: Roster, shifts: Iterable[str]) -> None:
    """Refuse shifts that the roster does not have; "" stands for a day off."""
    known = instance_of(row).shift_by_id
    for shift in shifts:
        if shift and shift not in known:
            raise _refused(
                "shift", _("The roster has no shift %(shift)s.") % {"shift": shift}
            )


def _told(row: Roster, day: int) -> str:
    return formats.date_format(row.start + timedelta(days=day), "SHORT_DATE_FORMAT")


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, code="invalid", fields={field: [message]})
