"""One-time links: invitations and password resets that also work without mail."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hospital.accounts.authentication import token_digest
from hospital.accounts.models import LinkPurpose, OneTimeLink, User
from hospital.accounts.ties import tie_account
from hospital.core.errors import DomainError, InvalidInput

LINK_BYTES = 24
LASTS = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PASSWORD_RESET: timedelta(hours=24),
    LinkPurpose.RECORD: timedelta(days=7),
}


class LinkGone(DomainError):
    """The link was used, has ended or never was."""

    status = 410


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made; `code` is its secret, to be shown once."""

    row: OneTimeLink
    code: str

    @property
    def path(self) -> str:
        return f"/accounts/link/{self.code}/"


@transaction.atomic
def make_link(
    *,
    purpose: LinkPurpose,
    user: User | None = None,
    patient_id: UUID | None = None,
    made_by: User | None = None,
) -> NewLink:
    """Return a new link; earlier ones for the same account and purpose end now."""
    now = timezone.now()
    if user is not None:
        _open_links(user).filter(purpose=purpose).update(expires=now)
    code = secrets.token_urlsafe(LINK_BYTES)
    row = OneTimeLink.objects.create(
        purpose=purpose,
        user=user,
        patient_id=patient_id,
        made_by=made_by,
        digest=token_digest(code),
        expires=now + LASTS[purpose],
    )
    return NewLink(row, code)


def end_links(user: User) -> None:
    """End every link that would still open the account: its password is new."""
    _open_links(user).update(expires=timezone.now())


def link_of(code: str) -> OneTimeLink:
    """Return the link that still works under this code.

    Raises:
        LinkGone: There is none.
    """
    return _find(OneTimeLink.objects.select_related("user"), code)


@transaction.atomic
def use_link_for_password(*, code: str, password: str) -> User:
    """Set the password of the link's account; an invitation also ties its record.

    The account's other links end with it.

    Raises:
        LinkGone: The link no longer works.
        InvalidInput: The password is too weak.
    """
    link = _find(OneTimeLink.objects.select_for_update(of=("self",)), code)
    user = link.user
    if user is None:
        raise _gone()
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise InvalidInput(
            _("Choose a better password."),
            code="weak_password",
            fields={"password": weak.messages},
        ) from weak
    user.set_password(password)
    user.save(update_fields=["password"])
    if link.patient_id:
        tie_account(user=user, patient_id=link.patient_id)
    _close(link)
    end_links(user)
    return user


@transaction.atomic
def use_link_for_record(*, code: str, user: User) -> None:
    """Tie a signed-in patient's account to the record that the code is for.

    Raises:
        LinkGone: The code no longer works.
        Conflict: The record or the account is tied already.
    """
    link = _find(OneTimeLink.objects.select_for_update(of=("self",)), code)
    if link.purpose != LinkPurpose.RECORD or link.patient_id is None:
        raise _gone()
    tie_account(user=user, patient_id=link.patient_id)
    _close(link)


def _open_links(user: User) -> QuerySet[OneTimeLink]:
    return OneTimeLink.objects.filter(
        user=user, used__isnull=True, expires__gt=timezone.now()
    )


def _find(links: QuerySet[OneTimeLink], code: str) -> OneTimeLink:
    link = links.filter(
        digest=token_digest(code), used__isnull=True, expires__gt=timezone.now()
    ).first()
    if link is None or (link.user is not None and not link.user.is_active):
        raise _gone()
    return link


def _close(link: OneTimeLink) -> None:
    link.used = timezone.now()
    link.save(update_fields=["used", "updated"])


def _gone() -> LinkGone:
    return LinkGone(
        _(
            "This link was used already or has ended. Ask an administrator for a new one."
        ),
        code="link_gone",
    )
