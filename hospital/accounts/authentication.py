"""Who sends a request: a bearer token, or the browser's session.

Tokens travel in the Authorization header alone, never in a URL that logs would keep.
"""

import hashlib
from datetime import timedelta

import pghistory
import structlog
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from oauth2_provider.models import AccessToken
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from hospital.accounts.models import ApiToken, Role, User
from hospital.accounts.principal import Principal, principal_for, principal_of

REALM = 'Bearer realm="Anji"'
LAST_USED_EVERY = timedelta(minutes=1)


def token_digest(token: str) -> str:
    """Return what is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer_token(request: HttpRequest) -> str | None:
    """Return the token of the Authorization header; None when it carries none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def principal_of_token(token: str) -> Principal | None:
    """Return whom a token speaks for; None when it opens nothing."""
    digest = token_digest(token)
    own = ApiToken.objects.select_related("user").filter(digest=digest).first()
    if own is not None:
        return _principal_of_api_token(own)
    granted = (
        AccessToken.objects.select_related(
            "application__user", "application__api_client"
        )
        .filter(token_checksum=digest)
        .first()
    )
    return _principal_of_client(granted) if granted else None


def principal_or_none(request: HttpRequest) -> Principal | None:
    """Return who sends a request that is not REST, such as an event stream."""
    token = bearer_token(request)
    if token is not None:
        principal = principal_of_token(token)
        if principal:
            _remember(request, principal)
        return principal
    return principal_of(request) if isinstance(request.user, User) else None


class BearerAuthentication(authentication.BaseAuthentication):
    """A token of one's own, or one that the OAuth endpoint gave to an API client."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        token = bearer_token(request)
        if token is None:
            return None
        principal = principal_of_token(token)
        if principal is None:
            message = _("The token is unknown, expired or revoked.")
            raise exceptions.AuthenticationFailed(message)
        _remember(request._request, principal)  # noqa: SLF001 (pages share the request)
        return principal.user, principal.client_id or "token"

    def authenticate_header(self, request: Request) -> str:
        return REALM


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; every unsafe method needs the CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        return REALM


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the OpenAPI schema of the Authorization header."""

    target_class = "hospital.accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the OpenAPI schema of the session cookie."""

    target_class = "hospital.accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def _principal_of_api_token(token: ApiToken) -> Principal | None:
    if not token.is_valid:
        return None
    now = timezone.now()
    if token.last_used is None or now - token.last_used > LAST_USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used=now)
    return principal_for(
        token.user, scopes=frozenset(token.scopes), client_id=f"token:{token.id}"
    )


def _principal_of_client(token: AccessToken) -> Principal | None:
    """Return the integrator behind a client; a client bound to nobody opens nothing.

    What was taken from the client since is taken from its older tokens, too.
    """
    user = getattr(token.application, "user", None)
    client = getattr(token.application, "api_client", None)
    if token.is_expired() or client is None or user is None or not user.is_active:
        return None
    if user.role != Role.INTEGRATOR:
        return None
    scopes = frozenset(token.scope.split()) & frozenset(client.scopes)
    return principal_for(user, scopes=scopes, client_id=token.application.client_id)


def _remember(request: HttpRequest, principal: Principal) -> None:
    request.principal = principal  # type: ignore[attr-defined]  # kept for this request
    pghistory.context(user=str(principal.user.pk), client=principal.client_id)
    structlog.contextvars.bind_contextvars(
        user_id=str(principal.user.pk), client_id=principal.client_id
    )
