"""Who asks for a conversation: an account, a stranger's secret, or both at once.

A stranger's browser keeps one signed random secret in a cookie that no script reads; a
program sends it as a bearer token. What is forged is known without asking the database.
"""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from hospital.accounts.authentication import bearer_token
from hospital.accounts.principal import Principal, principal_of

COOKIE = "anji_conversations"
PREFIX = "talk."  # tells a stranger's secret from an account's token
SALT = "consult.conversations"


@dataclass(frozen=True, slots=True)
class Asker:
    """The one who asks.

    Attributes:
        principal: The account; None for a stranger.
        key_digest: Digest of the secret that came along; empty without one.
    """

    principal: Principal | None
    key_digest: str = ""

    @property
    def is_nobody(self) -> bool:
        """Whether nothing can be theirs."""
        return self.principal is None and not self.key_digest


def new_secret() -> str:
    """Return a secret that opens the conversations begun with it."""
    return Signer(salt=SALT).sign(PREFIX + secrets.token_urlsafe(32))


def digest_of_secret(secret: str) -> str:
    """Return what is kept of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_in(request: HttpRequest | Request) -> str:
    """Return the secret that a request carries; empty when none or a forged one."""
    sent = bearer_token(request) or request.COOKIES.get(COOKIE, "")
    if not sent.startswith(PREFIX):
        return ""
    try:
        Signer(salt=SALT).unsign(sent)
    except BadSignature:
        return ""
    return sent


def asker_of(request: HttpRequest | Request) -> Asker:
    """Return who asks, signed in or not."""
    secret = secret_in(request)
    is_known = request.user.is_authenticated
    return Asker(
        principal=principal_of(request) if is_known else None,
        key_digest=digest_of_secret(secret) if secret else "",
    )


def keep_secret(response: HttpResponse, secret: str) -> None:
    """Have the browser keep the secret until it is closed."""
    response.set_cookie(
        COOKIE,
        secret,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
