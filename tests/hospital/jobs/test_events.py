"""The event stream, from a real web process over real HTTP."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from queue import Empty, Queue
from uuid import UUID, uuid4

import httpx
import pytest
from django.db import connection
from django.test import Client

from hospital.accounts.models import Role, User
from hospital.embedded import Redis, Services
from hospital.jobs.events import publish, publish_job
from hospital.jobs.models import Job
from tests.rows import make_department, make_person
from tests.running import ROOT, free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

START_S = 60
STREAMS_OF_A_TOPIC = 8
PATIENCE_S = 20.0
MANY = 200
WEB = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import uvicorn
uvicorn.run("hospital.asgi:application", port=int(sys.argv[2]), log_level="warning",
            timeout_graceful_shutdown=1)
"""


@pytest.fixture(scope="module")
def web(django_db_setup: None) -> Iterator[str]:
    """A web process on the test database; its address."""
    port = free_port()
    name = connection.settings_dict["NAME"]
    few = {"EVENT_STREAMS_OF_A_TOPIC": str(STREAMS_OF_A_TOPIC)}
    process = subprocess.Popen(
        [sys.executable, "-c", WEB, name, str(port)],
        cwd=ROOT,
        env={**os.environ, **few},
    )
    address = f"http://localhost:{port}"
    try:
        wait_until_alive(address, process)
        yield address
    finally:
        process.kill()
        process.wait()


def wait_until_alive(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            if httpx.get(f"{address}/livez", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("The web process did not start.")


@pytest.fixture
def owner() -> User:
    return make_person(Role.CLINICIAN, make_department())


def cookies_of(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {name: morsel.value for name, morsel in client.cookies.items()}


class Page:
    """An open stream, its frames collected by a thread."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.last_id = ""
        self._events: Queue[dict[str, object]] = Queue()
        self._opened = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._opened.wait(PATIENCE_S)

    def next_event(self) -> dict[str, object]:
        return self._events.get(timeout=PATIENCE_S)

    def is_silent(self) -> bool:
        try:
            self._events.get(timeout=0.5)
        except Empty:
            return True
        return False

    def _listen(self) -> None:
        try:
            for line in self.response.iter_lines():
                if line.startswith("id: "):
                    self.last_id = line.removeprefix("id: ")
                    self._opened.set()
                if line.startswith("data: "):
                    self._events.put(json.loads(line.removeprefix("data: ")))
        except httpx.HTTPError:
            pass  # the test closed it


@contextmanager
def listening(web: str, user: User, topics: str, **headers: str) -> Iterator[Page]:
    with (
        httpx.Client(timeout=PATIENCE_S, cookies=cookies_of(user)) as client,
        client.stream(
            "GET", f"{web}/events/", params={"topics": topics}, headers=headers
        ) as response,
    ):
        assert response.status_code == 200, response.read()
        yield Page(response)


def test_page_hears_its_job_and_no_other(
    web: str, job_of: Callable[..., Job], owner: User
) -> None:
    job = job_of("succeed", owner=owner)
    with listening(web, owner, f"job:{job.id}") as page:
        standing = page.next_event()
        publish(f"job:{uuid4()}", "job", {"state": "failed"})
        job.state, job.progress, job.message = "running", 0.25, "A quarter"
        publish_job(job)
        news = page.next_event()
        headers = page.response.headers

    assert (standing["state"], standing["progress"]) == ("queued", 0.0)
    assert news == {
        "topic": f"job:{job.id}",
        "event": "job",
        "id": str(job.id),
        "kind": "tests.succeed",
        "state": "running",
        "progress": 0.25,
        "message": "A quarter",
    }
    assert headers["Content-Type"] == "text/event-stream"
    assert headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in headers


def test_page_that_comes_back_hears_what_it_missed_once(web: str, owner: User) -> None:
    topic = f"jobs:{owner.id}"
    with listening(web, owner, topic) as page:
        publish(topic, "job", {"state": "queued"})
        page.next_event()
        last = page.last_id
    publish(topic, "job", {"state": "running"})
    publish(topic, "job", {"state": "succeeded"})

    with listening(web, owner, topic, **{"Last-Event-ID": last}) as page:
        heard = [page.next_event()["state"], page.next_event()["state"]]
        is_silent = page.is_silent()

    assert heard == ["running", "succeeded"]
    assert is_silent


def test_stream_survives_a_redis_that_is_killed(
    web: str, owner: User, embedded_services: Services
) -> None:
    topic = f"jobs:{owner.id}"
    server = next(one for one in embedded_services.servers if isinstance(one, Redis))
    with listening(web, owner, topic) as page:
        publish(topic, "job", {"state": "before"})
        before = page.next_event()["state"]
        os.kill(server.process().pid, signal.SIGKILL)
        publish(topic, "job", {"state": "lost with the broker"})
        server.start()
        publish(topic, "job", {"state": "after"})
        after = page.next_event()["state"]

    assert (before, after) == ("before", "after")


def test_two_hundred_streams_hold_no_database_connection(web: str, owner: User) -> None:
    topic = f"jobs:{owner.id}"
    cookies = cookies_of(owner)
    before = database_connections()
    with ExitStack() as stack:
        client = stack.enter_context(
            httpx.Client(
                timeout=PATIENCE_S,
                cookies=cookies,
                limits=httpx.Limits(max_connections=MANY),
            )
        )
        lines = []
        for _page in range(MANY):
            response = stack.enter_context(
                client.stream("GET", f"{web}/events/", params={"topics": topic})
            )
            lines.append(response.iter_lines())
            assert next(lines[-1]) == "retry: 2000"
        held = database_connections()
        publish(topic, "job", {"state": "running"})
        heard = [
            next(line for line in lines_ if line.startswith("data: "))
            for lines_ in lines
        ]

    assert len(heard) == MANY
    assert held <= before


def database_connections() -> int:
    """Return how many connections others than this test hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"  # the server tidies up meanwhile
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "topics_missing"),
        ("topics=", 400, "topics_missing"),
        ("topics=" + ",".join(f"job:{n}" for n in range(201)), 400, "topics_missing"),
        ("topics=weather:1", 400, "topic_unknown"),
        ("topics=job", 400, "topic_unknown"),
        ("topics=job:<script>", 400, "topic_unknown"),
        ("topics=jobs:1&last_event_id=x", 400, "last_event_id_malformed"),
        ("topics=job:1", 403, "not_permitted"),
        (f"topics=job:{UUID(int=7)}", 403, "not_permitted"),
        (f"topics=jobs:{UUID(int=7)}", 403, "not_permitted"),
    ],
)
def test_what_cannot_be_heard_is_refused_in_words(
    owner: User, query: str, status: int, code: str
) -> None:
    client = Client()
    client.force_login(owner)

    answer = client.get(f"/events/?{query}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_stranger_is_refused(job_of: Callable[..., Job]) -> None:
    job = job_of("succeed")

    answer = Client().get(f"/events/?topics=job:{job.id}")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Anji"'


def test_one_topic_of_another_refuses_all(
    owner: User, job_of: Callable[..., Job]
) -> None:
    job = job_of("succeed")
    client = Client()
    client.force_login(owner)

    answer = client.get(f"/events/?topics=jobs:{owner.id},job:{job.id}")

    assert answer.status_code == 403
