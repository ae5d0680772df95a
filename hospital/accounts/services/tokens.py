"""Tokens for programs: made, shown once, revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import Application

from hospital.accounts.authentication import token_digest
from hospital.accounts.models import ApiClient, ApiToken, Role, User
from hospital.accounts.scopes import unknown_scopes
from hospital.core.errors import InvalidInput

PREFIX = "anji_"  # so that a scanner for leaked secrets knows one when it sees one
TOKEN_BYTES = 32
MAX_TOKENS = 50


def create_api_token(
    *,
    user: User,
    name: str,
    scopes: Iterable[str],
    expires: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Return a new token's row and its text, which is never to be read again.

    Raises:
        InvalidInput: A scope is unknown, the end has passed, or there are too many.
    """
    _require_known(scopes)
    if expires is not None and expires <= timezone.now():
        raise InvalidInput(
            _("The token would have ended already."),
            code="token_ended",
            fields={"expires": [str(_("Choose a time to come."))]},
        )
    if user.api_tokens.filter(revoked__isnull=True).count() >= MAX_TOKENS:
        raise InvalidInput(
            _("You have many tokens already. Revoke one that you no longer use."),
            code="too_many_tokens",
        )
    text = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=sorted(set(scopes)),
        expires=expires,
        digest=token_digest(text),
    )
    return token, text


def revoke_api_token(token: ApiToken) -> None:
    """Close a token for good; a second time changes nothing."""
    now = timezone.now()
    ApiToken.objects.filter(pk=token.pk, revoked__isnull=True).update(revoked=now)


@transaction.atomic
def create_api_client(
    *, integrator: User, name: str, scopes: Iterable[str]
) -> tuple[ApiClient, str]:
    """Return a new OAuth client of an integrator, and its secret, shown once.

    Raises:
        InvalidInput: A scope is unknown, or the account is no integrator's.
    """
    _require_known(scopes)
    if integrator.role != Role.INTEGRATOR:
        raise InvalidInput(
            _("An API client acts for an integrator's account."),
            code="not_an_integrator",
        )
    secret = generate_client_secret()
    application = Application.objects.create(
        name=name,
        user=integrator,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    client = ApiClient.objects.create(
        application=application, scopes=sorted(set(scopes))
    )
    return client, secret


def _require_known(scopes: Iterable[str]) -> None:
    unknown = unknown_scopes(scopes)
    if unknown:
        raise InvalidInput(
            _("There is no scope %(scopes)s.") % {"scopes": ", ".join(sorted(unknown))},
            code="unknown_scope",
        )
