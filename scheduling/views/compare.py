"""Two rosters side by side."""

from typing import Any  # Any: a form's choices
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page
from scheduling.forms.rosters import ComparisonForm
from scheduling.showing.comparison import comparison_of
from scheduling.showing.sides import offers, side, usual_sides
from scheduling.views.board import EDITING_ROLES, visible_roster


@require_safe
@roles_required(*EDITING_ROLES)
def compare(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Show where two rosters differ; what cannot be chosen is told beside the form."""
    roster = visible_roster(request, roster_id)
    principal = principal_of(request)
    choices = offers(roster, principal)
    form = ComparisonForm(
        {**usual_sides(choices), **request.GET.dict()}, choices=choices
    )
    context: dict[str, Any] = {"roster": roster, "form": form}
    if form.is_valid():
        names = {value: name for _kind, some in choices for value, name in some}
        left, right = (
            side(roster, principal, (value, names[value]))
            for value in (form.cleaned_data["left"], form.cleaned_data["right"])
        )
        context["comparison"] = comparison_of(left, right)
    return render_page(request, "scheduling/comparison.html", context)
