"""Labelling projects: what there is, how it goes, and who may do what in each."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from diagnosis.forms import LabelImportForm, LabelProjectForm
from diagnosis.labelling.meeting import LEAST_OVERLAP, NEAR_MM
from diagnosis.models import ExportForm, LabelProject, Part
from diagnosis.selectors import modalities_of, studies_visible_to
from diagnosis.selectors.label_agreement import agreements
from diagnosis.selectors.labelling import (
    OVERSEERS,
    answers_of,
    label_exports_visible_to,
    label_projects_visible_to,
    labels_visible_to,
    may_see_agreement,
    part_of,
    progress_for,
    skips_of,
    waiting_for_adjudicator,
    waiting_for_reader,
)
from diagnosis.services.label_exports import is_large
from diagnosis.services.label_files import TEXT_FORMS
from diagnosis.services.label_projects import (
    change_label_project,
    close_label_project,
    create_label_project,
)
from hospital.accounts.access import roles_required
from hospital.accounts.models import Role
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.selectors import departments_visible_to
from hospital.core.errors import DomainError
from hospital.core.help import to_html
from hospital.core.pages import render_page

ROLES = (Role.CLINICIAN, *OVERSEERS)
LABELS_A_PAGE = 25
EXPORTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project as the list shows it: how far it is, and what waits for whoever asks."""

    project: LabelProject
    progress: dict[str, int]
    part: str
    waiting: int


@require_safe
@roles_required(*ROLES)
def labelling(request: HttpRequest) -> HttpResponse:
    principal = principal_of(request)
    projects = label_projects_visible_to(principal).select_related("department")
    context = {
        "listed": [_listed(principal, project) for project in projects],
        "may_set_up": principal.role in OVERSEERS,
    }
    return render_page(request, "diagnosis/labelling_list.html", context)


@roles_required(*OVERSEERS)
@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """Set up a project."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        author = principal_of(request).user
        try:
            project = create_label_project(author=author, wish=form.wish())
        except DomainError as error:
            return _form_page(request, form, error=error)
        messages.success(request, _("The project is set up; its readers can begin."))
        return redirect("diagnosis:label_project", project.id)
    return _form_page(request, form)


@roles_required(*OVERSEERS)
@require_http_methods(["GET", "POST"])
def change_project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Change a project's words and people."""
    project = visible_project(request, project_id)
    form = _form(request, project)
    if request.method == "POST" and form.is_valid():
        author = principal_of(request).user
        try:
            change_label_project(project=project, author=author, wish=form.wish())
        except DomainError as error:
            return _form_page(request, form, project=project, error=error)
        messages.success(request, _("The project was changed."))
        return redirect("diagnosis:label_project", project.id)
    return _form_page(request, form, project=project)


@roles_required(*OVERSEERS)
@require_POST
def closing(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Close a project, or open it again."""
    project = visible_project(request, project_id)
    is_closed = request.POST.get("closed") != "no"
    close_label_project(
        project=project, author=principal_of(request).user, is_closed=is_closed
    )
    told = _("The project is closed.") if is_closed else _("The project is open again.")
    messages.success(request, told)
    return redirect("diagnosis:label_project", project.id)


@require_safe
@roles_required(*ROLES)
def project_detail(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Show a project: what waits for whoever asks, and what they have said."""
    principal = principal_of(request)
    project = visible_project(request, project_id)
    own = labels_visible_to(principal).filter(
        project=project, author=principal.user, superseded_by=None
    )
    labels = own.select_related("study").order_by("-created")
    exports = label_exports_visible_to(principal).filter(project=project)
    is_overseer = principal.role in OVERSEERS
    members = list(project.members.select_related("user"))
    is_exporter = principal.role == Role.ADMINISTRATOR
    context = {
        **_asked(principal, project),
        "project": project,
        "guideline": to_html(project.guideline),
        "progress": progress_for(principal, project),
        "members": members,
        "has_adjudicators": any(one.part == Part.ADJUDICATOR for one in members),
        "labels": Paginator(labels, LABELS_A_PAGE).get_page(request.GET.get("page")),
        "may_set_up": is_overseer,
        "answers": answers_of(project) if is_overseer else [],
        "skips": skips_of(project) if is_overseer else [],
        "may_see_agreement": may_see_agreement(principal, project),
        "is_exporter": is_exporter,
        "forms": ExportForm.choices if is_exporter else [],
        "text_forms": [] if is_large(project) else list(TEXT_FORMS),
        "exports": exports[:EXPORTS_SHOWN],
        "import_form": LabelImportForm(project=project) if is_exporter else None,
    }
    return render_page(request, "diagnosis/labelling_project.html", context)


@require_safe
@roles_required(*ROLES)
def agreement(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Show how far readers agree; to the readers themselves only when it is over."""
    project = visible_project(request, project_id)
    if not may_see_agreement(principal_of(request), project):
        raise Http404
    context = {
        "project": project,
        "agreements": agreements(project),
        "near_mm": round(NEAR_MM),
        "least_overlap": LEAST_OVERLAP,
    }
    return render_page(request, "diagnosis/labelling_agreement.html", context)


def visible_project(request: HttpRequest, project_id: UUID) -> LabelProject:
    visible = label_projects_visible_to(principal_of(request))
    return get_object_or_404(visible.select_related("department"), id=project_id)


def _listed(principal: Principal, project: LabelProject) -> ListedProject:
    asked = _asked(principal, project)
    part, waiting = str(asked["part"]), int(str(asked["waiting"]))
    return ListedProject(project, progress_for(principal, project), part, waiting)


def _asked(principal: Principal, project: LabelProject) -> dict[str, object]:
    """Return what a person does in a project, and how many studies wait for it."""
    part = part_of(principal.user, project)
    waiting = 0
    if part and not project.closed:
        queue = waiting_for_reader if part == Part.READER else waiting_for_adjudicator
        waiting = queue(project, principal.user, now=timezone.now()).count()
    return {"part": part, "waiting": waiting}


def _form(
    request: HttpRequest, project: LabelProject | None = None
) -> LabelProjectForm:
    principal = principal_of(request)
    return LabelProjectForm(
        request.POST if request.method == "POST" else None,
        departments=departments_visible_to(principal),
        modalities=modalities_of(studies_visible_to(principal)),
        project=project,
    )


def _form_page(
    request: HttpRequest,
    form: LabelProjectForm,
    *,
    project: LabelProject | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    if error:
        for field, told in (error.fields or {"": [str(error.message)]}).items():
            form.add_error(field or None, list(map(str, told)))
    context = {"form": form, "project": project}
    status = 422 if form.is_bound else 200
    return render_page(request, "diagnosis/labelling_form.html", context, status=status)
