"""The fairness ledger of a roster, and what its next search aims at."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page
from scheduling.choices import AimsForm
from scheduling.models import Roster
from scheduling.problems import instance_of
from scheduling.selectors.rosters import aims_of
from scheduling.services.aims import Aim, set_aims
from scheduling.showing.fairness import Fairness, fairness_of
from scheduling.views.board import EDITING_ROLES, visible_roster


@require_safe
@roles_required(*EDITING_ROLES)
def fairness(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    roster = visible_roster(request, roster_id)
    return _page(request, roster, _form(request, roster))


@require_POST
@roles_required(*EDITING_ROLES)
def aims(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Keep what the next search aims at, or show what is wrong with it."""
    roster = visible_roster(request, roster_id)
    form = _form(request, roster)
    if not form.is_valid():
        return _page(request, roster, form, status=422)
    sent = form.cleaned_data
    set_aims(
        roster=roster,
        author=principal_of(request).user,
        aim=Aim(
            fair_shares=sent["fair_shares"],
            tier_order=tuple(form.order()),
            unpopular=sent["unpopular"],
        ),
    )
    messages.success(request, _("Kept; the next search of this roster aims at it."))
    return redirect("scheduling:fairness", roster_id=roster.id)


def _form(request: HttpRequest, roster: Roster) -> AimsForm:
    shifts = [
        (one.id, f"{one.id} · {one.name or one.id}")
        for one in instance_of(roster).shift_types
    ]
    sent = request.POST if request.method == "POST" else None
    return AimsForm(sent, aims=aims_of(roster), shifts=shifts)


def _page(
    request: HttpRequest, roster: Roster, form: AimsForm, *, status: int = 200
) -> HttpResponse:
    chosen = aims_of(roster)
    ledger: Fairness = fairness_of(roster, chosen)
    kind = request.GET.get("kind", "")
    tables = {table.kind: table for table in ledger.tables}
    context = {
        "roster": roster,
        "ledger": ledger,
        "table": next((t for k, t in tables.items() if k == kind), ledger.tables[0]),
        "aims": chosen,
        "form": form,
    }
    return render_page(
        request,
        "scheduling/fairness.html",
        context,
        partial="scheduling/_fairness.html",
        status=status,
    )
