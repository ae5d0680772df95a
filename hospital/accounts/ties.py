"""How an account is tied to a patient's record, a floor above.

The records room tells in its `AppConfig.ready` which functions do it; accounts know
them by dotted path only. Names never tie anything: two people share one easily.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from hospital.core.errors import InvalidInput

if TYPE_CHECKING:
    from hospital.accounts.models import User  # apps load before models do


@dataclass(slots=True)
class RecordTies:
    """Dotted paths of `tie(*, user, patient_id)` and `find(*, number, birth_date)`."""

    tie: str = ""
    find: str = ""


ties = RecordTies()


def register_record_ties(*, tie: str, find: str) -> None:
    ties.tie, ties.find = tie, find


def tie_account(*, user: "User", patient_id: UUID) -> None:
    """Tie a patient's account to their record, in the caller's transaction.

    Raises:
        DomainError: The record or the account is tied already, or is not a patient's.
    """
    import_string(ties.tie)(user=user, patient_id=patient_id)


def patient_by_identifiers(*, number: str, birth_date: date) -> UUID:
    """Return the patient whom both the hospital number and the birth date name.

    Raises:
        InvalidInput: They do not name one patient together.
    """
    found: UUID | None = import_string(ties.find)(number=number, birth_date=birth_date)
    if found is None:
        raise InvalidInput(
            _("No patient has that number and that birth date together."),
            code="no_such_patient",
        )
    return found
