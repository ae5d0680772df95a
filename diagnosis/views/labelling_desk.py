"""Where a reader labels: the study lent to them, its images, and the keys 1 to 9.

Neither what the model said nor what another reader said is on this page; an adjudicator
sees both readers' labels, without their names.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any  # Any: JSON as the page's script makes it
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from diagnosis.labelling.records import is_number, is_text, points_in
from diagnosis.models import Label, LabelLoan, LabelMark, Part
from diagnosis.selectors import first_instance
from diagnosis.selectors.labelling import label_loans_visible_to, labels_visible_to
from diagnosis.services.label_loans import skip_loan, take_again, take_next
from diagnosis.services.labelling import NewLabel, NewMark, label_study
from diagnosis.views.labelling import visible_project
from hospital.accounts.access import roles_required
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_of
from hospital.audit.services import record_access
from hospital.core.errors import DomainError, InvalidInput
from hospital.core.help import to_html
from hospital.core.pages import render_page

SKIP_REASONS = (
    gettext_lazy("The images are too poor to tell."),
    gettext_lazy("The study shows another part of the body."),
    gettext_lazy("I know this patient or the result."),
    gettext_lazy("I cannot tell."),
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page's form holds: as it was sent, or as the last label said."""

    answer: str = ""
    comment: str = ""
    marks: Sequence[dict[str, Any]] = field(default_factory=list)


@roles_required(Role.CLINICIAN)
@require_POST
def loans(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Take the next study."""
    return _next(request, visible_project(request, project_id).id)


@roles_required(Role.CLINICIAN)
@require_http_methods(["GET", "POST"])
def loan(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Show the study that is lent, or take what its reader says of it."""
    row = _visible_loan(request, loan_id)
    if request.method != "POST":
        record_access(
            request, action="read", record=row.study, patient_id=row.study.patient_id
        )
        return _desk(request, row, _as_said(_last_label(request, row)))
    sent = Sent()
    try:
        sent = _sent(request)
        label = label_study(
            loan=row, reader=principal_of(request).user, said=_new_label(sent)
        )
    except DomainError as error:
        return _desk(request, row, sent, error=error)
    record_access(
        request, action="label", record=label, patient_id=row.study.patient_id
    )
    messages.success(request, _("Kept: %(answer)s.") % {"answer": label.answer})
    return _next(request, row.project_id)


@roles_required(Role.CLINICIAN)
@require_POST
def skip(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Give the study back unlabelled, with a reason."""
    row = _visible_loan(request, loan_id)
    reason = request.POST.get("other", "").strip() or request.POST.get("reason", "")
    try:
        skip_loan(loan=row, reader=principal_of(request).user, reason=reason)
    except InvalidInput as error:
        return _desk(request, row, _as_said(_last_label(request, row)), error=error)
    messages.info(request, _("Skipped; you are not offered this study again."))
    return _next(request, row.project_id)


@roles_required(Role.CLINICIAN)
@require_POST
def revision(request: HttpRequest, label_id: UUID) -> HttpResponse:
    """Open a study again that one has labelled."""
    visible = labels_visible_to(principal_of(request)).select_related(
        "project", "study"
    )
    label = get_object_or_404(visible, id=label_id)
    taken = take_again(label=label, reader=principal_of(request).user)
    return redirect("diagnosis:label_loan", taken.id)


def _next(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = visible_project(request, project_id)
    taken = take_next(project=project, reader=principal_of(request).user)
    if taken:
        return redirect("diagnosis:label_loan", taken.id)
    messages.info(request, _("Nothing waits for you in this project now."))
    return redirect("diagnosis:label_project", project.id)


def _visible_loan(request: HttpRequest, loan_id: UUID) -> LabelLoan:
    visible = label_loans_visible_to(principal_of(request))
    related = visible.select_related("project__department", "study")
    return get_object_or_404(related, id=loan_id)


def _desk(
    request: HttpRequest,
    row: LabelLoan,
    sent: Sent,
    *,
    error: DomainError | None = None,
) -> HttpResponse:
    project, study = row.project, row.study
    series_list = [one for one in study.series.all() if one.instance_count]
    largest = max(series_list, key=lambda one: one.instance_count, default=None)
    others = _others(request, row) if row.part == Part.ADJUDICATOR else []
    told = (
        [words for listed in error.fields.values() for words in listed] if error else []
    )
    context = {
        "loan": row,
        "project": project,
        "guideline": to_html(project.guideline),
        "study": study,
        "patient": {"name": study_code(row), "hospital_number": ""},
        "series_list": series_list,
        "current_series": largest,
        "first_instance": first_instance(largest, []) if largest else None,
        "answers_by_number": True,
        "said": sent,
        "marks": sent.marks,
        "others": others,
        "marks_dispute": project.marks_regions
        and len({label.answer for label, _ in others}) == 1,
        "last": _last_of_mine(request, row),
        "skip_reasons": SKIP_REASONS,
        "error": (told or [str(error.message)]) if error else [],
        "is_gone": error is not None and error.status == 409,
    }
    status = error.status if error else 200
    return render_page(request, "diagnosis/labelling_desk.html", context, status=status)


def study_code(row: LabelLoan) -> str:
    """Return a name for a study that tells nothing of its patient."""
    return _("Study %(code)s") % {"code": str(row.study_id)[:8]}


def _others(request: HttpRequest, row: LabelLoan) -> list[tuple[Label, str]]:
    """Return both readers' labels for whoever decides, with their marks as JSON."""
    labels = (
        labels_visible_to(principal_of(request))
        .filter(project=row.project, study=row.study, part=Part.READER)
        .filter(superseded_by=None)
        .prefetch_related("marks__instance")
        .order_by("author__username")
    )
    return [(label, json.dumps(_marks_of(label))) for label in labels]


def _last_label(request: HttpRequest, row: LabelLoan) -> Label | None:
    own = labels_visible_to(principal_of(request)).filter(
        project=row.project, study=row.study, author=row.reader, superseded_by=None
    )
    return own.prefetch_related("marks__instance").first()


def _last_of_mine(request: HttpRequest, row: LabelLoan) -> Label | None:
    """Return what the reader said last of another study, to go back to."""
    own = labels_visible_to(principal_of(request)).filter(
        project=row.project, author=row.reader, superseded_by=None
    )
    return own.exclude(study=row.study).order_by("-created").first()


def _as_said(label: Label | None) -> Sent:
    if label is None:
        return Sent()
    return Sent(label.answer, label.comment, _marks_of(label))


def _marks_of(label: Label) -> list[dict[str, Any]]:
    return [_mark(mark) for mark in label.marks.all()]


def _mark(mark: LabelMark) -> dict[str, Any]:
    series = mark.instance.series_id
    return {
        "kind": mark.kind,
        "answer": mark.answer,
        "sop_instance_uid": mark.instance.sop_instance_uid,
        "frame": mark.frame,
        "points": mark.points,
        "series": reverse("diagnosis:series_images", args=[series]),
    }


def _sent(request: HttpRequest) -> Sent:
    """Return what the form holds.

    Raises:
        InvalidInput: The marks are none that the page's script makes.
    """
    try:
        marks = json.loads(request.POST.get("marks") or "[]")
    except (ValueError, RecursionError):
        marks = None
    if not isinstance(marks, list) or not all(map(_is_mark, marks)):
        told = _("The marks could not be read. Reload the page and draw them again.")
        raise InvalidInput(told, code="marks", fields={"marks": [told]})
    return Sent(request.POST.get("answer", ""), request.POST.get("comment", ""), marks)


def _is_mark(mark: Any) -> bool:
    known = mark if isinstance(mark, dict) else {}
    is_placed = points_in(known.get("points")) is not None
    names = f"{known.get('kind')}{known.get('answer')}{known.get('sop_instance_uid')}"
    return is_placed and is_number(known.get("frame")) and is_text(names)


def _new_label(sent: Sent) -> NewLabel:
    marks = [
        NewMark(
            str(mark.get("kind")),
            str(mark.get("answer")),
            str(mark.get("sop_instance_uid")),
            mark["points"],
            int(mark["frame"]),
        )
        for mark in sent.marks
    ]
    return NewLabel(sent.answer, sent.comment, marks)
