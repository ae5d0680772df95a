"""The report beside the images: written, signed, amended, printed."""

from collections.abc import Callable
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diagnosis.forms import (
    AddendumForm,
    ReportForm,
    SignatureForm,
)
from diagnosis.models import Report, Study
from diagnosis.paper import ReportPaper, report_pdf
from diagnosis.selectors import (
    ai_assistance,
    critical_results_visible_to,
    late_images,
    reports_visible_to,
    studies_visible_to,
)
from diagnosis.services.critical import acknowledge_critical, raise_critical
from diagnosis.services.draft import draft_for
from diagnosis.services.reader import require_reader
from diagnosis.services.report import (
    ReportText,
    StaleReport,
    add_addendum,
    save_report,
    sign_report,
)
from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import principal_of
from hospital.accounts.services.identity import confirm_identity
from hospital.audit.services import record_access, record_reading
from hospital.core.errors import Conflict, DomainError, InvalidInput
from hospital.core.pages import render_page


@roles_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Show the report; take a save from a browser without scripts."""
    study = _visible_study(request, study_id)
    if request.method == "POST":
        return _attempt(request, study, ReportForm, _save)
    record_access(request, action="read", record=study, patient_id=study.patient_id)
    return _report_page(request, study)


@roles_required(*STAFF_ROLES)
@require_POST
def signature(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = _visible_study(request, study_id)
    return _attempt(request, study, SignatureForm, _sign)


@roles_required(*STAFF_ROLES)
@require_POST
def addenda(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = _visible_study(request, study_id)
    return _attempt(request, study, AddendumForm, _add)


@roles_required(*STAFF_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def critical_results(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Show the study's critical results; raise one."""
    study = _visible_study(request, study_id)
    if request.method != "POST":
        record_reading(request, record=study, patient_id=study.patient_id)
        return _critical_part(request, study)
    reason = request.POST.get("reason", "")
    reader = principal_of(request).user
    try:
        raise_critical(study=study, reader=reader, reason=reason)
    except InvalidInput as error:
        return _critical_part(request, study, error=error)
    return _critical_part(request, study)


@roles_required(*STAFF_ROLES)
@require_POST
def acknowledgement(request: HttpRequest, critical_id: UUID) -> HttpResponse:
    visible = critical_results_visible_to(principal_of(request))
    critical = get_object_or_404(visible, id=critical_id)
    study = _visible_study(request, critical.study_id)
    note = request.POST.get("note", "")
    reader = principal_of(request).user
    try:
        acknowledge_critical(critical=critical, reader=reader, note=note)
    except (InvalidInput, Conflict) as error:
        return _critical_part(request, study, error=error)
    return _critical_part(request, study)


@roles_required(*STAFF_ROLES)
@require_GET
def report_print(request: HttpRequest, study_id: UUID) -> HttpResponse:
    context = {"paper": _paper(request, study_id)}
    return render_page(request, "diagnosis/report_print.html", context)


@roles_required(*STAFF_ROLES)
@require_GET
def report_file(request: HttpRequest, study_id: UUID) -> HttpResponse:
    paper = _paper(request, study_id)
    name = slugify(paper.accession_number) or str(study_id)
    return HttpResponse(
        report_pdf(paper),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="report-{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


def _visible_study(request: HttpRequest, study_id: UUID) -> Study:
    visible = studies_visible_to(principal_of(request))
    studies = visible.select_related("patient", "department", "reader")
    return get_object_or_404(studies, id=study_id)


def _visible_report(request: HttpRequest, study: Study) -> Report | None:
    reports = reports_visible_to(principal_of(request)).filter(study=study)
    people = reports.select_related("edited_by", "signed_by")
    return people.prefetch_related("addenda__signed_by").first()


def _attempt(
    request: HttpRequest,
    study: Study,
    form_class: type[Form],
    act: Callable[[HttpRequest, Study, Form], object],
) -> HttpResponse:
    """Do what a form asks; on refusal show the page again with all that was typed."""
    require_reader(
        principal_of(request).user,
        study,
        refusal=_("Only a clinician may write and sign reports."),
    )
    form = form_class(request.POST)
    try:
        if not form.is_valid():
            raise InvalidInput(_("Some fields could not be taken."), code="invalid")
        act(request, study, form)
    except DomainError as error:
        return _report_page(request, study, form=form, error=error)
    if getattr(request, "htmx", False):
        return _report_page(request, _visible_study(request, study.id))
    return redirect("diagnosis:study", study.id)


def _save(request: HttpRequest, study: Study, form: Form) -> None:
    data = dict(form.cleaned_data)
    version = data.pop("version")
    author = principal_of(request).user
    save_report(
        study=study, author=author, text=ReportText(**data), expected_version=version
    )


def _sign(request: HttpRequest, study: Study, form: Form) -> None:
    data = dict(form.cleaned_data)
    version = data.pop("version")
    confirm_identity(user=principal_of(request).user, **data)
    sign_report(
        study=study, signer=principal_of(request).user, expected_version=version
    )


def _add(request: HttpRequest, study: Study, form: Form) -> None:
    data = dict(form.cleaned_data)
    text = data.pop("text")
    confirm_identity(user=principal_of(request).user, **data)
    add_addendum(study=study, signer=principal_of(request).user, text=text)


def _report_page(
    request: HttpRequest,
    study: Study,
    *,
    form: Form | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    report = _visible_report(request, study)
    shown = report or draft_for(study)
    texts = {
        "version": report.version if report else 0,
        "technique": shown.technique,
        "findings": shown.findings,
        "impression": shown.impression,
    }
    forms = {
        ReportForm: ReportForm(initial=texts, auto_id="report_%s"),
        SignatureForm: SignatureForm(initial=texts, auto_id="sign_%s"),
        AddendumForm: AddendumForm(auto_id="addendum_%s"),
    }
    if form is not None:
        form.auto_id = forms[type(form)].auto_id
        forms[type(form)] = form
    context = {
        "study": study,
        "patient": study.patient,
        "report": report,
        "late_images": late_images(study),
        "draft": shown,
        "error": error,
        "newer": error.newer if isinstance(error, StaleReport) else None,
        "may_report": principal_of(request).role == Role.CLINICIAN,
        "report_form": forms[ReportForm],
        "signature_form": forms[SignatureForm],
        "addendum_form": forms[AddendumForm],
        **_critical_context(request, study),
    }
    return render_page(
        request,
        "diagnosis/report_detail.html",
        context,
        partial="diagnosis/_report.html",
        status=error.status if error else 200,
    )


def _critical_part(
    request: HttpRequest, study: Study, *, error: DomainError | None = None
) -> HttpResponse:
    """Answer with the critical results alone, or lead back to the report."""
    if not getattr(request, "htmx", False):
        if error is None:
            return redirect("diagnosis:report", study.id)
        return _report_page(request, study, error=error)
    context = {"study": study, "error": error, **_critical_context(request, study)}
    return render_page(
        request,
        "diagnosis/_critical_results.html",
        context,
        status=error.status if error else 200,
    )


def _critical_context(request: HttpRequest, study: Study) -> dict[str, object]:
    rows = critical_results_visible_to(principal_of(request)).filter(study=study)
    return {
        "critical_results": rows.select_related("raised_by", "acknowledged_by"),
        "may_report": principal_of(request).role == Role.CLINICIAN,
    }


def _paper(request: HttpRequest, study_id: UUID) -> ReportPaper:
    """Return the report as it goes onto paper; a draft says so on every page."""
    study = _visible_study(request, study_id)
    report = _visible_report(request, study)
    if report is None:
        raise Http404
    record_access(request, action="print", record=report, patient_id=study.patient_id)
    assistance = report.assistance if report.is_signed else ai_assistance(study)
    url = request.build_absolute_uri(reverse("diagnosis:study", args=[study.id]))
    return ReportPaper.of(study, report, assistance=assistance, url=url)
