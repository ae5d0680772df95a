"""People are told something, read it, and in time it is forgotten."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hospital.accounts.models import User
from hospital.accounts.principal import Principal
from hospital.core.registry import registry
from hospital.jobs.events import publish
from hospital.jobs.services import enqueue
from hospital.notices.mail import wants_mail
from hospital.notices.models import Notice
from hospital.notices.selectors import unread_of

READ_KEPT = timedelta(days=90)
UNREAD_KEPT = timedelta(days=365)


@transaction.atomic
def notify(
    users: Iterable[User],
    *,
    kind: str,
    values: Mapping[str, Any] | None = None,  # Any: JSON that the kind's words know
    link: str = "",
    subject_id: UUID | str | None = None,
) -> list[Notice]:
    """Tell people something, and return the notices.

    They are written in the caller's transaction; on commit each person's open pages
    hear of it, and mail goes to who asked for it. Closed accounts are told nothing.

    Args:
        users: Each is told once, however often they are named.
        kind: As it was registered by `add_notice_kind`.
        values: What the kind's words need. Keep patients' data out of it.
        link: A path of this platform.
        subject_id: The row that it is about.

    Raises:
        LookupError: The kind was never registered.
    """
    if kind not in registry.notice_kinds:
        message = f"No app registered the notice kind {kind!r}."
        raise LookupError(message)
    people = {user.pk: user for user in users if user.is_active}
    notices = Notice.objects.bulk_create(
        Notice(
            user=user,
            kind=kind,
            values=dict(values or {}),
            link=link,
            subject_id=str(subject_id or ""),
        )
        for user in people.values()
    )
    for notice in notices:
        _tell(notice, "created")
        if wants_mail(notice.user):
            _queue_mail(notice)
    return notices


def mark_read(*, notice: Notice) -> Notice:
    """Mark a notice as read; a second time changes nothing."""
    now = timezone.now()
    if Notice.objects.filter(pk=notice.pk, read=None).update(read=now, updated=now):
        _tell(notice, "read")
    notice.refresh_from_db()
    return notice


def mark_all_read(*, principal: Principal) -> int:
    """Mark every notice of one's own as read, and return how many were not."""
    now = timezone.now()
    count = unread_of(principal).update(read=now, updated=now)
    if count:
        _publish(principal.user.pk, "read")
    return count


def forget_notices(*, now: datetime) -> int:
    """Delete notices read long ago, and those nobody read in a year."""
    old = Q(read__lt=now - READ_KEPT) | Q(created__lt=now - UNREAD_KEPT)
    count, _rows = Notice.objects.filter(old).delete()
    return count


def _tell(notice: Notice, event: str) -> None:
    transaction.on_commit(partial(_publish, notice.user_id, event))


def _publish(user_id: UUID, event: str) -> None:
    publish(f"notices:{user_id}", event, {})


def _queue_mail(notice: Notice) -> None:
    enqueue(kind="notices.mail", key=str(notice.pk), owner=None, subject_id=notice.pk)
