"""A private calendar address is made, shown once, and closed."""

import secrets

from django.db import transaction

from hospital.accounts.authentication import token_digest
from hospital.accounts.models import User
from scheduling.models import CalendarFeed

CODE_BYTES = 32


@transaction.atomic
def open_feed(*, user: User) -> str:
    """Return the code of a new address; the one before leads nowhere from now on."""
    code = secrets.token_urlsafe(CODE_BYTES)
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"digest": token_digest(code)}
    )
    return code


@transaction.atomic
def close_feed(*, user: User) -> None:
    """Close one's address; a second time changes nothing."""
    CalendarFeed.objects.filter(user=user).delete()
