"""The jobs page, one job's own page, and what a person may do with a job."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.principal import principal_of
from hospital.accounts.saved_views import SavedView, views_of
from hospital.core.errors import NotPermitted
from hospital.core.pages import render_page
from hospital.jobs import services
from hospital.jobs.models import Job, JobState
from hospital.jobs.outcomes import pages_of
from hospital.jobs.selectors import jobs_visible_to, may_stop, open_jobs_of

PAGE_SIZE = 30
VIEWS = (
    (gettext_lazy("All"), ""),
    (JobState.RUNNING.label, f"state={JobState.RUNNING}"),
    (JobState.FAILED.label, f"state={JobState.FAILED}"),
)


@require_safe
@login_required
def job_list(request: HttpRequest) -> HttpResponse:
    """Show the jobs one may see, newest first, of one state where asked."""
    principal = principal_of(request)
    jobs = jobs_visible_to(principal).select_related("owner", "department")
    state = request.GET.get("state", "")
    if state in JobState.values:
        jobs = jobs.filter(state=state)
    page = Paginator(jobs.order_by("-created", "id"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "views": _views(request),
        "state": state,
        "states": JobState.choices,
        "base": _base(request),
    }
    return render_page(
        request, "jobs/job_list.html", context, partial="jobs/_job_rows.html"
    )


@require_safe
@login_required
def job_detail(request: HttpRequest, job_id: str) -> HttpResponse:
    job = _visible(request, job_id)
    context = {
        "job": job,
        "may_stop": may_stop(principal_of(request), job),
        "pages": pages_of(job),
        "base": _base(request),
    }
    return render_page(
        request, "jobs/job_detail.html", context, partial="jobs/_job_card.html"
    )


@require_POST
@login_required
def job_cancellation(request: HttpRequest, job_id: str) -> HttpResponse:
    job = services.request_cancellation(job=_stoppable(request, job_id))
    return _after(request, job)


@require_POST
@login_required
def job_retry(request: HttpRequest, job_id: str) -> HttpResponse:
    job = services.retry(job=_stoppable(request, job_id))
    return _after(request, job)


@require_safe
@login_required
def open_count(request: HttpRequest) -> JsonResponse:
    """How many of one's own jobs are under way, for the top bar."""
    return JsonResponse({"count": open_jobs_of(principal_of(request)).count()})


def _visible(request: HttpRequest, job_id: str) -> Job:
    jobs = jobs_visible_to(principal_of(request)).select_related("owner", "department")
    return get_object_or_404(jobs, id=job_id)


def _stoppable(request: HttpRequest, job_id: str) -> Job:
    job = _visible(request, job_id)
    if not may_stop(principal_of(request), job):
        raise NotPermitted(_("This job is not yours to stop."), code="job_not_yours")
    return job


def _after(request: HttpRequest, job: Job) -> HttpResponse:
    if getattr(request, "htmx", None):
        context = {"job": job, "may_stop": True, "pages": pages_of(job)}
        return render_page(request, "jobs/_job_card.html", context)
    return redirect("jobs:job", job_id=job.id)


def _views(request: HttpRequest) -> list[SavedView]:
    """Return the views of the list, which are for staff; patients have few jobs."""
    staff = principal_of(request).user.is_hospital_staff
    return views_of(request, "jobs", built_in=VIEWS) if staff else []


def _base(request: HttpRequest) -> str:
    staff = principal_of(request).user.is_hospital_staff
    return "base_staff.html" if staff else "base_patient.html"
