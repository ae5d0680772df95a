"""Clients that stop sending, or taking: no thread of the pages waits for them."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

Message = dict[str, Any]  # Any: an ASGI message has no fixed values
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

REST_DOOR = "/api/v1/studies/"
STOW_DOOR = "/dicomweb/studies"


def in_time(receive: Receive, *, between_s: float, total_s: float | None) -> Receive:
    """Return a `receive` that gives up on a body which does not arrive.

    A body cut short ends in an error, so it is never taken for a whole one.

    Args:
        receive: ASGI's own.
        between_s: The longest wait for the next piece.
        total_s: The longest time for all of it; None for uploads, which may be large.

    Raises:
        TimeoutError: (from the result) The next piece came too late.
        ConnectionResetError: (from the result) The client left before the end.
    """
    deadline = time.monotonic() + total_s if total_s is not None else None
    is_whole = False

    async def next_message() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        left = between_s if deadline is None else deadline - time.monotonic()
        message = await asyncio.wait_for(receive(), min(between_s, max(left, 0)))
        if message["type"] == "http.disconnect":
            text = "The client left before its request was whole."
            raise ConnectionResetError(text)
        is_whole = not message.get("more_body", False)
        return message

    return next_message


async def arrived(receive: Receive, *, most_bytes: int) -> tuple[Receive, bool]:
    """Return a `receive` that begins with what has come, and whether that is all.

    A small body is waited for here, where it costs no thread.

    Raises:
        TimeoutError, ConnectionResetError: As `in_time` does.
    """
    came: deque[Message] = deque()
    size, is_whole = 0, False
    while not is_whole and size <= most_bytes:
        message = await receive()
        came.append(message)
        size += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)

    async def next_message() -> Message:
        return came.popleft() if came else await receive()

    return next_message, is_whole


def taken_in_time(send: Send, *, within_s: float) -> Send:
    """Return a `send` that goes on without a client who takes nothing for so long.

    What follows is dropped: whoever makes the answer comes to its end and is free.
    """
    is_gone = False

    async def to_client(message: Message) -> None:
        nonlocal is_gone
        if is_gone:
            return
        try:
            async with asyncio.timeout(within_s):
                await send(message)
        except TimeoutError:
            is_gone = True

    return to_client


def is_upload(scope: Message) -> bool:
    """Whether the request brings images: a POST to the REST or the STOW-RS door."""
    path: str = scope["path"]
    is_rest = path == REST_DOOR
    is_stow = path.startswith(STOW_DOOR)
    return scope["method"] == "POST" and (is_rest or is_stow)
