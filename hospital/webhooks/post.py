"""One POST to a foreign server: ten seconds in all, no redirect, a short answer."""

import http.client
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from hospital.core.outside import Allowed, connected

TIMEOUT_S = 10.0
EXCERPT_BYTES = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, and how the answer begins."""

    status: int
    excerpt: str


def post(
    url: str,
    *,
    body: str,
    headers: Mapping[str, str],
    allowed: Allowed,
    timeout_s: float = TIMEOUT_S,
) -> Answer:
    """Send the body, and return what came back.

    Raises:
        AddressRefused: Nothing may be sent there.
        OSError, HTTPException: Nobody answered in time, or not in HTTP.
    """
    until = time.monotonic() + timeout_s
    with connected(url, allowed=allowed, timeout_s=timeout_s) as (connection, target):
        connection.request("POST", target.path, body.encode(), dict(headers))
        with connection.getresponse() as answer:
            if time.monotonic() >= until:
                raise TimeoutError("The answer's head was cut off.")
            return Answer(answer.status, _excerpt(answer))


def _excerpt(answer: http.client.HTTPResponse) -> str:
    """Return how the answer begins; one that breaks off was an answer all the same."""
    text = b""
    with suppress(OSError, http.client.HTTPException):
        text = answer.read(EXCERPT_BYTES)
    return text.decode(errors="replace").replace("\0", "")
