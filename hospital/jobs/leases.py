"""The few statements by which a job changes hands, each of them atomic.

Time is the database's own, so workers on several hosts need no common clock.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from psycopg2.extras import Json

from hospital.jobs.models import Job, JobState

BACK_OFF_BASE_S = 2.0
BACK_OFF_LIMIT_S = 300.0

IS_DUE = Q(run_after=None) | Q(run_after__lte=Now())
IS_ABANDONED = Q(state=JobState.RUNNING, lease_until__lt=Now())

# Every job passes through these three: written out, since building them anew each time
# costs more than the database's own work.
CLAIM = """
    UPDATE jobs_job
    SET state = 'running', token = %s, attempts = attempts + 1, run_after = NULL,
        lease_until = statement_timestamp() + %s,
        started = coalesce(started, statement_timestamp()),
        updated = statement_timestamp(),
        progress = 0, message = '', steps = '[]', error = '', error_code = ''
    WHERE id = %s AND cancel_requested IS NULL AND attempts < max_attempts
        AND (
            state = 'queued'
            AND (run_after IS NULL OR run_after <= statement_timestamp())
            OR state = 'running' AND lease_until < statement_timestamp()
        )
    RETURNING *
"""
LOCK = """
    SELECT cancel_requested FROM jobs_job
    WHERE id = %s AND token = %s AND state = 'running' FOR UPDATE
"""
SUCCEED = """
    UPDATE jobs_job
    SET state = 'succeeded', result = %s, steps = %s, progress = 1, message = '',
        token = NULL, lease_until = NULL,
        finished = statement_timestamp(), updated = statement_timestamp()
    WHERE id = %s AND token = %s AND state = 'running'
"""


@dataclass(frozen=True, slots=True)
class News:
    """What a run has to tell of itself."""

    progress: float
    message: str
    steps: list[dict[str, Any]]  # Any: JSON as the model describes it


def claim(job_id: UUID) -> Job | None:
    """Take a waiting or abandoned job; None if another has it or it has ended."""
    return next(iter(Job.objects.raw(CLAIM, [uuid4(), lease(), job_id])), None)


def extend(job: Job, news: News | None) -> datetime | bool | None:
    """Extend the lease and keep the news.

    Returns:
        When somebody asked to cancel, False if nobody did, None if the lease is lost.
    """
    changes: dict[str, Any] = {}  # Any: values of several columns
    if news:
        changes = {
            "progress": news.progress,
            "message": news.message,
            "steps": news.steps,
        }
    held = _held(job).update(lease_until=Now() + lease(), updated=Now(), **changes)
    if not held:
        return None
    return (
        Job.objects.values_list("cancel_requested", flat=True).get(id=job.id) or False
    )


def lock(job: Job) -> datetime | bool | None:
    """Lock the row until the transaction ends.

    Returns:
        As `extend`.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [job.id, job.token])
        asked = cursor.fetchone()
    return (asked[0] or False) if asked else None


def end(job: Job, state: JobState, *, words: str = "", code: str = "") -> bool:
    """End the run without a result, and return whether it was ours to end."""
    ended = _held(job).update(
        state=state,
        error=words,
        error_code=code,
        token=None,
        lease_until=None,
        finished=Now(),
        updated=Now(),
    )
    return bool(ended)


def put_back(
    job: Job, *, delay_s: float, words: str = "", is_counted: bool = True
) -> bool:
    """Give the job back to the queue, and return whether it was ours to give."""
    due = Now() + timedelta(seconds=delay_s)
    back = _held(job).update(
        state=JobState.QUEUED,
        attempts=F("attempts") - (0 if is_counted else 1),
        message=words[:200],
        token=None,
        lease_until=None,
        run_after=due,
        next_hint=due,
        hints=0,
        updated=Now(),
    )
    return bool(back)


def succeed(
    job: Job,
    result: object,
    *,
    steps: list[Any],  # Any: JSON as the model describes it
) -> None:
    """Write the result of a job whose row this transaction has locked."""
    kept = None if result is None else Json(result)
    with connection.cursor() as cursor:
        cursor.execute(SUCCEED, [kept, Json(steps), job.id, job.token])


def back_off_s(attempts: int) -> float:
    """Return how long to wait after so many attempts: doubling, capped, spread."""
    wait = min(BACK_OFF_BASE_S * 2.0 ** max(attempts - 1, 0), BACK_OFF_LIMIT_S)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 (spreads load, keeps no secret)


def lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_S)


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(id=job.id, token=job.token, state=JobState.RUNNING)
