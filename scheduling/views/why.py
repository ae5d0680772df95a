"""Why somebody has a shift: what else could be, what it breaks or costs, and taking it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.errors import InvalidInput
from hospital.core.pages import render_page
from scheduling.explaining.running import Answer
from scheduling.models import Roster
from scheduling.problems import Cells, cells_of, instance_of
from scheduling.saying.sentences import named, sentence
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.questions import why_this_shift
from scheduling.showing.board import board_of
from scheduling.solver.rules import OFF
from scheduling.views.board import (
    EDITING_ROLES,
    sent_cells,
    sent_version,
    visible_roster,
)


@dataclass(frozen=True, slots=True)
class Told:
    """One rule that another way breaks, or a cost that comes or goes."""

    sign: str
    rule: str
    text: str
    cost: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to take an alternative; `cells` is what taking it sends."""

    is_plain: bool
    is_legal: bool
    cost: int
    changes: list[str]
    cells: str


@dataclass(frozen=True, slots=True)
class Other:
    """One alternative as the page shows it."""

    opening: str
    consequences: list[str]
    told: list[Told]
    is_impossible: bool
    ways: list[Way]


@require_safe
@roles_required(*EDITING_ROLES)
def why(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Show what there is instead of one cell's shift; nothing is changed."""
    roster = visible_roster(request, roster_id)
    key, day = request.GET.get("person", ""), request.GET.get("day", "")
    context: dict[str, object] = {"roster": roster, "board": board_of(roster, {})}
    if key and day.isdecimal():
        context |= _asked(roster, key, int(day[:6]))
    return render_page(request, "scheduling/why.html", context)


@require_POST
@roles_required(*EDITING_ROLES)
def choice(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Take an alternative, and offer the way back."""
    roster = visible_roster(request, roster_id)
    changes = sent_cells(request.POST.get("cells", ""))
    before = cells_of(roster)
    changed = change_cells(
        roster=roster,
        author=principal_of(request).user,
        changes=changes,
        expected_version=sent_version(request),
    )
    context = {
        "roster": changed.roster,
        "changes": [change_in_words(changed.roster, one) for one in changes],
        "cost": changed.after.objective - changed.before.objective,
        "broken": len(changed.after.hard),
        "back": json.dumps(way_back(changes, before)),
        "undo": reverse("scheduling:cells", args=[roster.id]),
    }
    return render_page(request, "scheduling/why_taken.html", context)


def way_back(
    changes: Iterable[CellChange], before: Cells
) -> list[dict[str, str | int | bool]]:
    """Return the cells that a page sends to have what was there before."""
    return [
        {
            "person": one.person,
            "day": one.day,
            "shift": before.get((one.person, one.day), OFF),
        }
        for one in changes
    ]


def _asked(roster: Roster, key: str, day: int) -> dict[str, object]:
    instance = instance_of(roster)
    if key not in instance.person_index or day >= instance.days:
        raise InvalidInput(_("The roster has no such cell."), code="invalid")
    shift = cells_of(roster).get((key, day), OFF)
    person = instance.people[instance.person_index[key]]
    asked = {
        "person": person.name or key,
        "key": key,
        "day": day,
        "date": instance.date_of(day),
    }
    if shift == OFF:
        return asked | {"is_free": True}
    answer = why_this_shift(roster=roster, person=key, day=day)
    return asked | {
        "shift": instance.shift_by_id[shift].name or shift,
        "others": [_other(roster, one) for one in answer["alternatives"]],
        "left": answer["left"],
    }


def _other(roster: Roster, one: Answer) -> Other:
    opening, *consequences = [sentence(each) for each in one["messages"]]
    return Other(
        opening=opening,
        consequences=consequences,
        told=[_told(each) for each in one["consequences"]],
        is_impossible=one["is_impossible"],
        ways=[_way(roster, way) for way in one["ways"]],
    )


def _way(roster: Roster, way: Answer) -> Way:
    changes = [
        CellChange(change["person"], change["day"], change["after"])
        for change in way["changes"]
    ]
    cells = [
        {"person": each.person, "day": each.day, "shift": each.shift}
        for each in changes
    ]
    return Way(
        is_plain=way["is_plain"],
        is_legal=way["is_legal"],
        cost=way["cost"],
        changes=[change_in_words(roster, change) for change in changes],
        cells=json.dumps(cells),
    )


def _told(one: dict[str, Any]) -> Told:  # Any: as the child wrote it
    return Told(one["sign"], named(one["rule"]), sentence(one), one["cost"])


def change_in_words(roster: Roster, change: CellChange) -> str:
    instance = instance_of(roster)
    person = instance.people[instance.person_index[change.person]]
    shift = instance.shift_by_id.get(change.shift or OFF)
    return _("%(person)s, %(date)s: %(shift)s") % {
        "person": person.name or person.id,
        "date": formats.date_format(instance.date_of(change.day), "SHORT_DATE_FORMAT"),
        "shift": (shift.name or shift.id) if shift else _("day off"),
    }
