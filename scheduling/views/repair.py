"""Somebody is away: the ways on, to be taken one by one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.errors import InvalidInput
from hospital.core.pages import render_page
from scheduling.problems import cells_of, judged
from scheduling.repairing.asking import Found
from scheduling.saying.sentences import sentence
from scheduling.services.absences import Taken, take_way, undo_way
from scheduling.services.repairs import SickCall, repair_options
from scheduling.showing.board import board_of
from scheduling.views.board import (
    EDITING_ROLES,
    UNREADABLE,
    sent_cells,
    sent_version,
    sick_call_form,
    visible_roster,
)
from scheduling.views.why import change_in_words, way_back


@dataclass(frozen=True, slots=True)
class WayOn:
    """One option as the page shows it; `cells` is what taking it sends."""

    changed_cells: int
    people_disturbed: int
    unmet: int
    cover_loss: int
    changes: list[str]
    uncovered: list[str]
    cells: str


@require_POST
@roles_required(*EDITING_ROLES)
def repair(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    roster = visible_roster(request, roster_id)
    form = sick_call_form(request.POST, roster, board_of(roster, {}))
    if not form.is_valid():
        context = {"roster": roster, "sick_call": form}
        return render_page(request, "scheduling/sick_call.html", context, status=422)
    sent = form.cleaned_data
    absences = {row.cleaned_data["person"]: row.days for row in form.absent}
    call = SickCall(
        absences,
        sent["freeze_hours"] or 0,
        cell_weight=sent["cell_weight"],
        person_weight=sent["person_weight"],
    )
    ways = repair_options(roster=roster, call=call)
    absent = [row.said for row in form.absent]
    context = {
        "roster": roster,
        "absent": absent,
        "person": absent[0]["person"] if len(absent) == 1 else "",
        "options": [_way_on(option) for option in ways.options],
        "note": ways.note,
        "away": json.dumps(absences),
    }
    return render_page(request, "scheduling/repair.html", context)


@require_POST
@roles_required(*EDITING_ROLES)
def taking(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Take a way on, keep the absent away, and offer the way back."""
    roster = visible_roster(request, roster_id)
    changes = sent_cells(request.POST.get("cells", ""))
    before = cells_of(roster)
    taken = take_way(
        roster=roster,
        author=principal_of(request).user,
        changes=changes,
        absences=sent_absences(request.POST.get("away", "")),
        expected_version=sent_version(request),
    )
    after = judged(taken.roster).verdict
    opened = [
        {"person": person, "day": day, "locked": False} for person, day in taken.locked
    ]
    context = {
        "roster": taken.roster,
        "changes": [change_in_words(taken.roster, one) for one in changes],
        "away": list(_kept_away(taken)),
        "cost": after.objective - taken.before.objective,
        "broken": len(after.hard),
        "back": json.dumps([*opened, *way_back(changes, before)]),
        "leaves": " ".join(str(leave.pk) for leave in taken.leaves),
        "undo": reverse("scheduling:way_undoing", args=[roster.id]),
    }
    return render_page(request, "scheduling/why_taken.html", context)


@require_POST
@roles_required(*EDITING_ROLES)
def undoing(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Take a way on back, and the sick leave that came with it."""
    roster = visible_roster(request, roster_id)
    try:
        leaves = [UUID(one) for one in request.POST.get("leaves", "").split()]
    except ValueError as error:
        raise InvalidInput(_("This is not readable."), code="invalid") from error
    undo_way(
        roster=roster,
        author=principal_of(request).user,
        changes=sent_cells(request.POST.get("cells", "")),
        leaves=leaves,
        expected_version=sent_version(request),
    )
    return redirect("scheduling:roster", roster_id=roster.id)


def sent_absences(text: str) -> dict[str, list[int]]:
    """Return who is away on which days, as the page of the ways sends it."""
    try:
        return {
            str(person): [int(day) for day in days]
            for person, days in json.loads(text).items()
        }
    except UNREADABLE as error:
        raise InvalidInput(
            _("Make the sick call again, then take a way."), code="invalid"
        ) from error


def _kept_away(taken: Taken) -> Iterator[str]:
    """Yield how each of the absent is kept away."""
    people = taken.roster.people.select_related("user")
    names = {one.user_id or one.key: str(one) for one in people}
    for leave in taken.leaves:
        yield _("%(person)s is on sick leave from %(first)s to %(last)s.") % {
            "person": names[leave.user_id],
            "first": formats.date_format(leave.first, "SHORT_DATE_FORMAT"),
            "last": formats.date_format(leave.last, "SHORT_DATE_FORMAT"),
        }
    for key in dict.fromkeys(person for person, _day in taken.locked):
        yield _(
            "%(person)s has no sick leave here, without an account or without dates: "
            "the free days are locked instead."
        ) % {"person": names[key]}


def _way_on(option: Found) -> WayOn:
    return WayOn(
        changed_cells=option["changed_cells"],
        people_disturbed=option["people_disturbed"],
        unmet=option["unmet"],
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
