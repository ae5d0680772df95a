"""The worker's side of a question: taken once, answered by a child, told as it goes."""

import json
import time
from collections.abc import Callable

import structlog

from hospital.core.registry import registry
from hospital.jobs.children import ChildError, answer_of
from hospital.jobs.heartbeat import Heartbeat
from hospital.jobs.questions import (
    ANSWERED,
    FAILED,
    WORKING,
    Json,
    answer_key,
    client,
    question_key,
)
from hospital.jobs.stops import JobStopped

TELL_EVERY_S = 1.0
KEPT_S = 60  # told, where nobody waits for it any more

logger = structlog.get_logger(__name__)


def answer(question: str) -> None:
    """Answer a question, unless whoever asked has gone."""
    text = client().getdel(question_key(question))
    if text is None:
        logger.info("question_withdrawn", question=question)
        return
    asked = json.loads(str(text))
    known = registry.question_kinds[asked["kind"]]
    tell = _telling(question)
    began = time.monotonic()
    try:
        found = answer_of(
            known.child, asked["asked"], look=_looking(tell), limit_s=known.limit_s
        )
    except (ChildError, JobStopped) as error:
        logger.warning("question_failed", kind=known.kind, reason=str(error))
        tell({"state": FAILED})
        return
    tell({"state": ANSWERED, "answer": found})
    seconds = round(time.monotonic() - began, 3)
    logger.info("question_answered", kind=known.kind, seconds=seconds)


def _telling(question: str) -> Callable[[Json], None]:
    def tell(news: Json) -> None:
        with client().pipeline() as sent:
            sent.rpush(answer_key(question), json.dumps(news))
            sent.expire(answer_key(question), KEPT_S)
            sent.execute()

    return tell


def _looking(tell: Callable[[Json], None]) -> Callable[[], None]:
    """Return what tells now and then that the work goes on, and ends it with us."""
    next_tell = 0.0

    def look() -> None:
        nonlocal next_tell
        if Heartbeat.is_platform_stopping:
            message = "The platform stops."
            raise JobStopped(message)
        if time.monotonic() >= next_tell:
            next_tell = time.monotonic() + TELL_EVERY_S
            tell({"state": WORKING})

    return look
