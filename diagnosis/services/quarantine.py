"""What becomes of a file kept aside because it claims a stored instance's UID."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from diagnosis.models import QuarantinedFile


def resolve_quarantined(file_ids: Iterable[UUID]) -> int:
    """Mark files as looked into and return how many were not yet.

    The stored instance stays what it is, and the other bytes stay where they are: an
    incident is closed, nothing is overwritten.
    """
    waiting = QuarantinedFile.objects.filter(
        id__in=list(file_ids), resolved__isnull=True
    )
    now = timezone.now()
    return waiting.update(resolved=now, updated=now)
