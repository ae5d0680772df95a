"""A candidate that reads beside the model in service: started, kept, ended."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis.inference.store import load_entry
from diagnosis.models import Finding, ModelActivation, ShadowAnswer, ShadowRun
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from hospital.core.saying import said
from hospital.core.sealed import StoreError
from hospital.jobs.services import enqueue

READ_IN_SHADOW = "diagnosis.read_in_shadow"


def running_shadow() -> ShadowRun | None:
    """Return the candidate that reads beside the model in service."""
    return ShadowRun.objects.filter(ended=None).first()


def start_shadow(*, name: str, version: str, started_by: User | None) -> ShadowRun:
    """Let a candidate read the same studies as the model in service.

    Raises:
        InvalidInput: Its files are missing or damaged.
        Conflict: It is in service already, or another candidate runs.
    """
    try:
        entry = load_entry(Path(settings.MODEL_STORE), name, version)
    except StoreError as error:
        raise InvalidInput(said(error.message), code=error.code) from error
    active = ModelActivation.objects.order_by("-created").first()
    if active is None or active.digest == entry.digest:
        raise Conflict(
            _("A candidate runs beside another model that is in service."),
            code="nothing_to_shadow",
        )
    try:
        with transaction.atomic():
            return ShadowRun.objects.create(
                name=entry.name,
                version=entry.version,
                digest=entry.digest,
                started_by=started_by,
            )
    except IntegrityError as error:
        raise Conflict(
            _("Another candidate runs in shadow: end that first."),
            code="shadow_already_running",
        ) from error


def end_shadow() -> ShadowRun:
    """Let the candidate read no more; its answers are kept.

    Raises:
        Conflict: None runs.
    """
    shadow = running_shadow()
    if shadow is None:
        raise Conflict(_("No candidate runs in shadow."), code="no_shadow")
    shadow.ended = timezone.now()
    shadow.save(update_fields=["ended", "updated"])
    return shadow


def end_shadow_of(*, digest: str) -> None:
    """End the shadow of a model that goes into service."""
    now = timezone.now()
    ShadowRun.objects.filter(digest=digest, ended=None).update(ended=now, updated=now)


def enqueue_shadow(study_id: UUID, findings: list[Finding]) -> None:
    """Queue the candidate's reading of what was just read; nothing without a candidate.

    It is a job of its own: whatever becomes of it, the study's answer is not touched.
    """
    shadow = running_shadow()
    if shadow is None or not findings:
        return
    content = findings[0].content_digest[:32]
    enqueue(
        kind=READ_IN_SHADOW,
        key=f"{study_id}:{content}:{shadow.id}:{findings[0].model_digest[:16]}",
        owner=None,
        subject_id=study_id,
        department_id=None,
        payload={
            "study": str(study_id),
            "shadow": str(shadow.id),
            "findings": {str(each.series_id): str(each.id) for each in findings},
        },
    )


def keep_shadow_answers(answers: list[ShadowAnswer]) -> int:
    """Keep what a candidate said; the same answer twice is one row."""
    return len(ShadowAnswer.objects.bulk_create(answers, ignore_conflicts=True))
