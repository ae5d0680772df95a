"""One's own shifts, as the ward published them."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page
from scheduling.models import CalendarFeed, PublishedShift
from scheduling.selectors.rosters import own_shifts_visible_to, with_wards
from scheduling.selectors.self_service import is_swappable
from scheduling.showing.board import Look, looks_of
from scheduling.views.tabs import SHIFTS, own_context

PAST_DAYS = 7
COMING_DAYS = 62


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A shift of one's own, with the look of its kind."""

    shift: PublishedShift
    look: Look | None
    is_past: bool
    is_today: bool
    can_be_swapped: bool


@require_safe
@roles_required(*STAFF_ROLES)
def my_shifts(request: HttpRequest) -> HttpResponse:
    return my_shifts_page(request)


def my_shifts_page(request: HttpRequest, *, code: str = "") -> HttpResponse:
    """Return the page; `code` is a new calendar address's, shown this once."""
    principal = principal_of(request)
    today = timezone.localdate()
    shifts = (
        with_wards(own_shifts_visible_to(principal))
        .filter(
            date__gte=today - timedelta(days=PAST_DAYS),
            date__lte=today + timedelta(days=COMING_DAYS),
        )
        .order_by("date", "starts")
    )
    weeks = [
        (
            monday,
            [own_shift(one, today=today) for one in members],
        )
        for monday, members in groupby(shifts, key=lambda shift: monday_of(shift.date))
    ]
    address = reverse("scheduling:feed", args=[code]) if code else ""
    context = {
        **own_context(request, SHIFTS),
        "weeks": weeks,
        "address": request.build_absolute_uri(address) if address else "",
        "has_feed": CalendarFeed.objects.filter(user=principal.user).exists(),
    }
    return render_page(request, "scheduling/my_shifts.html", context)


def own_shift(shift: PublishedShift, *, today: date) -> OwnShift:
    roster = shift.publication.roster
    looks = {look.id: look for look in looks_of(roster)}
    return OwnShift(
        shift,
        looks.get(shift.shift),
        is_past=shift.date < today,
        is_today=shift.date == today,
        can_be_swapped=is_swappable(shift),
    )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
