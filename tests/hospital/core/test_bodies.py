"""Who stops sending is given up, who stops taking is gone on without."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from hospital.core.bodies import (
    Message,
    Receive,
    arrived,
    in_time,
    is_upload,
    taken_in_time,
)

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
    ("messages", "most_bytes", "is_whole"),
    [
        ([WHOLE], 9, True),
        ([PIECE, PIECE, WHOLE], 9, True),
        ([PIECE, PIECE, WHOLE], 1, False),
    ],
)
def test_small_body_is_there_before_anybody_reads_it(
    messages: list[Message], most_bytes: int, *, is_whole: bool
) -> None:
    async def run() -> tuple[list[Message], bool]:
        receive, whole = await arrived(client(messages), most_bytes=most_bytes)
        return [await receive() for _ in messages], whole

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, run()).result() == (messages, is_whole)


def test_answer_ends_without_a_client_who_takes_nothing() -> None:
    taken: list[Message] = []

    async def send(message: Message) -> None:
        if taken:
            await asyncio.Event().wait()
        taken.append(message)

    async def run() -> None:
        to_client = taken_in_time(send, within_s=0.01)
        for number in range(3):
            await to_client({"number": number})

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result()
    assert taken == [{"number": 0}]


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
