"""Two devices in one talk, and a stream that is cut: over real HTTP, a real web process."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from queue import Queue
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.conf import LazySettings
from django.db import connection

from consult.askers import new_secret
from consult.models import Conversation, Turn
from hospital.jobs.runner import run_job
from tests.consult.language.generators.service import Service, serving
from tests.consult.talks import strangers_talk
from tests.hospital.jobs.test_events import (  # noqa: F401
    PATIENCE_S,
    STREAMS_OF_A_TOPIC,
    Page,
    web,
)
from tests.hospital.knowledge.rows import make_entry, make_library, make_passage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FIRST, SECOND = "痛风发作时要多喝水，少喝酒。", "疼得厉害时尽快看医生。"
Event = dict[str, Any]  # Any: JSON


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    """A generator that stops after its first sentence until it may go on."""
    make_passage(
        make_entry(make_library("own"), lang="zh", title="痛风", focus="痛风"),
        citation="gout/zh#self_care",
        heading="痛风发作怎么办",
        text=FIRST + SECOND,
    )
    with serving() as started:
        started.says = [f"{FIRST}[1] {SECOND}", "[1]"]
        settings.GENERATOR = "endpoint"
        settings.GENERATOR_URL = f"http://127.0.0.1:{started.port}/halfway"
        settings.GENERATOR_MODEL = "ward-model"
        settings.LANGUAGE_ALLOWED_HOSTS = ["127.0.0.1"]
        yield started


class Device:
    """A browser of the patient's: it reads, writes and listens."""

    def __init__(self, client: httpx.Client, talk: Conversation) -> None:
        self._client = client
        self._door = f"/api/v1/conversations/{talk.pk}/messages/"
        self._topic = talk.topic

    def write(self, text: str) -> Event:
        answer = self._client.post(self._door, json={"text": text})
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def read(self) -> list[Event]:
        return list(self._client.get(self._door).json()["results"])

    @contextmanager
    def listening(self, **headers: str) -> Iterator[Page]:
        with self._client.stream(
            "GET", "/events/", params={"topics": self._topic}, headers=headers
        ) as response:
            assert response.status_code == 200, response.read()
            yield Page(response)


def until(page: Page, name: str, *, count: int = 1) -> list[Event]:
    """Return the next events of a page, up to so many of a name."""
    told: list[Event] = []
    while sum(event["event"] == name for event in told) < count:
        told.append(page.next_event())
    return told


def worker(jobs: Queue[UUID | None]) -> None:
    """Do the jobs that are named, as a language worker does."""
    while (job := jobs.get()) is not None:
        run_job(job)
    connection.close()


@pytest.fixture
def jobs() -> Iterator[Queue[UUID | None]]:
    queue: Queue[UUID | None] = Queue()
    thread = threading.Thread(target=worker, args=(queue,))
    thread.start()
    yield queue
    queue.put(None)
    thread.join()


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def job_of(taken: Event) -> UUID | None:
    return Turn.objects.get(pk=taken["answer"]).job_id


def test_two_devices_see_one_order_and_a_cut_stream_misses_and_repeats_nothing(
    web: str,  # noqa: F811
    service: Service,
    jobs: Queue[UUID | None],
    opened: ExitStack,
) -> None:
    secret = new_secret()
    talk = strangers_talk(secret)
    bearer = {"Authorization": f"Bearer {secret}"}
    clients = [
        opened.enter_context(
            httpx.Client(base_url=web, headers=bearer, timeout=PATIENCE_S)
        )
        for _ in range(2)
    ]
    phone, tablet = (Device(client, talk) for client in clients)

    with phone.listening() as whole:
        with tablet.listening() as cut:
            first = phone.write("痛风发作怎么办？")
            jobs.put(job_of(first))
            before = until(cut, "citation")  # nothing follows before the second message
            place = cut.last_id
        second = tablet.write("痛风严重吗？")  # while the first answer is being made
        service.goes_on.set()
        seen = until(whole, "done")
        answer = Turn.objects.filter(author="bot").order_by("number").last()
        assert answer is not None
        jobs.put(answer.job_id)
        seen += until(whole, "done")
        with tablet.listening(**{"Last-Event-ID": place}) as resumed:
            after = until(resumed, "done", count=2)
            assert resumed.is_silent()

    assert second["is_queued"]
    assert before + after == seen
    told = [event["event"] for event in seen]
    assert told.index("token") < told.index("message", 2) < told.index("done")
    turns = phone.read()
    assert turns == tablet.read()
    assert [turn["author"] for turn in turns] == ["patient", "bot", "patient", "bot"]
    assert [turn["number"] for turn in turns] == [1, 2, 3, 4]
    assert [each["text"] for each in turns[1]["sentences"]] == [FIRST, SECOND]


def until_admitted(client: httpx.Client, topic: str) -> httpx.Response:
    """Ask until the server has noticed that a stream ended."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with client.stream("GET", "/events/", params={"topics": topic}) as answer:
            if answer.is_success or time.monotonic() > deadline:
                return answer


def test_a_stranger_holds_so_many_streams_of_a_talk_and_one_more_when_one_ends(
    web: str,  # noqa: F811
    opened: ExitStack,
) -> None:
    secret = new_secret()
    talk = strangers_talk(secret)
    bearer = {"Authorization": f"Bearer {secret}"}
    client = opened.enter_context(
        httpx.Client(base_url=web, headers=bearer, timeout=PATIENCE_S)
    )

    def stream() -> AbstractContextManager[httpx.Response]:
        return client.stream("GET", "/events/", params={"topics": talk.topic})

    with ExitStack() as others:
        held = []  # a stream that nobody holds is closed
        for _ in range(STREAMS_OF_A_TOPIC - 1):
            held.append(others.enter_context(stream()).iter_lines())
            assert next(held[-1]).startswith("retry")
        with stream() as last:
            held.append(last.iter_lines())
            assert next(held[-1]).startswith("retry")
            with stream() as answer:
                answer.read()
                refused = answer
        admitted = until_admitted(client, talk.topic)

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
    assert refused.headers["Retry-After"] == "60"
    assert admitted.status_code == 200
