"""The only way a study, or anything inside one, reaches anyone."""

from django.db.models import QuerySet

from diagnosis.models import Finding, Instance, Report, Series, Study, StudyStatus
from hospital.accounts.models import Role
from hospital.accounts.principal import Principal


def studies_visible_to(principal: Principal) -> QuerySet[Study]:
    """Return a patient's own studies, or those of one's departments."""
    studies = Study.objects.all()
    if principal.sees_every_department:
        return studies
    if principal.role == Role.PATIENT:
        return studies.filter(patient__user=principal.user)
    return studies.filter(department__in=principal.department_ids)


def series_visible_to(principal: Principal) -> QuerySet[Series]:
    return Series.objects.filter(study__in=studies_visible_to(principal))


def instances_visible_to(principal: Principal) -> QuerySet[Instance]:
    return Instance.objects.filter(series__study__in=studies_visible_to(principal))


def findings_visible_to(principal: Principal) -> QuerySet[Finding]:
    """Return findings; a patient sees those of signed studies only."""
    findings = Finding.objects.filter(study__in=studies_visible_to(principal))
    if principal.role == Role.PATIENT:
        return findings.filter(study__status=StudyStatus.SIGNED)
    return findings


def reports_visible_to(principal: Principal) -> QuerySet[Report]:
    """Return reports; a patient sees signed ones only."""
    reports = Report.objects.filter(study__in=studies_visible_to(principal))
    if principal.role == Role.PATIENT:
        return reports.filter(signed__isnull=False)
    return reports
