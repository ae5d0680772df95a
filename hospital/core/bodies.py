"""Request bodies that stop coming: a thread must not wait for them for ever."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

Message = dict[str, Any]  # Any: an ASGI message has no fixed values
Receive = Callable[[], Awaitable[Message]]

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


def is_upload(scope: Message) -> bool:
    """Whether the request brings images: a POST to the REST or the STOW-RS door."""
    path: str = scope["path"]
    is_rest = path == REST_DOOR
    is_stow = path.startswith(STOW_DOOR)
    return scope["method"] == "POST" and (is_rest or is_stow)
