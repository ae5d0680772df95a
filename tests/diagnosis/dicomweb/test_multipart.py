"""multipart/related as RFC 2046 and RFC 2387 have it, in pieces of any size."""

import io
from pathlib import Path

import pytest

from diagnosis.dicomweb.multipart import (
    BrokenMultipart,
    OutgoingPart,
    PartReader,
    written,
)


class Dripping(io.BytesIO):
    """Gives a few bytes at a time, as a slow network does."""

    def read(self, size: int = -1, /) -> bytes:
        return super().read(7)


def read(body: bytes, folder: Path, boundary: str = "b") -> list[tuple[str, bytes]]:
    reader = PartReader(Dripping(body), boundary=boundary)
    paths = (folder / str(number) for number in range(100))
    return [(one.content_type, one.path.read_bytes()) for one in reader.parts(paths)]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    contents = [b"", b"one", b"--b", b"\r\n--", b"\r\n--c\r\n\r\n", bytes(range(256))]
    parts = [OutgoingPart("application/dicom", [content]) for content in contents]

    body = b"".join(written(parts, boundary="b"))

    assert read(body, tmp_path) == [("application/dicom", one) for one in contents]


def test_preamble_and_epilogue_mean_nothing(tmp_path: Path) -> None:
    body = b"hello\r\n--b\r\nContent-Type: x/y\r\n\r\ndata\r\n--b--\r\nbye"

    assert read(body, tmp_path) == [("x/y", b"data")]


def test_a_part_may_have_no_header(tmp_path: Path) -> None:
    assert read(b"--b\r\n\r\ndata\r\n--b--", tmp_path) == [("", b"data")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b",
        b"--b\r\nContent-Type: x/y",
        b"--b\r\n\r\ndata",
        b"--b\r\n\r\ndata\r\n--b",
        b"--b\r\nX: " + b"y" * 20_000 + b"\r\n\r\n\r\n--b--",
    ],
)
def test_an_incomplete_body_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(BrokenMultipart):
        read(body, tmp_path)


@pytest.mark.parametrize("boundary", ["", "x" * 71])
def test_an_impossible_boundary_is_refused(tmp_path: Path, boundary: str) -> None:
    with pytest.raises(BrokenMultipart):
        read(b"--b--", tmp_path, boundary)
