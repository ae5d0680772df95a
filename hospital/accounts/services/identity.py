"""Asking again who it is, before what cannot be undone."""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from hospital.accounts.attempts import forgive_attempts, spend_attempt
from hospital.accounts.models import User
from hospital.core.errors import NotPermitted

ATTEMPTS = 5
WINDOW_S = 300


def confirm_identity(*, user: User, password: str = "", code: str = "") -> str:
    """Return how the person proved who they are: `password` or `totp`.

    Raises:
        NotPermitted: Neither the password nor the code is right.
        TooManyAttempts: It was wrong too often within five minutes.
    """
    spend_attempt("identity", str(user.pk), limit=ATTEMPTS, window_s=WINDOW_S)
    if password and user.is_active and user.check_password(password):
        method = "password"
    elif code and user.is_active and _is_current_code(user, code):
        method = "totp"
    else:
        raise NotPermitted(
            _("That password or code is not right. Nothing was done; try again."),
            code="identity_not_confirmed",
        )
    forgive_attempts("identity", str(user.pk))
    return method


def _is_current_code(user: User, code: str) -> bool:
    factor = Authenticator.objects.filter(
        user=user, type=Authenticator.Type.TOTP
    ).first()
    return bool(factor and factor.wrap().validate_code(code.strip()))
