"""Labels leave a project as files and come in from them: an administrator's pages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from diagnosis.files import open_stored
from diagnosis.forms import LabelImportForm
from diagnosis.label_sentences import told_flaw
from diagnosis.models import LabelImport
from diagnosis.selectors.labelling import (
    label_exports_visible_to,
    label_imports_visible_to,
)
from diagnosis.services.label_exports import export_at_once, start_export
from diagnosis.services.label_files import file_name, media_type
from diagnosis.services.label_imports import LARGEST_FILE, apply_import, keep_import
from diagnosis.views.labelling import visible_project
from hospital.accounts.access import roles_required
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_of
from hospital.audit.services import record_access
from hospital.core.errors import Conflict
from hospital.core.pages import render_page
from hospital.core.uploads import takes_files

ROWS_SHOWN = 100


@roles_required(Role.ADMINISTRATOR)
@require_safe
def export_now(request: HttpRequest, project_id: UUID, form: str) -> HttpResponse:
    """Return the labels as CSV or COCO."""
    project = visible_project(request, project_id)
    made = export_at_once(project=project, form=form, owner=principal_of(request).user)
    record_access(request, action="export", record=project)
    return HttpResponse(
        made.text, content_type=made.media_type, headers=_attachment(made.name)
    )


@roles_required(Role.ADMINISTRATOR)
@require_POST
def exports(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Let a job write the labels, and lead to it."""
    project = visible_project(request, project_id)
    _row, job = start_export(
        project=project,
        form=request.POST.get("form", ""),
        owner=principal_of(request).user,
    )
    return redirect("jobs:job", job.id)


@roles_required(Role.ADMINISTRATOR)
@require_safe
def export_file(request: HttpRequest, label_export_id: UUID) -> HttpResponse:
    """Return a file that a job has written."""
    visible = label_exports_visible_to(principal_of(request)).exclude(digest="")
    row = get_object_or_404(visible.select_related("project"), id=label_export_id)
    record_access(request, action="export", record=row.project)
    with open_stored(row.digest) as file:
        return HttpResponse(
            file.read(),
            content_type=media_type(row.form),
            headers=_attachment(file_name(row.project, row.form)),
        )


@takes_files(LARGEST_FILE)
@roles_required(Role.ADMINISTRATOR)
@require_POST
def imports(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Read a file of labels and lead to what came of it; nothing is taken in yet."""
    project = visible_project(request, project_id)
    form = LabelImportForm(request.POST, request.FILES, project=project)
    if not form.is_valid() or form.cleaned_data["file"].size > LARGEST_FILE:
        messages.error(request, _("Choose a file of labels of at most 32 MB."))
        return redirect("diagnosis:label_project", project.id)
    file = form.cleaned_data["file"]
    kept = keep_import(
        project=project,
        author=principal_of(request).user,
        name=file.name or "",
        content=file.read(),
        reader=form.cleaned_data["reader"],
    )
    return redirect("diagnosis:label_import", kept.id)


@roles_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def import_detail(request: HttpRequest, label_import_id: UUID) -> HttpResponse:
    """Show what was read of a file, by line; or take it in."""
    visible = label_imports_visible_to(principal_of(request))
    kept = get_object_or_404(visible.select_related("project"), id=label_import_id)
    if request.method == "POST":
        return _apply(request, kept)
    context = {
        "kept": kept,
        "project": kept.project,
        "flaws": [told_flaw(flaw) for flaw in kept.flaws],
        "rows": kept.rows[:ROWS_SHOWN],
        "import_form": LabelImportForm(project=kept.project),
    }
    return render_page(request, "diagnosis/labelling_import.html", context)


def _apply(request: HttpRequest, kept: LabelImport) -> HttpResponse:
    try:
        count = apply_import(kept=kept, author=principal_of(request).user)
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect("diagnosis:label_import", kept.id)
    record_access(request, action="import", record=kept.project)
    words = ngettext(
        "%(count)s label was taken in.", "%(count)s labels were taken in.", count
    )
    messages.success(request, words % {"count": count})
    return redirect("diagnosis:label_project", kept.project_id)


def _attachment(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
