"""The requests and swaps of one roster, where its manager decides on them."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError, InvalidInput
from hospital.core.pages import render_page
from scheduling.exchange import told_cells
from scheduling.forms.staff import PeriodForm, tell_errors
from scheduling.models import RequestState, Roster, ShiftRequest
from scheduling.saying.swaps import swap_shown
from scheduling.selectors.self_service import (
    request_periods_visible_to,
    requests_visible_to,
    swaps_visible_to,
)
from scheduling.services.requests import (
    close_requests,
    decide_requests,
    open_requests,
)
from scheduling.services.swaps import let_swaps_go
from scheduling.showing.board import Look, looks_of
from scheduling.solver.rules import OFF
from scheduling.views.board import EDITING_ROLES, visible_roster
from scheduling.wishes import is_kept

SWAPS_SHOWN = 50
ALL_WAITING = "all"


@dataclass(frozen=True, slots=True)
class RequestShown:
    """A request; `kept` is None until the roster is published."""

    request: ShiftRequest
    look: Look | None
    kept: bool | None


@require_safe
@roles_required(*EDITING_ROLES)
def roster_requests(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    return _page(request, visible_roster(request, roster_id))


@require_POST
@roles_required(*EDITING_ROLES)
def period(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Open the roster for requests, or say in the form why not."""
    roster = visible_roster(request, roster_id)
    form = PeriodForm(request.POST)
    if form.is_valid():
        try:
            open_requests(
                roster=roster, author=principal_of(request).user, **form.cleaned_data
            )
        except DomainError as error:
            tell_errors(form, error)
        else:
            messages.success(request, _("The people in the roster can ask now."))
            return redirect("scheduling:requests", roster_id=roster.id)
    return _page(request, roster, form=form, status=422)


@require_POST
@roles_required(*EDITING_ROLES)
def closure(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Take no more requests from now on."""
    roster = visible_roster(request, roster_id)
    principal = principal_of(request)
    period = get_object_or_404(request_periods_visible_to(principal), roster=roster)
    try:
        close_requests(period=period, author=principal.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("scheduling:requests", roster_id=roster.id)


@require_POST
@roles_required(*EDITING_ROLES)
def decision(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Take the chosen requests into the roster's problem, or decline them."""
    roster = visible_roster(request, roster_id)
    asked = requests_visible_to(principal_of(request)).filter(person__roster=roster)
    verdict = request.POST.get("verdict")
    if verdict not in {"yes", "no", ALL_WAITING}:
        raise InvalidInput(_("Say yes or no."), code="invalid")
    chosen = [
        one.pk
        for one in asked
        if str(one.pk) in request.POST.getlist("request")
        or (verdict == ALL_WAITING and one.state == RequestState.ASKED)
    ]
    if not chosen:
        messages.warning(request, _("Choose requests in the table first."))
        return redirect("scheduling:requests", roster_id=roster.id)
    try:
        count = decide_requests(
            roster=roster,
            author=principal_of(request).user,
            requests=chosen,
            is_accepted=verdict != "no",
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        told = ngettext(
            "%(count)d request decided.", "%(count)d requests decided.", count
        )
        messages.success(request, told % {"count": count})
    return redirect("scheduling:requests", roster_id=roster.id)


@require_POST
@roles_required(*EDITING_ROLES)
def swap_setting(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Say whether swaps that cost nothing need no manager."""
    roster = visible_roster(request, roster_id)
    is_let = request.POST.get("without_manager") == "on"
    try:
        let_swaps_go(roster=roster, author=principal_of(request).user, is_let=is_let)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Saved"))
    return redirect("scheduling:requests", roster_id=roster.id)


def _page(
    request: HttpRequest,
    roster: Roster,
    *,
    form: PeriodForm | None = None,
    status: int = 200,
) -> HttpResponse:
    principal = principal_of(request)
    opened = request_periods_visible_to(principal).filter(roster=roster).first()
    asked = requests_visible_to(principal).filter(person__roster=roster)
    requests = asked.select_related("person", "decided_by")
    swaps = swaps_visible_to(principal).filter(roster=roster)
    initial = {"closes": opened.closes, "budget": opened.budget} if opened else None
    context = {
        "roster": roster,
        "period": opened,
        "form": form or PeriodForm(initial=initial),
        "requests": _shown(roster, list(requests)),
        "waiting": sum(one.state == RequestState.ASKED for one in requests),
        "people": len({one.person_id for one in requests}),
        "swaps": [
            swap_shown(swap) for swap in swaps.select_related("roster")[:SWAPS_SHOWN]
        ],
        "topic": f"rosters:{roster.department_id}",
    }
    return render_page(request, "scheduling/requests.html", context, status=status)


def _shown(roster: Roster, requests: list[ShiftRequest]) -> list[RequestShown]:
    looks = {look.id: look for look in looks_of(roster)}
    told = told_cells(roster.current_id)
    return [
        RequestShown(
            one,
            looks.get(one.shift),
            is_kept(one, told.get((one.person.key, one.day), OFF))
            if roster.current_id
            else None,
        )
        for one in requests
    ]
