"""One's own swaps: partners found, offers made and answered."""

import re
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError, InvalidInput
from hospital.core.pages import render_page
from scheduling.forms.staff import DecisionForm, OfferForm
from scheduling.limits import SWAPS_SUGGESTED
from scheduling.models import OPEN_SWAPS, PublishedShift, RosterPerson, Swap, SwapState
from scheduling.saying.swaps import partners_of, piece, swap_shown
from scheduling.selectors.rosters import own_shifts_visible_to, with_wards
from scheduling.selectors.self_service import is_swappable, own_swaps, shifts_beside
from scheduling.services.stale import is_reachable
from scheduling.services.swaps import (
    Offer,
    answer_swap,
    ask_swap,
    swaps_for,
    withdraw_swap,
)
from scheduling.showing.board import looks_of
from scheduling.views.tabs import SWAPS, own_context

ENDED_SHOWN = 20
ID = re.compile("[0-9]{1,18}")


@require_http_methods(["GET", "POST"])
@roles_required(*STAFF_ROLES)
def my_swaps(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _ask(request)
    principal = principal_of(request)
    swaps = own_swaps(principal)
    theirs = swaps.filter(taker__user=principal.user)
    own = swaps.filter(giver__user=principal.user, state__in=OPEN_SWAPS)
    context = {
        **own_context(request, SWAPS),
        "asked": _shown(theirs.filter(state=SwapState.OFFERED)),
        "offered": _shown(own),
        "agreed": _shown(theirs.filter(state=SwapState.ACCEPTED)),
        "ended": _shown(swaps.exclude(state__in=OPEN_SWAPS)[:ENDED_SHOWN]),
    }
    return render_page(request, "scheduling/my_swaps.html", context)


@require_safe
@roles_required(*STAFF_ROLES)
def partners(request: HttpRequest) -> HttpResponse:
    """Show with whom one's shift can be swapped, the cheapest first."""
    sent = request.GET.get("shift", "")
    own = with_wards(own_shifts_visible_to(principal_of(request)))
    shift = get_object_or_404(own, pk=int(sent) if ID.fullmatch(sent) else 0)
    if not is_swappable(shift):
        messages.warning(request, _("This shift can no longer be swapped."))
        return redirect("scheduling:my_shifts")
    roster = shift.publication.roster
    people = [
        person
        for person in roster.people.select_related("user")
        if is_reachable(person) and person.pk != shift.person_id
    ]
    chosen = next((p for p in people if str(p.pk) == request.GET.get("with")), None)
    found = swaps_for(shift, colleague=chosen)
    looks = {look.id: look for look in looks_of(roster)}
    context = {
        **own_context(request, SWAPS),
        "shift": shift,
        "piece": piece(roster, shift.day, shift.shift, looks),
        "people": people,
        "chosen": chosen,
        "partners": partners_of(shift, found[:SWAPS_SUGGESTED]),
        "more": max(len(found) - SWAPS_SUGGESTED, 0),
    }
    return render_page(request, "scheduling/swap_partners.html", context)


@require_POST
@roles_required(*STAFF_ROLES)
def answer(request: HttpRequest, swap_id: UUID) -> HttpResponse:
    """Say yes or no to a colleague."""
    form = DecisionForm(request.POST)
    principal = principal_of(request)
    asked = own_swaps(principal).filter(taker__user=principal.user)
    swap = get_object_or_404(asked, id=swap_id)
    if not form.is_valid():
        raise InvalidInput(_("Say yes or no to the swap."), code="invalid")
    sent = form.cleaned_data
    try:
        swap = answer_swap(
            swap=swap,
            user=principal.user,
            is_accepted=sent["verdict"],
            reason=sent["reason"],
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        tell_outcome(request, swap)
    return redirect("scheduling:my_swaps")


@require_POST
@roles_required(*STAFF_ROLES)
def withdrawal(request: HttpRequest, swap_id: UUID) -> HttpResponse:
    """Take one's offer back."""
    principal = principal_of(request)
    own = own_swaps(principal).filter(giver__user=principal.user)
    try:
        withdraw_swap(swap=get_object_or_404(own, id=swap_id), user=principal.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("scheduling:my_swaps")


def tell_outcome(request: HttpRequest, swap: Swap) -> None:
    """Say what became of a swap just decided on."""
    told = {
        SwapState.ACCEPTED: _("Agreed: the ward's manager decides now."),
        SwapState.DONE: _("Swapped: the new roster is published."),
        SwapState.DECLINED: _("Your colleague sees that you declined."),
        SwapState.REFUSED: _("Refused: both of them see it."),
    }
    if swap.state == SwapState.CLOSED:
        messages.warning(
            request,
            _("This swap is no longer possible. %(why)s") % {"why": swap.reason_told},
        )
        return
    messages.success(request, told[SwapState(swap.state)])


def _ask(request: HttpRequest) -> HttpResponse:
    """Make the offer, or say on the partners' page why not."""
    principal = principal_of(request)
    form = OfferForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("Choose one of your shifts first."), code="invalid")
    sent = form.cleaned_data
    shift = get_object_or_404(own_shifts_visible_to(principal), pk=sent["shift"])
    roster_id = shift.person.roster_id
    offer = Offer(
        shift=shift,
        colleague=get_object_or_404(
            RosterPerson, pk=sent["colleague"], roster=roster_id
        ),
        in_return=_in_return(shift, sent["in_return"]),
        note=sent["note"],
    )
    try:
        ask_swap(user=principal.user, offer=offer)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect(f"{reverse('scheduling:swap_partners')}?shift={shift.pk}")
    messages.success(request, _("Your colleague is asked; you see the answer here."))
    return redirect("scheduling:my_swaps")


def _in_return(shift: PublishedShift, wanted: int | None) -> PublishedShift | None:
    if wanted is None:
        return None
    return get_object_or_404(shifts_beside(shift), pk=wanted)


def _shown(swaps: QuerySet[Swap]) -> list[object]:
    return [swap_shown(swap) for swap in swaps]
