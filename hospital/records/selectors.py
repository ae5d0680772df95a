"""The only way a row of the record reaches anyone."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from hospital.accounts.models import Role
from hospital.accounts.principal import Principal
from hospital.records.models import (
    DiagnosticReport,
    Encounter,
    Observation,
    Patient,
    PatientIdentifier,
    PatientName,
)

Record = TypeVar("Record", bound=Model)


def patients_visible_to(principal: Principal) -> QuerySet[Patient]:
    """Return a patient's own row, or those with an encounter in one's departments."""
    patients = Patient.objects.prefetch_related("names", "identifiers")
    if principal.sees_every_department:
        return patients
    if principal.role == Role.PATIENT:
        return patients.filter(user=principal.user)
    met = Encounter.objects.filter(
        patient=OuterRef("pk"), department__in=principal.department_ids
    )
    return patients.filter(Exists(met))


def encounters_visible_to(principal: Principal) -> QuerySet[Encounter]:
    return _of_department_or_own(Encounter.objects.all(), principal)


def diagnostic_reports_visible_to(principal: Principal) -> QuerySet[DiagnosticReport]:
    return _of_department_or_own(DiagnosticReport.objects.all(), principal)


def observations_visible_to(principal: Principal) -> QuerySet[Observation]:
    """Return the observations of every patient the principal may see."""
    return Observation.objects.filter(patient__in=patients_visible_to(principal))


def patients_matching(patients: QuerySet[Patient], text: str) -> QuerySet[Patient]:
    """Return the patients with the text in a name or at the start of a number."""
    named = PatientName.objects.filter(patient=OuterRef("pk"), text__icontains=text)
    numbered = PatientIdentifier.objects.filter(
        patient=OuterRef("pk"), value__istartswith=text
    )
    return patients.filter(Exists(named) | Exists(numbered))


def _of_department_or_own(
    rows: QuerySet[Record], principal: Principal
) -> QuerySet[Record]:
    if principal.sees_every_department:
        return rows
    if principal.role == Role.PATIENT:
        return rows.filter(patient__user=principal.user)
    return rows.filter(Q(department__in=principal.department_ids))
