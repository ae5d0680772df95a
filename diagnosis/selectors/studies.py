"""The only way a study, or anything inside one, reaches anyone."""

from collections.abc import Iterable

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery

from diagnosis.models import (
    CriticalResult,
    Finding,
    Instance,
    Report,
    Series,
    Study,
    StudyStatus,
)
from hospital.accounts.models import Role
from hospital.accounts.principal import Principal
from hospital.records.models import PatientName


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
    """Return findings; a patient sees what the signer of the report saw, once signed.

    What a model says of the study later nobody has signed.
    """
    findings = Finding.objects.filter(study__in=studies_visible_to(principal))
    if principal.role == Role.PATIENT:
        return findings.filter(
            study__status=StudyStatus.SIGNED, study__report__signed__gte=F("created")
        )
    return findings


def reports_visible_to(principal: Principal) -> QuerySet[Report]:
    """Return reports; a patient sees signed ones only."""
    reports = Report.objects.filter(study__in=studies_visible_to(principal))
    if principal.role == Role.PATIENT:
        return reports.filter(signed__isnull=False)
    return reports


def late_images(study: Study) -> int:
    """Return how many images came after the study's report was signed."""
    report = Report.objects.filter(study=study, signed__isnull=False).first()
    if report is None:
        return 0
    late = Instance.objects.filter(series__study=study, created__gt=report.signed)
    return late.count()


def critical_results_visible_to(principal: Principal) -> QuerySet[CriticalResult]:
    """Return critical results; they are the staff's to act on, never a patient's."""
    if principal.role == Role.PATIENT:
        return CriticalResult.objects.none()
    return CriticalResult.objects.filter(study__in=studies_visible_to(principal))


def ai_assistance(study: Study) -> list[dict[str, object]]:
    """Return what AI says of a study and what its reader said of that, for the report.

    Each entry names the model with its version and digest, its answer, and the verdict.
    """
    return [
        {
            "model": finding.model_name,
            "version": finding.model_version,
            "digest": finding.model_digest,
            "series": str(finding.series_id),
            "label": finding.label,
            "probability": finding.probability,
            "calibrated": finding.calibrated,
            "abstained": finding.abstained,
            "reason": finding.reason,
            "verdict": verdict.verdict if verdict else "",
            "said_instead": verdict.label if verdict else "",
        }
        for finding in latest_findings(study)
        for verdict in [next(iter(finding.verdicts.all()), None)]
    ]


def with_ai_answer(studies: QuerySet[Study], principal: Principal) -> QuerySet[Study]:
    """Return studies with all that the worklist shows of each, in few queries.

    Only findings that the principal may see count.

    `ai_positive`, `ai_abstained`, `ai_probability` and `ai_label` are of the weightiest
    finding: what was found before what was not, and both before an abstention.
    """
    visible = findings_visible_to(principal)
    weightiest = visible.filter(study=OuterRef("pk")).order_by(
        "abstained", "-is_positive", "-probability", "-created"
    )
    names = PatientName.objects.filter(patient=OuterRef("patient")).order_by("script")
    return (
        studies.select_related("patient", "reader", "department")
        .prefetch_related(
            "patient__names",
            "patient__identifiers",
            Prefetch("findings", visible.prefetch_related("verdicts")),
        )
        .annotate(
            patient_name=Subquery(names.values("text")[:1]),
            ai_label=Subquery(weightiest.values("label")[:1]),
            ai_positive=Subquery(weightiest.values("is_positive")[:1]),
            ai_abstained=Subquery(weightiest.values("abstained")[:1]),
            ai_probability=Subquery(weightiest.values("probability")[:1]),
            ai_reason=Subquery(weightiest.values("reason")[:1]),
        )
    )


def modalities_of(studies: QuerySet[Study]) -> list[str]:
    """Return the modalities that occur, in alphabetical order."""
    modalities = studies.exclude(modality="").order_by("modality")
    return list(modalities.values_list("modality", flat=True).distinct())


def latest_findings(study: Study) -> list[Finding]:
    """Return the newest finding of each series with its verdicts, weightiest first."""
    newest = (
        study.findings.order_by("series_id", "-created")
        .distinct("series_id")
        .values_list("id", flat=True)
    )
    findings = (
        study.findings.filter(id__in=list(newest))
        .select_related("series", "key_instance")
        .prefetch_related("verdicts__reader")
    )
    return list(findings.order_by("abstained", "-is_positive", "-probability"))


def priors_of(study: Study, principal: Principal) -> QuerySet[Study]:
    """Return the patient's other studies that the principal may see, newest first."""
    others = studies_visible_to(principal).filter(patient=study.patient_id)
    return with_ai_answer(others.exclude(id=study.id), principal).order_by(
        "-study_date", "-created"
    )


def first_instance(series: Series, findings: Iterable[Finding]) -> Instance | None:
    """Return the image to show first: a finding's key image, else the middle one."""
    keys = [finding.key_instance for finding in findings if finding.series == series]
    instances = series.instances.filter(frames__gt=0)
    middle = series.instance_count // 2
    return next(filter(None, keys), None) or (
        instances[middle : middle + 1].first() or instances.first()
    )
