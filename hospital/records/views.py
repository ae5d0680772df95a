"""The patients of one's departments, and a patient's own page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import principal_of
from hospital.accounts.saved_views import views_of
from hospital.audit.services import record_access, record_list
from hospital.core.pages import render_page
from hospital.core.phones import phone_numbers
from hospital.core.registry import registry
from hospital.records.models import Patient
from hospital.records.selectors import (
    diagnostic_reports_visible_to,
    encounters_visible_to,
    observations_visible_to,
    patients_matching,
    patients_visible_to,
)

PAGE_SIZE = 50
ORDERINGS = {"-created", "created", "birth_date", "-birth_date"}
VIEWS = ((_("All"), ""),)


@require_safe
@roles_required(*STAFF_ROLES)
def patient_list(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("search", "").strip()
    ordering = request.GET.get("ordering", "-created")
    patients = patients_visible_to(principal_of(request))
    if search:
        patients = patients_matching(patients, search)
    patients = patients.order_by(
        ordering if ordering in ORDERINGS else "-created", "id"
    )
    page = Paginator(patients, PAGE_SIZE).get_page(request.GET.get("page"))
    record_list(request, model=Patient, rows=len(page.object_list))
    context = {
        "page": page,
        "search": search,
        "ordering": ordering,
        "views": views_of(request, "patients", built_in=VIEWS),
    }
    return render_page(
        request,
        "records/patient_list.html",
        context,
        partial="records/_patient_rows.html",
    )


@require_safe
@roles_required(*STAFF_ROLES)
def patient_detail(request: HttpRequest, patient_id: str) -> HttpResponse:
    principal = principal_of(request)
    patient = get_object_or_404(patients_visible_to(principal), id=patient_id)
    record_access(request, action="read", record=patient, patient_id=patient.id)
    context = {
        "patient": patient,
        "encounters": encounters_visible_to(principal)
        .filter(patient=patient)
        .select_related("department")[:20],
        "observations": observations_visible_to(principal).filter(patient=patient)[:20],
        "reports": diagnostic_reports_visible_to(principal).filter(patient=patient)[
            :20
        ],
        "panels": registry.patient_panels_for(principal.role),
    }
    return render_page(request, "records/patient_detail.html", context)


@require_safe
@roles_required(Role.PATIENT)
def my_record(request: HttpRequest) -> HttpResponse:
    """Show a patient what has been signed about them, in plain words."""
    principal = principal_of(request)
    reports = diagnostic_reports_visible_to(principal).select_related("department")
    patient = patients_visible_to(principal).first()
    if patient:
        record_access(request, action="read", record=patient, patient_id=patient.id)
    context = {
        "patient": patient,
        "reports": reports,
        "emergency_number": phone_numbers().get("emergency"),
    }
    return render_page(request, "records/my_record.html", context)


@require_safe
@roles_required(Role.PATIENT)
def my_report(request: HttpRequest, report_id: str) -> HttpResponse:
    reports = diagnostic_reports_visible_to(principal_of(request))
    report = get_object_or_404(reports.select_related("signed_by"), id=report_id)
    record_access(request, action="read", record=report, patient_id=report.patient_id)
    return render_page(request, "records/my_report.html", {"report": report})
