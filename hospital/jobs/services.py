"""Asking for long work, stopping it, and asking again."""

from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerError

from hospital.accounts.models import User
from hospital.celery import app
from hospital.core.errors import Conflict
from hospital.core.registry import registry
from hospital.jobs.events import publish_job
from hospital.jobs.models import Job, JobState

RUN_TASK = "jobs.run"
INSERT_TRIES = 3
NOTHING_CAME_OF_IT = (JobState.FAILED, JobState.CANCELLED)

logger = structlog.get_logger(__name__)


def enqueue(
    *,
    kind: str,
    key: str,
    owner: User | None,
    subject_id: UUID | str | None = None,
    department_id: UUID | None = None,
    payload: dict[str, Any] | None = None,  # Any: JSON that the kind's pipeline knows
    queue: str | None = None,
) -> Job:
    """Return the job of this kind and key: a new one, or the one there already.

    It is written in the caller's transaction; on commit a worker is told. A broker that
    is down then delays the job until the reaper's next round, and fails nothing.

    Raises:
        LookupError: The kind was never registered.
    """
    known = registry.job_kinds.get(kind)
    if known is None:
        message = f"No app registered the job kind {kind!r}."
        raise LookupError(message)
    draft = Job(
        kind=kind,
        key=key,
        owner=owner,
        subject_id=str(subject_id or ""),
        department_id=department_id,
        payload=payload or {},
        queue=queue or known.queue,
        max_attempts=known.max_attempts,
        next_hint=timezone.now() + settings.JOB_REAP_EVERY,
        request_id=_request_id(),
        language=get_language() or "",
    )
    job = _insert_or_find(draft)
    if job is draft:
        transaction.on_commit(partial(_announce, job))
    return job


@transaction.atomic
def request_cancellation(*, job: Job) -> Job:
    """Cancel a waiting job at once; ask a running one to stop at its next check.

    Raises:
        Conflict: It has ended already.
    """
    row = Job.objects.select_for_update().get(id=job.id)
    if row.is_ended:
        raise Conflict(_("This job has ended already."), code="job_ended")
    row.cancel_requested = row.cancel_requested or timezone.now()
    if row.state == JobState.QUEUED:
        row.state = JobState.CANCELLED
        row.finished = timezone.now()
    row.save(update_fields=["state", "cancel_requested", "finished", "updated"])
    transaction.on_commit(partial(publish_job, row))
    return row


def retry(*, job: Job) -> Job:
    """Queue a failed or cancelled job again, as if it were new.

    Raises:
        Conflict: It has neither failed nor been cancelled, or the same work was asked
            for again since.
    """
    try:
        with transaction.atomic():
            count = Job.objects.filter(id=job.id, state__in=NOTHING_CAME_OF_IT).update(
                state=JobState.QUEUED,
                attempts=0,
                error="",
                error_code="",
                progress=0.0,
                message="",
                steps=[],
                hints=0,
                next_hint=Now() + settings.JOB_REAP_EVERY,
                run_after=None,
                cancel_requested=None,
                started=None,
                finished=None,
                updated=Now(),
            )
    except IntegrityError as error:
        raise Conflict(
            _("The same work was asked for again already; see its newer job."),
            code="job_repeated",
        ) from error
    if not count:
        raise Conflict(
            _("Only a failed or cancelled job can be tried again."),
            code="job_not_retriable",
        )
    row = Job.objects.get(id=job.id)
    transaction.on_commit(partial(_announce, row))
    return row


def send(*, job_id: UUID, queue: str) -> bool:
    """Tell the workers of a queue that a job waits; False when the broker is down."""
    try:
        app.send_task(
            RUN_TASK,
            args=[str(job_id)],
            queue=queue,
            retry_policy={"max_retries": 1, "interval_start": 0},
        )
    except (BrokerError, OSError) as error:
        logger.warning(
            "job_message_unsent", job_id=str(job_id), reason=type(error).__name__
        )
        return False
    return True


def _insert_or_find(draft: Job) -> Job:
    """Insert the draft, or return the job that its key belongs to."""
    living = Job.objects.exclude(state__in=NOTHING_CAME_OF_IT)
    for _try in range(INSERT_TRIES):
        Job.objects.bulk_create([draft], ignore_conflicts=True)
        if Job.objects.filter(id=draft.id).exists():
            return draft
        found = living.filter(kind=draft.kind, key=draft.key).first()
        if found:
            return found
    message = f"The job {draft.kind} {draft.key} ends again and again meanwhile."
    raise RuntimeError(message)


def _announce(job: Job) -> None:
    send(job_id=job.id, queue=job.queue)
    publish_job(job)


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
