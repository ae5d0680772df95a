"""Keeps what a model said: findings, the study's state and its place on the worklist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from diagnosis.models import Finding, Priority, Study, StudyStatus
from diagnosis.ranking import rank_study
from diagnosis.services.events import tell_department
from diagnosis.services.shadow import enqueue_shadow

# A person's work is further than a model's: a new reading never takes it back.
BEFORE_PEOPLE = (
    StudyStatus.RECEIVED,
    StudyStatus.QUEUED,
    StudyStatus.READ,
    StudyStatus.FAILED,
)


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """The model that read, fixed when the reading began."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class NewFinding:
    """One model's answer for one series, ready to be kept."""

    series_id: UUID
    content_digest: str
    key_instance_id: UUID
    key_frame: int
    label: str
    is_positive: bool
    probability: float | None
    probabilities: Mapping[str, float]
    positive_probability: float | None
    unlikeness: float | None
    calibrated: bool
    abstained: bool
    reason_code: str
    reason: str
    saliency_digest: str
    elapsed_ms: int
    possible_labels: Sequence[str] = ()
    coverage: float | None = None
    metal: Mapping[str, int] | None = None
    slices_read: int | None = None
    calibrated_on: int | None = None


@transaction.atomic
def save_findings(
    *, study_id: UUID, model: ModelUsed, findings: Sequence[NewFinding], job_id: UUID
) -> Study:
    """Keep findings and move the study on; the same answer twice is one finding."""
    study = Study.objects.select_for_update().get(id=study_id)
    kept = []
    for new in findings:
        row, _is_new = Finding.objects.get_or_create(
            series_id=new.series_id,
            model_digest=model.digest,
            content_digest=new.content_digest,
            defaults={
                "study": study,
                "key_instance_id": new.key_instance_id,
                "key_frame": new.key_frame,
                "job_id": job_id,
                "model_name": model.name,
                "model_version": model.version,
                "label": new.label,
                "is_positive": new.is_positive,
                "probability": new.probability,
                "probabilities": dict(new.probabilities),
                "positive_probability": new.positive_probability,
                "unlikeness": new.unlikeness,
                "possible_labels": list(new.possible_labels),
                "coverage": new.coverage,
                "metal": dict(new.metal) if new.metal else None,
                "slices_read": new.slices_read,
                "calibrated": new.calibrated,
                "calibrated_on": new.calibrated_on,
                "abstained": new.abstained,
                "reason_code": new.reason_code,
                "reason": new.reason[:300],
                "saliency_digest": new.saliency_digest,
                "elapsed_ms": new.elapsed_ms,
            },
        )
        kept.append(row)
    enqueue_shadow(study_id, kept)
    _rerank(study, findings)
    _move_on(study, StudyStatus.READ)
    return study


@transaction.atomic
def mark_unread(*, study_id: UUID, status: StudyStatus, reason: str) -> None:
    """Say of a study that no model's answer came, and why."""
    study = Study.objects.select_for_update().get(id=study_id)
    if status == StudyStatus.FAILED and study.status in BEFORE_PEOPLE:
        rank = rank_study(is_stat=study.priority == Priority.STAT, is_failed=True)
        study.rank, study.rank_reason = rank.value, rank.reasons
    _move_on(study, status, reason=reason)


def _rerank(study: Study, findings: Sequence[NewFinding]) -> None:
    answered = [new for new in findings if not new.abstained]
    found = [new for new in answered if new.is_positive and new.probability is not None]
    weightiest = max(found, key=lambda new: new.probability or 0.0, default=None)
    rank = rank_study(
        is_stat=study.priority == Priority.STAT,
        positive=(weightiest.label, weightiest.probability or 0.0)
        if weightiest
        else None,
        is_abstained=not answered,
    )
    study.rank, study.rank_reason = rank.value, rank.reasons


def _move_on(study: Study, status: StudyStatus, *, reason: str = "") -> None:
    if study.status in BEFORE_PEOPLE:
        study.status, study.status_reason = status, reason[:300]
    study.save(
        update_fields=["status", "status_reason", "rank", "rank_reason", "updated"]
    )
    tell_department(study, "read")
