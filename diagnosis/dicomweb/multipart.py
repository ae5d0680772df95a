"""multipart/related, read to disk as it comes and written as it goes (RFC 2387)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from django.utils.translation import gettext as _

from hospital.core.errors import InvalidInput

CHUNK = 1 << 16
MAX_PART_HEADERS = 16 * 1024
MAX_BOUNDARY = 70  # RFC 2046 5.1.1


class Stream(Protocol):
    """What a request's body can do."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One part's content on disk."""

    content_type: str
    path: Path


class BrokenMultipart(InvalidInput):
    """The body is not the multipart message that its header announces."""

    status = 400


class PartReader:
    """Reads a body part by part; each goes to the path that `next_path` gives."""

    def __init__(self, stream: Stream, *, boundary: str) -> None:
        if not boundary or len(boundary) > MAX_BOUNDARY:
            raise _broken()
        self._stream = stream
        self._delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
        self._buffer = b"\r\n"  # so that the first delimiter looks like the others
        self._ended = False

    def parts(self, paths: Iterator[Path]) -> Iterator[Part]:
        """Yield every part, written to the next of `paths`."""
        for _chunk in self._until_delimiter():
            pass  # the preamble means nothing (RFC 2046 5.1.1)
        while not self._at_close():
            headers = self._headers()
            path = next(paths)
            with path.open("xb") as file:
                for chunk in self._until_delimiter():
                    file.write(chunk)
            yield Part(headers.get("content-type", ""), path)

    def _fill(self) -> bool:
        chunk = self._stream.read(CHUNK)
        self._buffer += chunk
        return bool(chunk)

    def _until_delimiter(self) -> Iterator[bytes]:
        """Yield the bytes before the next delimiter and step over it."""
        while True:
            at = self._buffer.find(self._delimiter)
            if at >= 0:
                yield self._buffer[:at]
                self._buffer = self._buffer[at + len(self._delimiter) :]
                return
            keep = len(self._delimiter) - 1
            if len(self._buffer) > keep:
                yield self._buffer[:-keep]
                self._buffer = self._buffer[-keep:]
            if not self._fill():
                raise _broken()

    def _at_close(self) -> bool:
        while len(self._buffer) < 2:
            if not self._fill():
                raise _broken()
        return self._buffer.startswith(b"--")

    def _headers(self) -> dict[str, str]:
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > MAX_PART_HEADERS or not self._fill():
                raise _broken()
        if self._buffer.startswith(b"\r\n\r\n"):  # no header at all
            block, self._buffer = b"", self._buffer[4:]
        else:
            block, _sep, self._buffer = self._buffer.partition(b"\r\n\r\n")
        lines = block.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines if ":" in line)
        return {name.strip().lower(): value.strip() for name, _, value in pairs}


@dataclass(frozen=True, slots=True)
class OutgoingPart:
    """One part of an answer: its type and its bytes, piece by piece."""

    content_type: str
    chunks: Iterable[bytes]
    location: str = ""


def new_boundary() -> str:
    return uuid4().hex


def written(parts: Iterable[OutgoingPart], *, boundary: str) -> Iterator[bytes]:
    """Yield a multipart body."""
    for part in parts:
        head = f"--{boundary}\r\nContent-Type: {part.content_type}\r\n"
        if part.location:
            head += f"Content-Location: {part.location}\r\n"
        yield f"{head}\r\n".encode()
        yield from part.chunks
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _broken() -> BrokenMultipart:
    return BrokenMultipart(
        _("The body is not a complete multipart/related message."),
        code="broken_multipart",
    )
