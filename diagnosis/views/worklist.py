"""The worklist: what to read next, and why. Its state is its address."""

from django.core.paginator import Paginator
from django.db.models import F, OrderBy, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from diagnosis.forms import WorklistFilter
from diagnosis.models import Study
from diagnosis.selectors import modalities_of, studies_visible_to, with_ai_answer
from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Department
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.saved_views import views_of
from hospital.audit.services import record_list
from hospital.core.pages import render_page

PAGE_SIZE = 25
DEFAULT_ORDERING = "-rank"
ORDERINGS = {
    "patient": "patient_name",
    "study": "study_date",
    "modality": "modality",
    "priority": "priority",
    "finding": "ai_probability",
    "rank": "rank",
    "age": "created",
    "reader": "reader__username",
    "status": "status",
}
VIEWS = (
    (_("To be read"), "status=open"),
    (_("Urgent"), "status=open&priority=stat"),
    (_("Mine"), "status=open&reader=me"),
    (_("Signed"), "status=signed&ordering=-age"),
    (_("All"), "status="),
)


@require_safe
@roles_required(*STAFF_ROLES)
def worklist(request: HttpRequest) -> HttpResponse:
    principal = principal_of(request)
    if not request.GET:
        return redirect(f"{reverse('diagnosis:worklist')}?{VIEWS[0][1]}")
    visible = studies_visible_to(principal)
    filters = WorklistFilter(request.GET, modalities=modalities_of(visible))
    studies = filters.narrow(with_ai_answer(visible, principal), principal)
    ordering = request.GET.get("ordering") or DEFAULT_ORDERING
    page = Paginator(_ordered(studies, ordering), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    record_list(request, model=Study, rows=len(page.object_list))
    context = {
        "page": page,
        "filters": filters,
        "ordering": ordering,
        "views": views_of(request, "worklist", built_in=VIEWS),
        "topics": _topics(principal),
    }
    return render_page(
        request,
        "diagnosis/study_list.html",
        context,
        partial="diagnosis/_study_rows.html",
    )


@require_safe
@roles_required(*STAFF_ROLES)
def series_tiles(request: HttpRequest, study_id: str) -> HttpResponse:
    """Return the series of one study, for the row that opens under it."""
    visible = studies_visible_to(principal_of(request))
    study = get_object_or_404(visible, id=study_id)
    context = {"study": study, "series_list": study.series.all()}
    return render_page(request, "diagnosis/_series_tiles.html", context)


def _ordered(studies: QuerySet[Study], ordering: str) -> QuerySet[Study]:
    column = ORDERINGS.get(ordering.removeprefix("-"), "rank")
    order = OrderBy(F(column), descending=ordering.startswith("-"), nulls_last=True)
    return studies.order_by(order, "created", "id")


def _topics(principal: Principal) -> str:
    departments = principal.department_ids
    if principal.sees_every_department:
        departments = frozenset(Department.objects.values_list("id", flat=True))
    return ",".join(sorted(f"studies:{department}" for department in departments))
