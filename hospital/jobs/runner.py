"""From a message to an ended job: the one boundary where every failure is caught."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pghistory
import redis
import structlog
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from hospital.core.registry import registry
from hospital.jobs import leases
from hospital.jobs.ends import tell_ended
from hospital.jobs.events import publish_job
from hospital.jobs.heartbeat import Heartbeat, overrun_words
from hospital.jobs.models import Job, JobState
from hospital.jobs.run import JobRun
from hospital.jobs.stops import Cancelled, JobFailed, JobRetry, LeaseLost, TimeUp

Pipeline = Callable[[JobRun], dict[str, Any] | None]  # Any: a result is JSON

# What may be well again at the next attempt; everything else is a mistake of ours.
HEALING = (OperationalError, InterfaceError, redis.RedisError, OSError, MemoryError)
DATABASE_AWAY = (OperationalError, InterfaceError)

logger = structlog.get_logger(__name__)


def run_job(job_id: UUID) -> None:
    """Claim the job and run its pipeline; return when it has ended or is another's."""
    job = leases.claim(job_id)
    if job is None:
        logger.info("job_not_claimed", job_id=str(job_id))
        return
    known = registry.job_kinds.get(job.kind)
    heartbeat = Heartbeat(job, timeout_s=known.timeout_s if known else 1.0)
    with _surroundings(job):
        publish_job(job)
        heartbeat.start()
        run = JobRun(job, heartbeat)
        try:
            _attempt(run)
        except DATABASE_AWAY as error:
            logger.warning("job_left_to_its_lease", reason=type(error).__name__)
        finally:
            heartbeat.stop()
            close_old_connections()
        _tell_end(run)


def _attempt(run: JobRun) -> None:
    """Run the pipeline; whatever happens in it, the row says how it ended."""
    try:
        _work(run)
    except LeaseLost as stop:
        logger.warning("job_lost", reason=str(stop))
    except Cancelled:
        leases.end(run.job, JobState.CANCELLED)
    except TimeUp:
        leases.end(run.job, JobState.FAILED, words=overrun_words(), code="timeout")
    except JobFailed as failure:
        leases.end(run.job, JobState.FAILED, words=str(failure), code=failure.code)
    except JobRetry as failure:
        _again(run.job, words=str(failure), delay_s=failure.delay_s)
    except Exception as error:  # noqa: BLE001 (the boundary: pipelines raise anything)
        _fault(run.job, error)
    except BaseException:  # the process is told to go
        leases.put_back(run.job, delay_s=0, is_counted=False)
        raise


def _work(run: JobRun) -> None:
    known = registry.job_kinds.get(run.job.kind)
    if known is None:
        words = _("This version of the platform does not know the job's kind.")
        raise JobFailed(words, code="unknown_kind")
    pipeline: Pipeline = import_string(known.pipeline)
    result = pipeline(run)
    if not run.is_finished:
        with run.finish(result):
            pass


def _fault(job: Job, error: Exception) -> None:
    logger.error("job_fault", attempt=job.attempts, exc_info=error)
    words = _("Something went wrong inside the platform; its log has the details.")
    close_old_connections()  # the database may have been what went wrong
    if isinstance(error, HEALING):
        _again(job, words=words)
    else:
        leases.end(job, JobState.FAILED, words=words, code="internal")


def _again(job: Job, *, words: str, delay_s: float | None = None) -> None:
    if job.attempts >= job.max_attempts:
        words = words or _("It was tried several times without success.")
        leases.end(job, JobState.FAILED, words=words, code="attempts_used_up")
    else:
        delay_s = leases.back_off_s(job.attempts) if delay_s is None else delay_s
        leases.put_back(job, delay_s=delay_s, words=words)


def _tell_end(run: JobRun) -> None:
    try:
        now = run.job if run.is_finished else Job.objects.get(id=run.job.id)
    except DATABASE_AWAY:
        return  # whoever finds it after its lease tells
    logger.info("job_left", state=str(now.state), attempt=now.attempts)
    tell_ended(now)


@contextmanager
def _surroundings(job: Job) -> Iterator[None]:
    """Log and keep history with the ids of job and request, in the asker's language."""
    ids = {"job_id": str(job.id), "kind": job.kind}
    if job.request_id:
        ids["request_id"] = job.request_id
    origin = {
        "user": str(job.owner_id) if job.owner_id else None,
        "job": str(job.id),
        "request_id": job.request_id,
    }
    with (
        structlog.contextvars.bound_contextvars(**ids),
        pghistory.context(**origin),
        override(job.language or None),
    ):
        logger.info("job_started", attempt=job.attempts)
        yield
