"""The page where studies come in; the files themselves go to the REST door."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from diagnosis.models import Priority
from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.core.pages import render_page


@require_safe
@roles_required(*STAFF_ROLES)
def upload(request: HttpRequest) -> HttpResponse:
    context = {
        "priorities": Priority.choices,
        "max_files": settings.UPLOAD_MAX_FILES,
        "max_gigabytes": settings.UPLOAD_MAX_BYTES / 1024**3,
    }
    return render_page(request, "diagnosis/upload.html", context)
