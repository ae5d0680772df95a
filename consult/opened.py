"""Reading somebody's conversation leaves a row in the audit."""

from django.http import HttpRequest
from rest_framework.request import Request

from consult.models import Conversation
from hospital.accounts.principal import Principal, principal_of
from hospital.audit.services import record_reading


def note_opening(source: HttpRequest | Request | Principal, row: Conversation) -> None:
    """Write down that an account reads a conversation that is not its own."""
    if isinstance(source, Principal):
        reader = source
    elif source.user.is_authenticated:
        reader = principal_of(source)
    else:
        return
    if row.owner_id != reader.user.pk:
        record_reading(source, record=row, patient_id=row.patient_id)
