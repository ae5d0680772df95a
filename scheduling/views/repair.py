"""Somebody is away: the ways on, to be taken one by one."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hospital.accounts.access import roles_required
from hospital.core.errors import InvalidInput
from hospital.core.pages import render_page
from scheduling.forms.rosters import AwayForm
from scheduling.limits import LONGEST_FREEZE_H
from scheduling.repairing.asking import Found
from scheduling.saying.sentences import sentence
from scheduling.services.repairs import SickCall, repair_options
from scheduling.showing.board import board_of
from scheduling.views.board import EDITING_ROLES, cell_choices, visible_roster


@dataclass(frozen=True, slots=True)
class WayOn:
    """One option as the page shows it; `cells` is what taking it sends."""

    changed_cells: int
    people_disturbed: int
    cover_loss: int
    changes: list[str]
    uncovered: list[str]
    cells: str


@require_POST
@roles_required(*EDITING_ROLES)
def repair(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    roster = visible_roster(request, roster_id)
    form = AwayForm(request.POST, **cell_choices(board_of(roster, {})))
    if not form.is_valid():
        raise InvalidInput(
            _("Say who is away, on which days, and at most %(hours)d hours to keep.")
            % {"hours": LONGEST_FREEZE_H},
            code="invalid",
        )
    away = form.cleaned_data
    days = list(range(away["first"], away["last"] + 1))
    call = SickCall({away["person"]: days}, away["freeze_hours"] or 0)
    ways = repair_options(roster=roster, call=call)
    context = {
        "roster": roster,
        "person": dict(form.fields["person"].choices)[away["person"]],  # type: ignore[attr-defined]  # a choice field
        "options": [_way_on(option) for option in ways.options],
        "note": ways.note,
    }
    return render_page(request, "scheduling/repair.html", context)


def _way_on(option: Found) -> WayOn:
    return WayOn(
        changed_cells=option["changed_cells"],
        people_disturbed=option["people_disturbed"],
        cover_loss=option["cover_loss"],
        changes=[sentence(change["message"]) for change in option["changes"]],
        uncovered=[sentence(gap) for gap in option["uncovered"]],
        cells=json.dumps(
            [
                {
                    "person": change["person"],
                    "day": change["day"],
                    "shift": change["after"],
                }
                for change in option["changes"]
            ]
        ),
    )
