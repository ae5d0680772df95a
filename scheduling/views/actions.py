"""What is done with a roster: searched for, stopped, taken over, published, closed."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.forms import IdentityForm
from hospital.accounts.principal import principal_of
from hospital.accounts.services.identity import confirm_identity
from hospital.core.errors import DomainError, InvalidInput
from hospital.core.pages import render_page
from hospital.jobs.services import request_cancellation
from scheduling.forms.rosters import PublicationForm, SearchForm
from scheduling.models import Roster, Run
from scheduling.selectors.rosters import aims_of, open_run, runs_visible_to
from scheduling.services.editing import StaleRoster
from scheduling.services.publishing import publish_roster
from scheduling.services.rosters import close_roster
from scheduling.services.runs import RunLimits, apply_run, start_run, take_back_run
from scheduling.showing.chart import chart_of
from scheduling.views.board import (
    CLOSURE_IDS,
    EDITING_ROLES,
    sent_version,
    visible_roster,
    working_copy,
)


@require_POST
@roles_required(*EDITING_ROLES)
def search(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Start a search for the roster."""
    roster = visible_roster(request, roster_id)
    form = SearchForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("Choose how long the search may take."), code="invalid")
    limits = RunLimits(
        time_limit_s=form.cleaned_data["time_limit"], workers=settings.SOLVER_WORKERS
    )
    start_run(roster=roster, author=principal_of(request).user, limits=limits)
    return redirect("scheduling:roster", roster_id=roster.id)


@require_POST
@roles_required(*EDITING_ROLES)
def stop(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Stop the search that goes on; its best roster is kept."""
    roster = visible_roster(request, roster_id)
    going = open_run(roster)
    if going is not None:
        request_cancellation(job=going.job)
        messages.info(request, _("The search stops; its best roster is kept."))
    return redirect("scheduling:roster", roster_id=roster.id)


@require_safe
@roles_required(*EDITING_ROLES)
def run_detail(request: HttpRequest, roster_id: UUID, run_id: UUID) -> HttpResponse:
    """Show how one search goes or went, live while it does."""
    roster = visible_roster(request, roster_id)
    run = _visible_run(request, roster, run_id)
    context = {
        "roster": roster,
        "run": run,
        "chart": chart_of(run.curve, until_s=max(run.spent_s, 1.0)),
        "in_order": bool(aims_of(roster).tier_order),
    }
    return render_page(
        request,
        "scheduling/run_detail.html",
        context,
        partial="scheduling/_run.html",
    )


@require_POST
@roles_required(*EDITING_ROLES)
def application(request: HttpRequest, roster_id: UUID, run_id: UUID) -> HttpResponse:
    """Make a search's roster the working copy, or say why not where that is newer."""
    roster = visible_roster(request, roster_id)
    run = _visible_run(request, roster, run_id)
    author, version = principal_of(request).user, sent_version(request)
    try:
        apply_run(run=run, author=author, expected_version=version)
    except StaleRoster as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The search's roster is taken over."))
    return redirect("scheduling:roster", roster_id=roster.id)


@require_POST
@roles_required(*EDITING_ROLES)
def taking_back(request: HttpRequest, roster_id: UUID, run_id: UUID) -> HttpResponse:
    """Make the working copy what it was before a search's roster was taken over."""
    roster = visible_roster(request, roster_id)
    run = _visible_run(request, roster, run_id)
    author, version = principal_of(request).user, sent_version(request)
    try:
        take_back_run(run=run, author=author, expected_version=version)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request, _("The working copy is as it was before the search's roster.")
        )
    return redirect("scheduling:roster", roster_id=roster.id)


@require_POST
@roles_required(*EDITING_ROLES)
def publication(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Publish the roster, or say why not, and keep what was written to the staff."""
    roster = visible_roster(request, roster_id)
    form = PublicationForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("Open the roster again, then publish it."), code="invalid")
    sent = form.cleaned_data
    try:
        publish_roster(
            roster=roster,
            author=principal_of(request).user,
            note=sent["note"],
            accept_violations=sent["accept_violations"],
            expected_version=sent["version"],
        )
    except DomainError as error:
        newest = visible_roster(request, roster_id)
        form = PublicationForm(initial={**sent, "version": newest.version})
        return _refused(request, newest, error, publication_form=form)
    messages.success(request, _("The roster is published: the staff see it now."))
    return redirect("scheduling:roster", roster_id=roster.id)


@require_POST
@roles_required(*EDITING_ROLES)
@sensitive_post_parameters("password", "code")
def closure(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Close a published roster for good, for who proves again who they are."""
    roster = visible_roster(request, roster_id)
    author, form = principal_of(request).user, IdentityForm(request.POST)
    form.auto_id = CLOSURE_IDS
    try:
        if not form.is_valid():
            raise InvalidInput(_("Some fields could not be taken."), code="invalid")
        confirm_identity(user=author, **form.cleaned_data)
        close_roster(roster=roster, author=author)
    except DomainError as error:
        return _refused(request, roster, error, closure_form=form)
    messages.success(request, _("The roster is closed; it can no longer be changed."))
    return redirect("scheduling:roster", roster_id=roster.id)


def _visible_run(request: HttpRequest, roster: Roster, run_id: UUID) -> Run:
    runs = runs_visible_to(principal_of(request)).filter(roster=roster)
    found = runs.select_related("roster", "job", "started_by")
    return get_object_or_404(found, id=run_id)


def _refused(
    request: HttpRequest, roster: Roster, error: DomainError, **forms: Form
) -> HttpResponse:
    """Show how the roster stands now, and the form again as it was written."""
    context = {**working_copy(request, roster), **forms, "error": error}
    return render_page(request, "scheduling/publish.html", context, status=error.status)
