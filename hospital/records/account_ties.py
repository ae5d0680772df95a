"""Ties a patient's account to their record; accounts call it by its dotted path."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict
from hospital.records.models import HOSPITAL_NUMBER, Patient


def tie_account(*, user: User, patient_id: UUID) -> None:
    """Tie the account to the record, where neither is tied to another.

    Raises:
        Conflict: One of the two is tied already, or the account is no patient's.
    """
    if user.role != Role.PATIENT:
        raise Conflict(
            _("Only a patient's account is tied to a record."),
            code="not_a_patient_account",
        )
    try:
        with transaction.atomic():
            tied = Patient.objects.filter(pk=patient_id, user__isnull=True).update(
                user=user
            )
    except IntegrityError:
        tied = 0
    if not tied and not Patient.objects.filter(pk=patient_id, user=user).exists():
        raise Conflict(
            _("This record or this account is tied already. Ask the hospital."),
            code="already_tied",
        )


def patient_by_identifiers(*, number: str, birth_date: date) -> UUID | None:
    """Return the patient who has both the hospital number and the birth date."""
    found = Patient.objects.filter(
        identifiers__system=HOSPITAL_NUMBER,
        identifiers__value=number,
        birth_date=birth_date,
    )
    return found.values_list("pk", flat=True).first()
