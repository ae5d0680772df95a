"""The door where an API client gets its token (RFC 6749, client credentials)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from oauth2_provider.views import RevokeTokenView, TokenView

from hospital.accounts.attempts import spend_attempt

ATTEMPTS = 60
WINDOW_S = 60


@csrf_exempt  # a program without cookies: its secret is in the body or the header
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    _count(request)
    response: HttpResponse = TokenView.as_view()(request)
    return response


@csrf_exempt
@require_POST
def revocation(request: HttpRequest) -> HttpResponse:
    _count(request)
    response: HttpResponse = RevokeTokenView.as_view()(request)
    return response


def _count(request: HttpRequest) -> None:
    """Refuse floods from one address: each secret costs a slow hash to check."""
    address = request.META.get("REMOTE_ADDR", "")
    spend_attempt("oauth", address, limit=ATTEMPTS, window_s=WINDOW_S)
