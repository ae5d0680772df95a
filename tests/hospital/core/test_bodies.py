"""A body that stops coming is given up, and never taken for a whole one."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from hospital.core.bodies import Message, Receive, in_time, is_upload

WHOLE = {"type": "http.request", "body": b"all", "more_body": False}
PIECE = {"type": "http.request", "body": b"a", "more_body": True}
GONE = {"type": "http.disconnect"}


def client(messages: Sequence[Message]) -> Receive:
    """Return a client that sends the messages and then nothing more."""
    waiting = list(messages)

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    return receive


def read(
    messages: Sequence[Message], *, between_s: float = 5, total_s: float | None = None
) -> list[Message]:
    async def run() -> list[Message]:
        receive = in_time(client(messages), between_s=between_s, total_s=total_s)
        return [await receive() for _ in range(max(len(messages), 1))]

    with ThreadPoolExecutor(1) as pool:  # the browser tests' loop holds this thread
        return pool.submit(asyncio.run, run()).result()


def test_whole_body_passes_as_it_is() -> None:
    assert read([PIECE, WHOLE]) == [PIECE, WHOLE]


def test_client_may_leave_once_its_body_is_whole() -> None:
    assert read([WHOLE, GONE]) == [WHOLE, GONE]


def test_client_that_leaves_before_the_end_is_an_error() -> None:
    with pytest.raises(ConnectionResetError):
        read([PIECE, GONE])


def test_stalled_body_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        read([], between_s=0.01)


def test_body_that_drips_past_the_whole_time_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        read([PIECE] * 3, total_s=0)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/api/v1/studies/", True),
        ("POST", "/dicomweb/studies", True),
        ("POST", "/dicomweb/studies/1.2.3", True),
        ("GET", "/api/v1/studies/", False),
        ("POST", "/accounts/login/", False),
    ],
)
def test_uploads_are_told_from_pages(method, path, expected) -> None:
    assert is_upload({"method": method, "path": path}) is expected
