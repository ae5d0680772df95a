"""The next period of a ward, begun from the roster that ends."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page
from scheduling.forms.wards import NextPeriodForm
from scheduling.problems import instance_of
from scheduling.services.periods import PeriodThere, make_next_period
from scheduling.views.board import EDITING_ROLES, visible_roster


@require_http_methods(["GET", "POST"])
@roles_required(*EDITING_ROLES)
def next_period(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Say what the next period takes along; a POST makes its roster."""
    roster = visible_roster(request, roster_id)
    instance = instance_of(roster)
    start = instance.date_of(instance.days)
    name = _("%(department)s, from %(date)s") % {
        "department": roster.department,
        "date": start.isoformat(),
    }
    form = NextPeriodForm(request.POST or None, name=name, days=roster.days)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_next_period(
                roster=roster,
                author=principal_of(request).user,
                name=form.cleaned_data["name"],
                days=form.cleaned_data["days"],
            )
        except PeriodThere as error:
            messages.info(request, str(error.message))
            return redirect("scheduling:roster", roster_id=error.roster.id)
        messages.success(request, _("The next period is made; nobody is assigned yet."))
        return redirect("scheduling:roster", roster_id=made.id)
    context = {"roster": roster, "form": form, "start": start}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "scheduling/next_period.html", context, status=status)
