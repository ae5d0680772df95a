"""Why a roster keeps no hard rules: asked, shown, and mended by a change of its problem."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.errors import InvalidInput
from hospital.core.pages import render_page
from scheduling.models import Explanation, Roster
from scheduling.saying.sentences import sentence
from scheduling.selectors.rosters import explanations_visible_to
from scheduling.services.explanations import (
    apply_repair,
    ask_explanation,
    may_be_applied,
)
from scheduling.views.board import EDITING_ROLES, sent_version, visible_roster

Json = dict[str, Any]  # Any: as the child wrote it


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, with the cell to look at first."""

    text: str
    key: str
    day: int | None
    is_fatal: bool = True


@dataclass(frozen=True, slots=True)
class Mending:
    """One repair; `number` is what applying it sends."""

    number: int
    changes: list[str]
    cost: float  # in shifts
    may_be_applied: bool


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*EDITING_ROLES)
def explanation(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Show the newest explanation, or ask for one."""
    roster = visible_roster(request, roster_id)
    if request.method == "POST":
        ask_explanation(roster=roster, author=principal_of(request).user)
        return redirect("scheduling:explanation", roster_id=roster.id)
    return render_page(
        request,
        "scheduling/explanation.html",
        explained(request, roster),
        partial="scheduling/_explanation.html",
    )


@require_POST
@roles_required(*EDITING_ROLES)
def repairs(
    request: HttpRequest, roster_id: UUID, explanation_id: UUID
) -> HttpResponse:
    """Make one repair's changes in the roster's problem."""
    roster = visible_roster(request, roster_id)
    shown = explanations_visible_to(principal_of(request)).filter(roster=roster)
    found = get_object_or_404(shown, id=explanation_id)
    number = request.POST.get("number", "")
    if not number.isdecimal():
        raise InvalidInput(_("Choose one of the repairs."), code="invalid")
    apply_repair(
        explanation=found,
        author=principal_of(request).user,
        number=int(number[:6]),
        expected_version=sent_version(request),
    )
    messages.success(
        request, _("The roster's problem is changed; search again for a roster.")
    )
    return redirect("scheduling:roster", roster_id=roster.id)


def explained(request: HttpRequest, roster: Roster) -> dict[str, object]:
    """Return what pages show of the newest explanation."""
    shown = explanations_visible_to(principal_of(request)).filter(roster=roster)
    found = shown.order_by("-created").first()
    context: dict[str, object] = {"roster": roster, "explanation": found}
    if found is not None and found.status:
        context |= _parts(found, roster)
    return context


def _parts(found: Explanation, roster: Roster) -> dict[str, object]:
    answer: Json = found.answer
    return {
        "is_old": found.problem_version != roster.problem_version,
        "findings": [_line(one) for one in answer["findings"]],
        "conflicts": [
            [_line(member) for member in conflict["members"]]
            for conflict in answer["conflicts"]
        ],
        "repairs": [
            Mending(
                number=number,
                changes=[sentence(change["message"]) for change in one["changes"]],
                cost=one["cost"] / 10,
                may_be_applied=may_be_applied(one, roster),
            )
            for number, one in enumerate(answer["repairs"])
        ],
    }


def _line(one: Json) -> Line:
    days = one["days"]
    return Line(
        text=sentence(one["message"]),
        key=one["person"],
        day=days[0] if days else None,
        is_fatal=one.get("is_fatal", True),
    )
