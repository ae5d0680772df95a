"""What diagnosis adds to a patient's page."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from diagnosis.selectors import studies_visible_to, with_ai_answer
from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page

SHOWN = 20


@roles_required(*STAFF_ROLES)
def patient_studies(request: HttpRequest) -> HttpResponse:
    """Return the fragment with the studies of the patient that the query names.

    The patient's page, which asks for it, has written the opening to the audit.
    """
    try:
        patient_id = UUID(request.GET.get("patient", ""))
    except ValueError as error:
        message = "The query names no patient."
        raise Http404(message) from error
    principal = principal_of(request)
    studies = studies_visible_to(principal).filter(patient=patient_id)
    newest = with_ai_answer(studies, principal).order_by("-study_date", "-created")
    context = {"priors": newest[:SHOWN]}
    return render_page(request, "diagnosis/_patient_studies.html", context)
