"""What waits for a manager's decision, over all of their wards."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError, InvalidInput
from hospital.core.pages import render_page
from scheduling.away import Left, Met, days_short, shifts_met
from scheduling.forms.staff import DecisionForm
from scheduling.models import Leave, LeaveState, SwapState
from scheduling.saying.swaps import swap_shown
from scheduling.selectors.rosters import rosters_visible_to
from scheduling.selectors.self_service import (
    leaves_to_decide,
    rosters_with_requests,
    swaps_visible_to,
    waiting_for,
    with_rosters,
)
from scheduling.services.leave import decide_leave, undo_leave
from scheduling.services.swaps import decide_swap
from scheduling.views.board import EDITING_ROLES
from scheduling.views.my_swaps import tell_outcome
from scheduling.views.rosters import topics_of

PAGE_SIZE = 25  # of approved leave; what waits is shown in full
DAYS_TOLD = 5
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class LeaveShown:
    """Leave with the shifts that it meets, and the days on which too few are left."""

    leave: Leave
    met: list[Met]
    short: list[Left]
    short_more: int


@require_safe
@roles_required(*EDITING_ROLES)
def inbox(request: HttpRequest) -> HttpResponse:
    principal = principal_of(request)
    leaves = leaves_to_decide(principal)
    swaps = with_rosters(swaps_visible_to(principal)).filter(
        state=SwapState.ACCEPTED, roster__in=rosters_visible_to(principal)
    )
    coming = leaves.filter(state=LeaveState.APPROVED, last__gte=timezone.localdate())
    approved = Paginator(coming, PAGE_SIZE)
    context = {
        "waiting": waiting_for(principal),
        "leaves": [_shown(one) for one in leaves.filter(state=LeaveState.ASKED)],
        "swaps": [swap_shown(swap) for swap in swaps],
        "rosters": rosters_with_requests(principal),
        "to_mend": _to_mend(coming),
        "approved": approved.get_page(request.GET.get("page")),
        "topics": topics_of(principal),
    }
    return render_page(request, "scheduling/inbox.html", context)


@require_POST
@roles_required(*EDITING_ROLES)
def leave_decision(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Approve somebody's leave, or decline it with a reason."""
    principal = principal_of(request)
    leave = get_object_or_404(leaves_to_decide(principal), id=leave_id)
    is_approved, reason = _sent(request)
    try:
        decide_leave(
            leave=leave, author=principal.user, is_approved=is_approved, reason=reason
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request,
            _("The leave is approved.") if is_approved else _("The leave is declined."),
        )
    return redirect("scheduling:inbox")


@require_POST
@roles_required(*EDITING_ROLES)
def leave_undoing(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Take the approval of somebody's leave back, with a reason."""
    principal = principal_of(request)
    leave = get_object_or_404(leaves_to_decide(principal), id=leave_id)
    reason = request.POST.get("reason", "")[:LONGEST_REASON]
    try:
        undo_leave(leave=leave, author=principal.user, reason=reason)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The approval is taken back; the person is told."))
    return redirect("scheduling:inbox")


@require_POST
@roles_required(*EDITING_ROLES)
def swap_decision(request: HttpRequest, swap_id: UUID) -> HttpResponse:
    """Approve a swap, which publishes it, or refuse it."""
    principal = principal_of(request)
    made = swaps_visible_to(principal).filter(roster__in=rosters_visible_to(principal))
    swap = get_object_or_404(made, id=swap_id)
    is_approved, reason = _sent(request)
    try:
        swap = decide_swap(
            swap=swap, author=principal.user, is_approved=is_approved, reason=reason
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        tell_outcome(request, swap)
    return redirect("scheduling:inbox")


def _sent(request: HttpRequest) -> tuple[bool, str]:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("Say yes or no."), code="invalid")
    return form.cleaned_data["verdict"], form.cleaned_data["reason"]


def _shown(leave: Leave) -> LeaveShown:
    short = days_short(leave)
    return LeaveShown(
        leave,
        shifts_met(leave),
        short[:DAYS_TOLD],
        max(len(short) - DAYS_TOLD, 0),
    )


def _to_mend(coming: Iterable[Leave]) -> list[LeaveShown]:
    """Return the leave during which somebody still works, by a roster of theirs."""
    shown = [LeaveShown(leave, shifts_met(leave), [], 0) for leave in coming]
    return [one for one in shown if one.met]
