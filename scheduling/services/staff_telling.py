"""Whom requests, leave and swaps concern."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from hospital.accounts.models import Role, User
from hospital.notices.services import notify
from scheduling.models import Leave, LeaveState, RequestPeriod, Roster, Swap, SwapState
from scheduling.saying.staff_notices import LEAVE, REQUESTS, SWAP, WAITING


def tell_requests_opened(period: RequestPeriod, roster: Roster) -> None:
    """Tell everyone in the roster with an account that they can ask."""
    notify(
        User.objects.filter(roster_places__roster=roster),
        kind=REQUESTS,
        values={"roster": roster.name, "date": period.closes.isoformat()},
        link=reverse("scheduling:my_requests"),
        subject_id=roster.pk,
    )


def tell_leave_decided(leave: Leave) -> None:
    """Tell whose leave it is what the ward said."""
    notify(
        [leave.user],
        kind=LEAVE,
        values={
            "date": leave.first.isoformat(),
            "is_approved": leave.state == LeaveState.APPROVED,
        },
        link=reverse("scheduling:my_leave"),
        subject_id=leave.pk,
    )


def tell_leave_undone(leave: Leave) -> None:
    """Tell whose leave it was that the ward took its approval back."""
    notify(
        [leave.user],
        kind=LEAVE,
        values={
            "date": leave.first.isoformat(),
            "is_approved": False,
            "is_undone": True,
        },
        link=reverse("scheduling:my_leave"),
        subject_id=leave.pk,
    )


def tell_leave_asked(leave: Leave) -> None:
    """Tell the ward's managers that leave waits for one of them."""
    notify(
        _managers_of(leave.department_id).exclude(pk=leave.user_id),
        kind=WAITING,
        values={
            "what": "leave",
            "name": leave.user.get_full_name() or leave.user.get_username(),
            "date": leave.first.isoformat(),
        },
        link=reverse("scheduling:inbox"),
        subject_id=leave.pk,
    )


def tell_swap(swap: Swap, roster: Roster) -> None:
    """Tell who did not just do it themselves how the swap stands."""
    both = [swap.giver.user, swap.taker.user]
    concerned = {
        SwapState.OFFERED: [swap.taker.user],
        SwapState.ACCEPTED: [swap.giver.user],
        SwapState.DECLINED: [swap.giver.user],
        SwapState.REFUSED: both,
        SwapState.DONE: both,
        SwapState.CLOSED: both,
    }
    notify(
        [user for user in concerned.get(SwapState(swap.state), ()) if user is not None],
        kind=SWAP,
        values={
            "giver": str(swap.giver),
            "taker": str(swap.taker),
            "date": (roster.start + timedelta(days=swap.day)).isoformat(),
            "state": str(swap.state),
        },
        link=reverse("scheduling:my_swaps"),
        subject_id=swap.pk,
    )
    if swap.state == SwapState.ACCEPTED:
        _tell_swap_waits(swap, roster)


def _tell_swap_waits(swap: Swap, roster: Roster) -> None:
    notify(
        _managers_of(roster.department_id),
        kind=WAITING,
        values={
            "what": "swap",
            "name": str(swap.giver),
            "date": (roster.start + timedelta(days=swap.day)).isoformat(),
        },
        link=reverse("scheduling:inbox"),
        subject_id=swap.pk,
    )


def _managers_of(department_id: UUID) -> QuerySet[User]:
    return User.objects.filter(role=Role.MANAGER, memberships__department=department_id)
