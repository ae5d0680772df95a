"""One's shifts in one's own calendar program, by a secret address."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.accounts.principal import principal_for, principal_of
from scheduling.exports.calendar import own_calendar
from scheduling.selectors.rosters import feed_owner, own_shifts_visible_to, with_wards
from scheduling.services.feeds import close_feed, open_feed
from scheduling.views.mine import my_shifts_page

PAST_DAYS = 90  # programs keep what they were told before; years of it tell nothing new


@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """Answer whoever knows the address: calendar programs cannot sign in."""
    owner = feed_owner(code)
    if owner is None:
        raise Http404
    since = timezone.localdate() - timedelta(days=PAST_DAYS)
    shifts = own_shifts_visible_to(principal_for(owner)).filter(date__gte=since)
    return HttpResponse(
        own_calendar(with_wards(shifts)),
        content_type="text/calendar; charset=utf-8",
    )


@require_POST
@roles_required(*STAFF_ROLES)
def opening(request: HttpRequest) -> HttpResponse:
    """Make a new address and show it, this once."""
    code = open_feed(user=principal_of(request).user)
    return my_shifts_page(request, code=code)


@require_POST
@roles_required(*STAFF_ROLES)
def closing(request: HttpRequest) -> HttpResponse:
    close_feed(user=principal_of(request).user)
    return redirect("scheduling:my_shifts")
