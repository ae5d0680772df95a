"""How parent and child speak: a length, a JSON header, a length, bytes.

Both lengths are unsigned 32-bit big-endian; the bytes may be empty.
"""

import json
import os
import select
import struct
from collections.abc import Callable
from typing import Any  # Any: the header is JSON of either side's making

LENGTHS = struct.Struct(">II")
CHUNK = 1 << 20
MAX_MESSAGE_BYTES = 256 * 1024**2  # nothing we send is longer


class WireClosedError(ConnectionError):
    """The other side is gone."""


class WireTimeoutError(TimeoutError):
    """The other side did not answer in time."""


def send(fd: int, header: dict[str, Any], body: bytes | memoryview = b"") -> None:
    """Write one message; raises WireClosedError when nobody reads any more."""
    head = json.dumps(header, allow_nan=False).encode()
    try:
        for part in (LENGTHS.pack(len(head), len(body)) + head, body):
            view = memoryview(part)
            while view:
                view = view[os.write(fd, view[:CHUNK]) :]
    except OSError as error:
        raise WireClosedError from error


def receive(
    fd: int, *, patience: Callable[[], float] | None = None
) -> tuple[dict[str, Any], bytearray]:
    """Return one message; `patience` says how many more seconds to wait for it."""
    head_size, body_size = LENGTHS.unpack(_read(fd, LENGTHS.size, patience))
    if head_size > MAX_MESSAGE_BYTES or body_size > MAX_MESSAGE_BYTES:
        raise WireClosedError
    head = json.loads(_read(fd, head_size, patience))
    return head, _read(fd, body_size, patience)


def _read(fd: int, size: int, patience: Callable[[], float] | None) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    readable = select.poll()  # select() knows no descriptor above 1023
    readable.register(fd, select.POLLIN)
    while view:
        while patience is not None:
            seconds = patience()
            if seconds <= 0:
                raise WireTimeoutError
            if readable.poll(seconds * 1000):
                break
        count = os.readv(fd, [view[:CHUNK]])
        if count == 0:
            raise WireClosedError
        view = view[count:]
    return data
