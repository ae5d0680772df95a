"""Finds what was lost: jobs of dead workers, and jobs nobody was told of.

Every worker process runs it in a thread of its own, so it needs neither beat nor a free
worker. Rows that another reaper holds are skipped.
"""

import threading
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from hospital.jobs import leases
from hospital.jobs.ends import tell_ended
from hospital.jobs.models import Job, JobState
from hospital.jobs.services import send

BATCH = 200
HINT_LIMIT_S = 600.0

logger = structlog.get_logger(__name__)


def reap() -> int:
    """Do one round, and return how many jobs were given back, ended or told again."""
    return give_back_abandoned() + tell_again()


def give_back_abandoned() -> int:
    """Queue, fail or cancel the jobs whose worker died."""
    with transaction.atomic():
        abandoned = Job.objects.filter(leases.IS_ABANDONED)
        rows = list(abandoned.select_for_update(skip_locked=True)[:BATCH])
        for job in rows:
            _give_back(job)
    for job in rows:
        logger.warning("job_abandoned", job_id=str(job.id), attempt=job.attempts)
        tell_ended(Job.objects.get(id=job.id))
    return len(rows)


def tell_again() -> int:
    """Send the message of jobs that wait for longer than one should need to arrive.

    Each one waits twice as long for its next hint, so a long queue is not flooded.
    """
    waiting = Job.objects.filter(leases.IS_DUE, state=JobState.QUEUED).filter(
        Q(next_hint=None) | Q(next_hint__lte=Now())
    )
    told = 0
    with transaction.atomic():
        for job in waiting.order_by("created").select_for_update(skip_locked=True)[
            :BATCH
        ]:
            if not send(job_id=job.id, queue=job.queue):
                break
            Job.objects.filter(id=job.id).update(
                hints=F("hints") + 1, next_hint=Now() + _patience(job.hints)
            )
            told += 1
    return told


def _give_back(job: Job) -> None:
    if job.cancel_requested:
        leases.end(job, JobState.CANCELLED)
    elif job.attempts >= job.max_attempts:
        with override(job.language or None):
            words = _("The worker stopped each time it tried this job.")
        leases.end(job, JobState.FAILED, words=words, code="worker_lost")
    else:
        leases.put_back(job, delay_s=leases.back_off_s(job.attempts))


def _patience(hints: int) -> timedelta:
    first_s: float = settings.JOB_REAP_EVERY.total_seconds()
    return timedelta(seconds=min(first_s * 2.0 ** min(hints, 10), HINT_LIMIT_S))


class Reaper(threading.Thread):
    """Reaps at the start of a worker and then in steady rounds until the process ends."""

    def __init__(self) -> None:
        super().__init__(name="reaper", daemon=True)
        self._pause = threading.Event()

    def run(self) -> None:
        while True:
            try:
                reap()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("reaper_missed_a_round", reason=type(error).__name__)
                connection.close()
            self._pause.wait(settings.JOB_REAP_EVERY.total_seconds())
