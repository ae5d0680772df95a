"""A ward comes in as tables: sent, looked over, made a roster of, or put into one."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from hospital.accounts.access import roles_required
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.selectors import departments_visible_to
from hospital.core.errors import Conflict
from hospital.core.pages import render_page
from scheduling.exports.ward import template
from scheduling.forms.rosters import NewRosterForm
from scheduling.forms.wards import DAYS_A_WEEK, WardForm, WardTablesForm
from scheduling.models import RosterImport
from scheduling.saying.laws import law_title
from scheduling.saying.sentences import named, sentence, weekday_name
from scheduling.selectors.laws import law_known
from scheduling.selectors.rosters import roster_imports_visible_to
from scheduling.services.editing import StaleRoster
from scheduling.services.imports import keep_import
from scheduling.services.ward_changes import take_import
from scheduling.services.ward_readings import keep_change
from scheduling.views.board import EDITING_ROLES, visible_roster

PEOPLE_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ToldFlaw:
    """A flaw in the reader's language, with its place as a spreadsheet names it."""

    is_error: bool
    sheet: str
    row: int
    column: str
    what: str
    mend: str


@require_POST
@roles_required(*EDITING_ROLES)
def sent_ward(request: HttpRequest) -> HttpResponse:
    """Take in a ward's tables and lead to what came of them."""
    principal = principal_of(request)
    departments = departments_visible_to(principal)
    form = WardForm(request.POST, request.FILES, departments=departments)
    if not form.is_valid():
        context = {"ward_form": form, "form": NewRosterForm(departments=departments)}
        return render_page(request, "scheduling/roster_new.html", context, status=422)
    kept = keep_import(
        author=principal.user, choice=form.choice(), files=form.sent_files()
    )
    return redirect("scheduling:import", import_id=kept.id)


@require_safe
@roles_required(*EDITING_ROLES)
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show what was read, and what is wrong with it; a made roster is led to."""
    principal = principal_of(request)
    kept = _visible(principal, import_id)
    if kept.roster is not None:
        return redirect("scheduling:roster", roster_id=kept.roster.id)
    context = {
        "kept": kept,
        "changes": told_changes(kept),
        "law": _law_title(kept.law),
        "last": kept.start.fromordinal(kept.start.toordinal() + kept.days - 1),
        "ward": kept.ward,
        "needs": [{**one, "who": _who(one)} for one in kept.ward["demand"]],
        "people": [_with_dates(one) for one in kept.ward["people"][:PEOPLE_SHOWN]],
        "people_left": max(0, len(kept.ward["people"]) - PEOPLE_SHOWN),
        "weekdays": [weekday_name(weekday) for weekday in range(DAYS_A_WEEK)],
        "flaws": [told_flaw(one) for one in kept.flaws],
        "untold": kept.errors + kept.warnings - len(kept.flaws),
        "ward_form": WardTablesForm()
        if kept.target_id
        else _form_again(principal, kept),
    }
    return render_page(request, "scheduling/import_detail.html", context)


@require_POST
@roles_required(*EDITING_ROLES)
def imported_roster(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Make the roster, once; who asks again is led to the same one."""
    principal = principal_of(request)
    kept = _visible(principal, import_id)
    try:
        roster = take_import(imported=kept, author=principal.user)
    except (Conflict, StaleRoster) as error:
        messages.error(request, str(error.message))
        return redirect("scheduling:import", import_id=kept.id)
    told = _("The roster is made; nobody is assigned yet.")
    if kept.target_id is not None:
        told = _("The roster is changed as your tables say.")
    messages.success(request, told)
    return redirect("scheduling:roster", roster_id=roster.id)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*EDITING_ROLES)
def roster_ward(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Offer a roster's tables, and take changed ones in, to be looked over."""
    roster = visible_roster(request, roster_id)
    is_sent = request.method == "POST"
    form = WardTablesForm(
        request.POST if is_sent else None, request.FILES if is_sent else None
    )
    if is_sent and form.is_valid():
        kept = keep_change(
            roster=roster,
            author=principal_of(request).user,
            files=form.sent_files(),
        )
        return redirect("scheduling:import", import_id=kept.id)
    context = {"roster": roster, "form": form}
    status = 422 if is_sent else 200
    return render_page(request, "scheduling/roster_ward.html", context, status=status)


@require_safe
@roles_required(*EDITING_ROLES)
def ward_template(request: HttpRequest) -> HttpResponse:
    made = template(timezone.localdate())
    return HttpResponse(
        made.content,
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


def told_changes(kept: RosterImport) -> dict[str, Any]:  # Any: as it was kept
    """Return what tables would change in a roster, in the reader's language."""
    if not kept.changes:
        return {}
    told = {
        name: list(map(sentence, kept.changes[name])) for name in ("told", "broken")
    }
    return {**kept.changes, **told}


def told_flaw(row: dict[str, Any]) -> ToldFlaw:  # Any: a flaw as JSON
    """Return a kept flaw in the reader's language."""
    return ToldFlaw(
        is_error=row["is_error"],
        sheet=row["sheet"],
        row=row["row"],
        column=row["column"],
        what=sentence(row["what"]),
        mend=sentence(row["mend"]),
    )


def _visible(principal: Principal, import_id: UUID) -> RosterImport:
    return get_object_or_404(roster_imports_visible_to(principal), id=import_id)


def _form_again(principal: Principal, kept: RosterImport) -> WardForm:
    """Return the form with what was chosen for this import."""
    return WardForm(
        departments=departments_visible_to(principal),
        chosen={
            "name": kept.name,
            "department": kept.department.code,
            "start": kept.start,
            "weeks": kept.days // DAYS_A_WEEK,
            "law": kept.law,
        },
    )


def _law_title(law: str) -> str:
    profile = law_known(law)
    return law_title(profile) if profile else _("None")


def _with_dates(person: dict[str, Any]) -> dict[str, Any]:  # Any: JSON of the preview
    """Return a person whose skills are told with their last days."""
    return {**person, "held": ", ".join(map(_skill, person["skills"]))}


def _who(need: dict[str, Any]) -> str:  # Any: JSON of the preview
    """Return who is needed: a skill, or one for each so many of another."""
    skills = (need["skill"], need.get("other"))
    return " : ".join(named(skill) for skill in skills if skill)


def _skill(held: dict[str, Any]) -> str:  # Any: JSON of the preview
    if not held["until"]:
        return named(held["name"])
    until = formats.date_format(date.fromisoformat(held["until"]), "SHORT_DATE_FORMAT")
    return _("%(skill)s until %(date)s") % {"skill": named(held["name"]), "date": until}
