"""The library's pages: the list, an entry with its review, a passage that was cited."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Role, User
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.saved_views import views_of
from hospital.core.errors import DomainError, InvalidInput
from hospital.core.pages import render_page
from hospital.knowledge.forms import ApprovalsForm, DecisionForm, EntryFilter
from hospital.knowledge.models import Decision, Entry, EntryState
from hospital.knowledge.selectors import (
    EDITORS,
    entries_visible_to,
    libraries_visible_to,
    passage_cited_as,
    reviews_visible_to,
    was_withdrawn,
)
from hospital.knowledge.services.reviewing import (
    REVIEW_HOLDS,
    awaits_approval,
    decide,
    decide_each,
    decisions_open_to,
)

PAGE_SIZE = 50
MOST_REFUSALS = 10  # that are told
ORDERINGS = {
    "title": "title",
    "library": "library__slug",
    "state": "state",
    "expires": "expires",
    "changed": "updated",
}
DEFAULT_ORDERING = "title"
VIEWS = ((gettext_lazy("All"), ""),)
EDITORS_VIEWS = (
    *VIEWS,
    (gettext_lazy("Not reviewed"), "kind=unreviewed"),
    (gettext_lazy("Expired"), "kind=expired"),
)


@require_safe
@roles_required(*STAFF_ROLES)
def entry_list(request: HttpRequest) -> HttpResponse:
    principal = principal_of(request)
    filters = EntryFilter(request.GET, libraries=libraries_visible_to(principal))
    entries = filters.narrow(entries_visible_to(principal))
    ordering = request.GET.get("ordering") or DEFAULT_ORDERING
    rows = entries.order_by(_order(ordering), "id").select_related("library", "source")
    waiting = entries_visible_to(principal).filter(state=EntryState.IN_REVIEW)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    is_editor = principal.role in EDITORS
    built_in = EDITORS_VIEWS if is_editor else VIEWS
    context = {
        "page": page,
        "views": views_of(request, "library", built_in=built_in),
        "awaiting": [entry for entry in page if awaits_approval(entry, on=today)]
        if principal.role == Role.CLINICIAN
        else [],
        "filters": filters,
        "ordering": ordering,
        "is_editor": is_editor,
        "is_administrator": principal.role == Role.ADMINISTRATOR,
        "waiting": waiting.count(),
        "today": today,
    }
    return render_page(request, "knowledge/entry_list.html", context)


@require_safe
@roles_required(*STAFF_ROLES)
def entry_detail(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Show an entry in each of its languages side by side, and its way to patients."""
    principal = principal_of(request)
    entry = get_object_or_404(_with_names(principal), id=entry_id)
    return render_page(
        request, "knowledge/entry_detail.html", _entry_context(entry, principal)
    )


@require_POST
@roles_required(Role.CLINICIAN, Role.ADMINISTRATOR)
def entry_review(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Take the entry on its way, or show what is missing."""
    principal = principal_of(request)
    entry = get_object_or_404(_with_names(principal), id=entry_id)
    form = DecisionForm(request.POST)
    error: DomainError | None = None
    if form.is_valid():
        sent = form.cleaned_data
        try:
            review = decide(
                entry,
                decision=Decision(sent["decision"]),
                by=principal.user,
                version=sent["version"],
                words=sent["words"],
                expires=sent["expires"],
            )
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, review.get_decision_display())
            return redirect("knowledge:entry", entry_id=entry.id)
    error = error or InvalidInput(
        _("Choose what is decided, and a day as 2027-11-27."), code="invalid"
    )
    context = {"error": error.message, "words": request.POST.get("words", "")}
    return render_page(
        request,
        "knowledge/entry_detail.html",
        _entry_context(entry, principal) | context,
        status=error.status,
    )


@require_POST
@roles_required(Role.CLINICIAN)
def approvals(request: HttpRequest) -> HttpResponse:
    """Approve several texts that were read, each with a review of its own."""
    principal = principal_of(request)
    form = ApprovalsForm(request.POST)
    versions = form.versions() if form.is_valid() else {}
    entries = entries_visible_to(principal).filter(id__in=versions)
    chosen = [(entry, versions[entry.id]) for entry in entries]
    done, refused = decide_each(chosen, decision=Decision.APPROVED, by=principal.user)
    if not chosen:
        messages.error(request, _("Mark the texts, and say that you have read them."))
    if done:
        words = ngettext("%d text was approved.", "%d texts were approved.", done)
        messages.success(request, words % done)
    for line in refused[:MOST_REFUSALS]:
        messages.warning(request, line)
    return redirect(f"{reverse('knowledge:entries')}?{request.POST.get('query', '')}")


@require_safe
def passage(request: HttpRequest, citation: str) -> HttpResponse:
    """Show the passage that an answer cites; strangers too read what is published."""
    principal = principal_of(request) if isinstance(request.user, User) else None
    library = request.GET.get("library", "")
    found = passage_cited_as(citation, principal=principal, library=library)
    context: dict[str, object] = {"base": _base(principal)}
    if found is None:
        if was_withdrawn(citation, library=library):
            page = "knowledge/passage_withdrawn.html"
            return render_page(request, page, context, status=410)
        raise Http404
    entry = found.entry
    context |= {
        "cited": found,
        "entry": entry,
        "others": entry.passages.exclude(pk=found.pk).exclude(text=""),
        "is_staff": principal is not None and principal.role in STAFF_ROLES,
        "today": timezone.localdate(),
    }
    return render_page(request, "knowledge/passage_detail.html", context)


def _with_names(principal: Principal) -> QuerySet[Entry]:
    return entries_visible_to(principal).select_related("library", "source", "reviewer")


def _entry_context(entry: Entry, principal: Principal) -> dict[str, object]:
    versions = (
        _with_names(principal)
        .filter(library=entry.library, external_id=entry.external_id)
        .prefetch_related("passages")
        .order_by("lang")
    )
    today = timezone.localdate()
    return {
        "entry": entry,
        "versions": versions,
        "decisions": decisions_open_to(principal.role, entry),
        "reviews": reviews_visible_to(principal).filter(entry=entry),
        "may_edit": principal.role == Role.ADMINISTRATOR,
        "holds_until": today + REVIEW_HOLDS,
        "today": today,
    }


def _base(principal: Principal | None) -> str:
    if principal is None:
        return "base_public.html"
    return "base_patient.html" if principal.role == Role.PATIENT else "base_staff.html"


def _order(ordering: str) -> str:
    column = ORDERINGS.get(ordering.removeprefix("-"), "title")
    return f"-{column}" if ordering.startswith("-") else column
