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
    learn_file,
    learn_published,
)
from scheduling.services.proposals import (
    Chosen,
    Proposed,
    accept_proposals,
    undo_acceptance,
)
from scheduling.showing.proposed import reserve_in, share_in
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
    """Show the proposals with their evidence, and what they would mean for a draft."""
    principal = principal_of(request)
    past = get_object_or_404(past_rosters_visible_to(principal), id=past_id)
    drafts = _drafts(principal, past)
    draft = _draft(drafts, request.GET.get("roster", ""))
    context = {
        "past": past,
        "draft": draft,
        "drafts": drafts,
        "form": AcceptanceForm({"roster": draft and draft.pk}, drafts=drafts),
        "cover": [
            {**row, **_told(row), "day": weekday_name(row["weekday"])}
            for row in past.proposals["cover"]
        ],
        "absences": [
            {
                **row,
                **_told(row),
                "season_name": season_name(row["season"]),
                "reasons": [(_reason(why), count) for why, count in row["reasons"]],
                "means": reserve_in(draft, row) if draft else [],
            }
            for row in past.proposals["absences"]
        ],
        "swaps": [
            {
                **row,
                **_told(row),
                "day": weekday_name(row["weekday"]),
                "means": share_in(draft, row) if draft else None,
            }
            for row in past.proposals["swaps"]
        ],
        "acceptances": past.acceptances.select_related(
            "roster", "accepted_by", "undone_by"
        ).defer("roster__instance"),
    }
    return render_page(request, "scheduling/past_detail.html", context)


@require_POST
@roles_required(*EDITING_ROLES)
def acceptance(request: HttpRequest, past_id: UUID) -> HttpResponse:
    """Take what is chosen into a draft."""
    principal = principal_of(request)
    past = get_object_or_404(past_rosters_visible_to(principal), id=past_id)
    form = AcceptanceForm(request.POST, drafts=_drafts(principal, past))
    if not form.is_valid():
        raise InvalidInput(_("Choose the draft that they go into."), code="invalid")
    roster = form.cleaned_data["roster"]
    try:
        taken = accept_proposals(
            past=past,
            roster=roster,
            author=principal.user,
            chosen=Chosen(
                cover=_shift_days(request, "cover"),
                absences=_group_seasons(request),
                swaps=_shift_days(request, "swaps"),
            ),
            expected_version=roster.version,
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("scheduling:past", past_id=past.id)
    messages.success(
        request,
        ngettext(
            "%(count)d proposal holds in this draft now.",
            "%(count)d proposals hold in this draft now.",
            len(taken.proposals),
        )
        % {"count": len(taken.proposals)},
    )
    return redirect("scheduling:roster", roster_id=roster.id)


@require_POST
@roles_required(*EDITING_ROLES)
def acceptance_undoing(
    request: HttpRequest, past_id: UUID, acceptance_id: UUID
) -> HttpResponse:
    """Take what was accepted out of its draft again."""
    principal = principal_of(request)
    past = get_object_or_404(past_rosters_visible_to(principal), id=past_id)
    accepted = get_object_or_404(past.acceptances, id=acceptance_id)
    try:
        undo_acceptance(acceptance=accepted, author=principal.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The draft is without these proposals again."))
    return redirect("scheduling:past", past_id=past.id)


def _told(row: Proposed) -> dict[str, str]:
    return {"text": sentence(row["message"])}


def _reason(text: str) -> str:
    """Return a kind of leave in words; what a file wrote stays."""
    return str(LeaveKind(text).label) if text in LeaveKind.values else text


def _with_published(departments: QuerySet[Department]) -> QuerySet[Department]:
    """Return the departments that have published a roster: others teach nothing."""
    return departments.filter(rosters__current__isnull=False).distinct()


def _drafts(principal: Principal, past: PastRosters) -> QuerySet[Roster]:
    visible = rosters_visible_to(principal).filter(department=past.department_id)
    return visible.filter(state=RosterState.DRAFT).defer("instance")


def _draft(drafts: QuerySet[Roster], asked: str) -> Roster | None:
    """Return the draft that an address asks for; the newest where it asks for none."""
    found = list(drafts)
    return next((one for one in found if str(one.pk) == asked), next(iter(found), None))


def _shift_days(request: HttpRequest, name: str) -> list[tuple[str, int]]:
    parted = (value.rpartition(":") for value in request.POST.getlist(name))
    return [
        (shift, int(day) if day.isdecimal() and len(day) == 1 else -1)
        for shift, _colon, day in parted
    ]


def _group_seasons(request: HttpRequest) -> list[tuple[str, str]]:
    parted = (value.rpartition(":") for value in request.POST.getlist("absences"))
    return [(group, season) for group, _colon, season in parted]
