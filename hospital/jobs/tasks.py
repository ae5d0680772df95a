"""What Celery calls by name. Nothing imports this but workers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import shared_task, signals
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.asynchronous import get_event_loop

from hospital.core.registry import registry
from hospital.jobs.answers import answer
from hospital.jobs.heartbeat import Heartbeat
from hospital.jobs.reaper import Reaper
from hospital.jobs.runner import run_job
from hospital.jobs.services import enqueue


@shared_task(name="jobs.run")
def run(job_id: str) -> None:
    run_job(UUID(job_id))


@shared_task(name="jobs.answer")
def answer_question(question: str) -> None:
    answer(question)


@shared_task(name="jobs.schedule")
def schedule(kind: str) -> None:
    """Queue a job that comes back by the clock; two clocks in a minute queue one."""
    minute = timezone.now().strftime("%Y-%m-%dT%H:%M")
    enqueue(kind=kind, key=f"clock:{minute}", owner=None)


@signals.celeryd_after_setup.connect
def warm_up(instance: Any, **_signal: object) -> None:  # Any: Celery is untyped
    """Load what the jobs of this worker's queues need, before it takes the first."""
    queues = set(instance.app.amqp.queues.consume_from)
    paths = {
        known.warm
        for known in registry.job_kinds.values()
        if known.warm and known.queues & queues
    }
    for path in sorted(paths):
        warm: Callable[[], None] = import_string(path)
        warm()


@signals.worker_ready.connect
def start_reaper(**_signal: object) -> None:
    Reaper().start()


@signals.task_prerun.connect
def listen_again(**_signal: object) -> None:
    """Wake the worker's loop: a thread that takes a message makes room for another.

    Kombu looks for room only as its loop turns; without this, one that found none sleeps
    on for a second or more while threads stand idle.
    """
    hub = get_event_loop()
    if hub is not None:
        hub.call_soon(_nothing)


def _nothing() -> None:
    pass


@signals.worker_shutting_down.connect
def give_jobs_back(**_signal: object) -> None:
    """Let every heartbeat give its job back now: the process may be killed soon."""
    Heartbeat.is_platform_stopping = True
