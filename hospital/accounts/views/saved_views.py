"""A person keeps what a list shows now under a name, or forgets a name."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.accounts.principal import principal_of
from hospital.accounts.saved_views import (
    EVERYTHING,
    LISTS,
    clean_query,
    forget_view,
    keep_view,
)
from hospital.core.errors import InvalidInput


@require_POST
@roles_required(*STAFF_ROLES)
def saved_views(request: HttpRequest, list_name: str) -> HttpResponse:
    """Keep or forget a view of a list, and lead back to what the list showed."""
    if list_name not in LISTS:
        raise Http404
    user = principal_of(request).user
    name = request.POST.get("name", "").strip()
    query = clean_query(request.POST.get("query", ""))
    if request.POST.get("action") == "forget":
        forget_view(user=user, of=list_name, name=name)
    else:
        try:
            keep_view(user=user, of=list_name, name=name, query=query)
        except InvalidInput as refused:
            messages.error(request, str(refused.message))
    return redirect(f"{reverse(LISTS[list_name])}?{query or EVERYTHING}")
