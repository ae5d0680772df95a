"""Questions that somebody waits for: answered once, withdrawn, lost, stopped."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hospital.celery import app
from hospital.core.registry import QuestionKind, registry
from hospital.embedded import Services
from hospital.jobs import questions
from hospital.jobs.answers import _telling, answer
from hospital.jobs.heartbeat import Heartbeat
from hospital.jobs.questions import WORKING, Unanswered, ask, client

KIND = "tests.question"
QUEUE = "tests.questions"  # that no worker serves
PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def own_kind(
    embedded_services: Services, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    kind = QuestionKind(KIND, "tests.hospital.jobs.child")
    monkeypatch.setitem(registry.question_kinds, KIND, kind)
    monkeypatch.setattr(questions, "QUEUE", QUEUE)
    client().delete(QUEUE)
    yield
    client().delete(QUEUE)


def taken() -> str:
    """Return the id that the next message carries, as a worker hears it."""
    with app.connection_for_read() as connection:
        message = connection.SimpleQueue(QUEUE).get(timeout=PATIENCE_S)
        message.ack()
        return str(message.payload[0][0])


@contextmanager
def worker(work: Callable[[str], None] = answer) -> Iterator[None]:
    """Work on one question meanwhile."""
    thread = threading.Thread(target=lambda: work(taken()))
    thread.start()
    yield
    thread.join(PATIENCE_S)


def test_a_child_of_the_worker_answers() -> None:
    with worker():
        found = ask(KIND, {"ward": "七病区"})

    assert found == {"asked": {"ward": "七病区"}}
    assert client().keys("anji:question:*") + client().keys("anji:answer:*") == []


def test_what_nobody_takes_is_withdrawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(questions, "TAKE_S", 0.1)
    began = tmp_path / "began"

    with pytest.raises(Unanswered) as refused:
        ask(KIND, {"never_ends": str(began)})
    answer(taken())  # a worker that comes too late

    assert refused.value.reason == "not_taken"
    assert (refused.value.status, refused.value.retry_after_s) == (503, 10)
    assert not began.exists()


def test_a_worker_that_goes_silent_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "SILENT_S", 0.2)

    def begin_and_die(question: str) -> None:
        _telling(question)({"state": WORKING})

    with worker(begin_and_die), pytest.raises(Unanswered) as lost:
        ask(KIND, {})

    assert lost.value.reason == "worker_lost"


def test_a_child_that_fails_is_told_at_once() -> None:
    with worker(), pytest.raises(Unanswered) as failed:
        ask(KIND, {"fails": True})

    assert failed.value.reason == "failed"


def test_a_child_is_killed_at_its_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kind = QuestionKind(KIND, "tests.hospital.jobs.child", limit_s=1.0)
    monkeypatch.setitem(registry.question_kinds, KIND, kind)
    began = tmp_path / "began"

    with worker(), pytest.raises(Unanswered):
        ask(KIND, {"never_ends": str(began)})

    with pytest.raises(ProcessLookupError):
        os.kill(int(began.read_text()), 0)


def test_a_platform_that_stops_lets_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Heartbeat, "is_platform_stopping", True)

    with worker(), pytest.raises(Unanswered) as stopped:
        ask(KIND, {"never_ends": os.devnull})

    assert stopped.value.reason == "failed"


def test_most_threads_of_the_web_process_never_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "_turns", threading.BoundedSemaphore(1))
    questions._turns.acquire()

    with pytest.raises(Unanswered) as refused:
        ask(KIND, {})

    assert refused.value.reason == "others_wait"
    assert client().llen(QUEUE) == 0
