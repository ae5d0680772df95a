"""One's own account: who I am here, what guards it, what I like."""

import json

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.preferences import keep_preference
from hospital.accounts.principal import principal_of
from hospital.accounts.selectors import api_tokens_visible_to, departments_visible_to
from hospital.core.errors import InvalidInput
from hospital.core.pages import render_page

NAMES = frozenset({"shortcuts"})


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    principal = principal_of(request)
    context = {
        "departments": departments_visible_to(principal),
        "has_second_factor": is_mfa_enabled(principal.user),
        "token_count": api_tokens_visible_to(principal)
        .filter(revoked__isnull=True)
        .count(),
    }
    return render_page(request, "accounts/profile.html", context)


@require_POST
@login_required
def preference(request: HttpRequest, name: str) -> HttpResponse:
    """Keep one preference of the person, such as their shortcuts."""
    try:
        value = json.loads(request.POST.get("value", ""))
    except (ValueError, RecursionError):
        value = None
    if name not in NAMES or not isinstance(value, dict):
        raise InvalidInput(
            _("That cannot be kept as a preference."), code="bad_preference"
        )
    keep_preference(user=principal_of(request).user, name=name, value=value)
    return HttpResponse(status=204)
