"""Asking again who it is, before what cannot be undone."""

import hashlib

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa
from allauth.mfa.models import Authenticator
from django.core.cache import cache
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
    if factor is None or not factor.wrap().validate_code(code.strip()):
        return False
    return _is_first_use(user, code)


def _is_first_use(user: User, code: str) -> bool:
    """Spend a code for as long as a telephone's clock may still show it (RFC 6238)."""
    plain = normalize_user_code(code.strip())
    key = f"totp:{user.pk}:{hashlib.sha256(plain.encode()).hexdigest()}"
    steps = 2 * mfa.TOTP_TOLERANCE + 1
    return bool(cache.add(key, 1, timeout=steps * mfa.TOTP_PERIOD))
