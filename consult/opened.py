"""Reading somebody's conversation leaves a row in the audit."""

from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request

from consult.models import Conversation
from hospital.accounts.principal import principal_of
from hospital.audit.services import record_access

ONE_READING_S = 300  # a page that keeps itself fresh is still one reading


def note_opening(request: HttpRequest | Request, row: Conversation) -> None:
    """Write down that an account reads a conversation that is not its own."""
    if not request.user.is_authenticated:
        return
    user = principal_of(request).user
    if row.owner_id == user.pk:
        return
    if cache.add(f"conversation-read:{user.pk}:{row.pk}", 1, timeout=ONE_READING_S):
        record_access(request, action="read", record=row, patient_id=row.patient_id)
