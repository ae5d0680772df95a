"""Who signs is who they say, a moment ago: the password or a second factor again."""

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.request import Request

from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError, NotPermitted

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def confirm_identity(
    request: HttpRequest | Request, *, password: str = "", code: str = ""
) -> None:
    """Refuse unless the password or the code is the asking person's own.

    Raises:
        NotPermitted: It is not, or neither was given.
        DomainError: Too many attempts (429).
    """
    user = principal_of(request).user
    plain = request._request if isinstance(request, Request) else request  # noqa: SLF001
    if not ratelimit.consume(plain, action="reauthenticate", user=user):
        raise DomainError(
            _("Too many attempts. Wait a minute, then try again."),
            code="too_many_attempts",
            status=429,
        )
    if password and user.check_password(password):
        return
    factors = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)
    if code and any(factor.wrap().validate_code(code) for factor in factors):
        return
    raise NotPermitted(
        _("That was not your password or code. Nothing was signed; try again."),
        code="not_confirmed",
    )
