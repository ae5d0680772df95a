"""Questions that a worker answers within seconds, while somebody waits.

What is asked lies in Redis until a worker takes it or nobody waits for it any more; the
message to the workers carries its id. A worker at work says so every second, so that
one which dies is noticed.
"""

import json
import time
from collections.abc import Iterator
from functools import cache
from threading import BoundedSemaphore
from typing import Any
from uuid import uuid4

import redis
import structlog
from django.conf import settings
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from hospital.celery import app
from hospital.core.errors import DomainError
from hospital.core.registry import QuestionKind, registry

ANSWER_TASK = "jobs.answer"
QUEUE = "questions"
TAKE_S = 2.0  # a worker that is free takes a question at once
SILENT_S = 5.0  # a worker that lives has said so by then
GRACE_S = 2.0  # for the answer of a child that was killed at its limit
WAITING = 4  # threads of one web process, which has eight for everything
WORKING, ANSWERED, FAILED = "working", "answered", "failed"

Json = dict[str, Any]  # Any: what a question's child reads and writes

_turns = BoundedSemaphore(WAITING)
logger = structlog.get_logger(__name__)


class Unanswered(DomainError):
    """No answer came: no worker is free or there, or the work failed.

    Attributes:
        reason: Which of them, in a word for the log.
    """

    status = 503
    retry_after_s = 10

    def __init__(self, reason: str) -> None:
        message = _(
            "No answer came: other questions are being answered, or no worker is there. "
            "Try again in %(seconds)d seconds."
        ) % {"seconds": self.retry_after_s}
        super().__init__(message, code="question_unanswered")
        self.reason = reason
        logger.warning("question_unanswered", reason=reason)


def ask(kind: str, asked: Json) -> Json:
    """Return a worker's answer; wait as long as its kind may take, and no longer.

    Raises:
        Unanswered: None came; nothing goes on for this question.
        LookupError: The kind was never registered.
    """
    known = registry.question_kinds[kind]
    if not _turns.acquire(blocking=False):
        raise Unanswered("others_wait")
    try:
        return _answer_to(known, asked)
    except (redis.RedisError, BrokerError, OSError) as error:
        raise Unanswered(type(error).__name__) from error
    finally:
        _turns.release()


def question_key(question: str) -> str:
    return f"anji:question:{question}"


def answer_key(question: str) -> str:
    return f"anji:answer:{question}"


@cache
def client() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=SILENT_S + GRACE_S,
        socket_connect_timeout=TAKE_S,
    )


def _answer_to(known: QuestionKind, asked: Json) -> Json:
    question = str(uuid4())
    text = json.dumps({"kind": known.kind, "asked": asked})
    try:
        client().set(question_key(question), text, ex=int(TAKE_S + GRACE_S))
        app.send_task(
            ANSWER_TASK,
            args=[question],
            queue=QUEUE,
            expires=TAKE_S + GRACE_S,
            retry_policy={"max_retries": 1, "interval_start": 0},
        )
        for news in _news(question, limit_s=known.limit_s + GRACE_S):
            if news["state"] == ANSWERED:
                answer: Json = news["answer"]
                return answer
            if news["state"] == FAILED:
                break
    finally:
        client().delete(question_key(question), answer_key(question))
    raise Unanswered("failed")


def _news(question: str, *, limit_s: float) -> Iterator[Json]:
    """Yield what the worker says, until the limit.

    Raises:
        Unanswered: No worker takes it, or the one that did went silent.
    """
    first = _next(question, within_s=TAKE_S)
    if first is None and client().delete(question_key(question)):
        raise Unanswered("not_taken")
    if first is not None:
        yield first
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        news = _next(question, within_s=SILENT_S)
        if news is None:
            raise Unanswered("worker_lost")
        yield news


def _next(question: str, *, within_s: float) -> Json | None:
    heard: Any = client().blpop(
        [answer_key(question)], timeout=within_s
    )  # Any: untyped
    return json.loads(heard[1]) if heard else None
