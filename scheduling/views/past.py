"""Past rosters come in, suggest what is usual, and are taken into a draft or not."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from hospital.accounts.access import roles_required
from hospital.accounts.models import Department
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.selectors import departments_visible_to
from hospital.core.errors import DomainError, InvalidInput
from hospital.core.pages import render_page
from hospital.core.uploads import takes_files
from scheduling.choices import AcceptanceForm, LearnForm, PastForm
from scheduling.models import LeaveKind, PastRosters, Roster, RosterState
from scheduling.saying.sentences import season_name, sentence, weekday_name
from scheduling.selectors.rosters import past_rosters_visible_to, rosters_visible_to
from scheduling.services.past import (
    LARGEST_FILE,
    PastFile,
    accept_cover,
    learn_file,
    learn_published,
)
from scheduling.views.board import EDITING_ROLES

PAGE_SIZE = 25


@takes_files(LARGEST_FILE)
@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*EDITING_ROLES)
def past_rosters(request: HttpRequest) -> HttpResponse:
    """List what was learned; a POST brings a file, whose errors name their lines."""
    principal = principal_of(request)
    departments = departments_visible_to(principal)
    form = PastForm(
        request.POST or None, request.FILES or None, departments=departments
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            past = learn_file(
                department=form.cleaned_data["department"],
                author=principal.user,
                file=PastFile(sent.name, sent.read()),
            )
        except InvalidInput as error:
            form.add_error("file", str(error.message))
        else:
            return redirect("scheduling:past", past_id=past.id)
    shown = past_rosters_visible_to(principal).defer("proposals")
    shown = shown.annotate(accepted=Count("acceptances")).order_by("-created")
    context = {
        "form": form,
        "learn_form": LearnForm(None, departments=_with_published(departments)),
        "page": Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "scheduling/past_list.html", context, status=status)


@require_POST
@roles_required(*EDITING_ROLES)
def learning(request: HttpRequest) -> HttpResponse:
    """Learn from the rosters that a department published."""
    principal = principal_of(request)
    departments = _with_published(departments_visible_to(principal))
    form = LearnForm(request.POST, departments=departments)
    if not form.is_valid():
        raise InvalidInput(_("Choose a department."), code="invalid")
    try:
        past = learn_published(
            department=form.cleaned_data["department"], author=principal.user
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("scheduling:past_rosters")
    return redirect("scheduling:past", past_id=past.id)


@require_safe
@roles_required(*EDITING_ROLES)
def past_detail(request: HttpRequest, past_id: UUID) -> HttpResponse:
    """Show the proposals with their evidence; nothing is applied."""
    principal = principal_of(request)
    past = get_object_or_404(past_rosters_visible_to(principal), id=past_id)
    context = {
        "past": past,
        "cover": [
            {
                "value": f"{row['shift']}:{row['weekday']}",
                "day": weekday_name(row["weekday"]),
                "text": sentence(row["message"]),
                **row,
            }
            for row in past.proposals["cover"]
        ],
        "absences": [
            {
                "when": season_name(row["season"]),
                "text": sentence(row["message"]),
                **row,
                "reasons": [(_reason(why), count) for why, count in row["reasons"]],
            }
            for row in past.proposals["absences"]
        ],
        "swaps": [
            {
                "day": weekday_name(row["weekday"]),
                "text": sentence(row["message"]),
                **row,
            }
            for row in past.proposals["swaps"]
        ],
        "form": AcceptanceForm(None, drafts=_drafts(principal, past)),
        "acceptances": past.acceptances.select_related("roster", "accepted_by").defer(
            "roster__instance"
        ),
    }
    return render_page(request, "scheduling/past_detail.html", context)


@require_POST
@roles_required(*EDITING_ROLES)
def acceptance(request: HttpRequest, past_id: UUID) -> HttpResponse:
    """Take the chosen cover into a draft's demand."""
    principal = principal_of(request)
    past = get_object_or_404(past_rosters_visible_to(principal), id=past_id)
    form = AcceptanceForm(request.POST, drafts=_drafts(principal, past))
    if not form.is_valid():
        raise InvalidInput(_("Choose the draft that they go into."), code="invalid")
    roster = form.cleaned_data["roster"]
    try:
        taken = accept_cover(
            past=past,
            roster=roster,
            author=principal.user,
            chosen=[_shift_day(one) for one in request.POST.getlist("cover")],
            expected_version=roster.version,
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("scheduling:past", past_id=past.id)
    messages.success(
        request,
        ngettext(
            "%(count)d proposal is the demand of this draft now.",
            "%(count)d proposals are the demand of this draft now.",
            len(taken.proposals),
        )
        % {"count": len(taken.proposals)},
    )
    return redirect("scheduling:roster", roster_id=roster.id)


def _reason(text: str) -> str:
    """Return a kind of leave in words; what a file wrote stays."""
    return str(LeaveKind(text).label) if text in LeaveKind.values else text


def _with_published(departments: QuerySet[Department]) -> QuerySet[Department]:
    """Return the departments that have published a roster: others teach nothing."""
    return departments.filter(rosters__current__isnull=False).distinct()


def _drafts(principal: Principal, past: PastRosters) -> QuerySet[Roster]:
    visible = rosters_visible_to(principal).filter(department=past.department_id)
    return visible.filter(state=RosterState.DRAFT).defer("instance")


def _shift_day(value: str) -> tuple[str, int]:
    shift, _colon, weekday = value.rpartition(":")
    return shift, int(weekday) if weekday.isdecimal() and len(weekday) == 1 else -1
