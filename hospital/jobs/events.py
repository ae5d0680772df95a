"""Telling open pages what happened, over one Redis stream that forgets by itself.

Events hold ids, states and words of ours, never a patient's data. They are news, not
truth: a page that missed one asks the database again.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache

import redis
import structlog
from django.conf import settings

from hospital.jobs.models import Job

STREAM = "anji:events"
STREAM_LENGTH = 10_000
PATIENCE_S = 2.0

logger = structlog.get_logger(__name__)


def publish(topic: str, event: str, data: Mapping[str, object]) -> None:
    """Send an event to whoever listens to the topic; a broker that is down loses it.

    Call it after the commit (`transaction.on_commit`) that makes it true.
    """
    publish_all(topic, [(event, data)])


def publish_all(topic: str, events: Iterable[tuple[str, Mapping[str, object]]]) -> None:
    """Send events of one topic in their order, in one round trip; else as `publish`."""
    try:
        with _client().pipeline(transaction=False) as sent:
            for event, data in events:
                sent.xadd(
                    STREAM,
                    {"topic": topic, "event": event, "data": json.dumps(dict(data))},
                    maxlen=STREAM_LENGTH,
                    approximate=True,
                )
            sent.execute()
    except redis.RedisError as error:
        logger.warning("event_lost", topic=topic, reason=type(error).__name__)


def publish_job(job: Job) -> None:
    """Tell the job's own listeners, and its owner's pages, how it stands."""
    data = job_event(job)
    publish(f"job:{job.id}", "job", data)
    if job.owner_id:
        publish(f"jobs:{job.owner_id}", "job", data)


def job_event(job: Job) -> dict[str, object]:
    """Return what an event tells of a job; a failure's words go as its message."""
    return {
        "id": str(job.id),
        "kind": job.kind,
        "state": str(job.state),
        "progress": round(job.progress, 4),
        "message": job.error or job.message,
    }


@cache
def _client() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
    )
