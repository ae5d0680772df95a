"""A project's labels leave as a file: at once, or by a job where that takes long."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis.models import ExportForm, LabelExport, LabelProject
from diagnosis.selectors.labelling import current_labels
from diagnosis.services.label_files import LARGE, TEXT_FORMS, TextFile, text_file
from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from hospital.jobs.models import Job
from hospital.jobs.services import enqueue

KEPT_FOR = timedelta(days=7)  # then the sweep takes the file, too
EXPORT_JOB = "diagnosis.export_project"


def export_at_once(*, project: LabelProject, form: str, owner: User) -> TextFile:
    """Return the labels as text.

    Raises:
        NotPermitted: The person is no administrator.
        InvalidInput: There is no such form, or it is none of text.
        Conflict: There are so many labels that a job has to do it.
    """
    require_exporter(owner)
    if form not in TEXT_FORMS:
        told = _("This form is made by a job: ask for it there.")
        raise InvalidInput(told, code="made_by_a_job", fields={"form": [told]})
    if is_large(project):
        raise Conflict(
            _("There are many labels: let a job write the file."), code="made_by_a_job"
        )
    return text_file(project, form)


@transaction.atomic
def start_export(
    *, project: LabelProject, form: str, owner: User
) -> tuple[LabelExport, Job]:
    """Let a job make the file; those of a week ago are forgotten.

    Raises:
        NotPermitted: The person is no administrator.
        InvalidInput: There is no such form.
    """
    require_exporter(owner)
    if form not in ExportForm.values:
        told = _("There is no such form.")
        raise InvalidInput(told, code="unknown_form", fields={"form": [told]})
    LabelExport.objects.filter(created__lt=timezone.now() - KEPT_FOR).delete()
    export = LabelExport.objects.create(project=project, form=form, created_by=owner)
    job = enqueue(
        kind=EXPORT_JOB, key=str(export.id), owner=owner, subject_id=export.id
    )
    return export, job


def is_large(project: LabelProject) -> bool:
    """Whether writing a project's labels takes longer than a page may."""
    return current_labels(project).count() > LARGE


def require_exporter(user: User) -> None:
    """Refuse everyone but administrators: labels name studies, DICOM names patients."""
    if user.role != Role.ADMINISTRATOR:
        raise NotPermitted(
            _("Only an administrator takes labels out or brings them in."),
            code="administrators_only",
        )
