"""The study page: its images, what the model said of them, and the reading."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from diagnosis.files import open_stored
from diagnosis.models import Study, VerdictKind
from diagnosis.selectors import (
    findings_visible_to,
    first_instance,
    late_images,
    latest_findings,
    priors_of,
    series_visible_to,
    studies_visible_to,
)
from diagnosis.services.verdict import judge_finding
from diagnosis.viewing import viewed_images
from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import principal_of
from hospital.audit.services import record_access, record_reading
from hospital.core.pages import render_page


@require_safe
@roles_required(*STAFF_ROLES)
def study_detail(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = _visible_study(request, study_id)
    record_access(request, action="read", record=study, patient_id=study.patient_id)
    series_list = [series for series in study.series.all() if series.instance_count]
    wanted = request.GET.get("series")
    chosen = [series for series in series_list if str(series.id) == wanted]
    findings = latest_findings(study)
    read = [f.series for f in findings if f.series in series_list]
    series = next(iter([*chosen, *read, *series_list]), None)
    context = {
        "study": study,
        "patient": study.patient,
        "series_list": series_list,
        "current_series": series,
        "first_instance": first_instance(series, findings) if series else None,
        "findings": findings,
        "late_images": late_images(study),
        "priors": priors_of(study, principal_of(request))[:10],
        "verdict_kinds": VerdictKind,
        "may_judge": principal_of(request).role == Role.CLINICIAN,
    }
    return render_page(request, "diagnosis/study_detail.html", context)


@require_safe
@roles_required(*STAFF_ROLES)
def study_findings(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Return the findings alone, for the page that is open while they change."""
    return _findings_part(request, study_id)


def _findings_part(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = _visible_study(request, study_id)
    record_reading(request, record=study, patient_id=study.patient_id)
    context = {
        "study": study,
        "findings": latest_findings(study),
        "may_judge": principal_of(request).role == Role.CLINICIAN,
    }
    return render_page(request, "diagnosis/_findings.html", context)


@require_safe
@roles_required(*STAFF_ROLES)
def series_images(request: HttpRequest, series_id: UUID) -> JsonResponse:
    """Return a series' frames in order, as the viewer needs them."""
    visible = series_visible_to(principal_of(request)).select_related("study")
    series = get_object_or_404(visible, id=series_id)
    study = series.study
    record_reading(request, record=study, patient_id=study.patient_id)
    images = viewed_images(
        series.instances.filter(frames__gt=0),
        study_uid=study.study_instance_uid,
        series_uid=series.series_instance_uid,
    )
    return JsonResponse({"series": str(series.id), "images": images})


@require_safe
@roles_required(*STAFF_ROLES)
def saliency(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Return the picture of where the model looked, to lay over its key image."""
    visible = findings_visible_to(principal_of(request)).exclude(saliency_digest="")
    finding = get_object_or_404(visible.select_related("study"), id=finding_id)
    study = finding.study
    record_reading(request, record=study, patient_id=study.patient_id)
    with open_stored(finding.saliency_digest) as file:
        response = HttpResponse(file.read(), content_type="image/png")
    response["Cache-Control"] = "private, no-cache"  # asked again who asks
    response["ETag"] = f'"{finding.saliency_digest}"'
    return response


def _visible_study(request: HttpRequest, study_id: UUID) -> Study:
    visible = studies_visible_to(principal_of(request))
    studies = visible.select_related("patient", "reader", "department")
    return get_object_or_404(
        studies.prefetch_related("series", "patient__names", "patient__identifiers"),
        id=study_id,
    )


@roles_required(Role.CLINICIAN)
@require_POST
def verdict(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Take a clinician's verdict; answer with the findings, or with the study's page."""
    visible = findings_visible_to(principal_of(request))
    finding = get_object_or_404(visible.select_related("study"), id=finding_id)
    correction = request.POST.get("correction", "")
    judge_finding(
        finding=finding,
        reader=principal_of(request).user,
        verdict="corrected" if correction else request.POST.get("verdict", ""),
        label=correction,
        comment=request.POST.get("comment", ""),
    )
    if getattr(request, "htmx", False):
        return _findings_part(request, finding.study_id)
    return redirect("diagnosis:study", finding.study_id)
