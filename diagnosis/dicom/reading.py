"""Opens a DICOM file within limits. Loads pydicom: decoder children and workers only.

pydicom reads almost anything and defends against nothing, so the limits are enforced
while it reads: element count, nesting, declared lengths, size after inflation.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from pydicom import config
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_file_meta_info
from pydicom.tag import BaseTag
from pydicom.uid import UID

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.limits import MAX_ELEMENTS, MAX_INFLATED_BYTES
from diagnosis.dicom.syntaxes import (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    EXPLICIT_VR_BIG_ENDIAN,
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    NATIVE,
    SUPPORTED,
)

config.settings.reading_validation_mode = config.IGNORE

PIXEL_KEYWORDS = {
    0x7FE00008: "FloatPixelData",
    0x7FE00009: "DoubleFloatPixelData",
    0x7FE00010: "PixelData",
}
UNDEFINED_LENGTH = 0xFFFFFFFF
PREAMBLE_BYTES = 128
MAGIC = b"DICM"


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the pixel data lies in `OpenedFile.source`."""

    keyword: str
    vr: str | None
    offset: int
    length: int  # UNDEFINED_LENGTH when encapsulated


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A data set without its pixel data, and where the pixel data is."""

    dataset: Dataset
    transfer_syntax_uid: str
    source: BinaryIO  # the file, or the inflated data set
    source_size: int
    pixels: PixelElement | None
    prefix: bytes  # with the file from `skip_bytes` on: a Part 10 file
    skip_bytes: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.source.close()


def open_dicom(path: Path, *, tags: list[int] | None = None) -> OpenedFile:
    """Return the data set of a file up to its pixel data; close it by `with`.

    Args:
        path: The file.
        tags: Read the values of these attributes only.

    Raises:
        DicomRefused: The file breaks a limit or the encoding rules.

    References:
        DICOM PS3.10 7.1, PS3.5 7 and A.5.
    """
    source = path.open("rb")
    try:
        return _opened(source, size=path.stat().st_size, tags=tags)
    except BaseException:
        source.close()
        raise


def _opened(source: BinaryIO, *, size: int, tags: list[int] | None) -> OpenedFile:
    if size == 0:
        raise DicomRefused("empty")
    prefix, skip_bytes, start = _preamble(source)
    source.seek(start)
    meta = _file_meta(source)
    syntax = _transfer_syntax(meta, source)
    if "TransferSyntaxUID" not in meta:
        prefix, skip_bytes = _synthetic_meta(meta, syntax), source.tell()
    if syntax == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN:
        inflated = _inflate(source)
        source.close()
        source, size = io.BytesIO(inflated), len(inflated)
    dataset = _read(source, size=size, syntax=syntax, tags=tags)
    dataset.file_meta = meta
    pixels = _pixel_element(
        source,
        size=size,
        is_implicit=bool(dataset.original_encoding[0]),
        order="><"[bool(dataset.original_encoding[1])],
    )
    return OpenedFile(dataset, syntax, source, size, pixels, prefix, skip_bytes)


def _preamble(source: BinaryIO) -> tuple[bytes, int, int]:
    """Return the inert prefix, how much of the file it replaces, where meta starts.

    A preamble may hold an executable or a web page (DICOM PS3.10 7.1): zeros replace it.
    """
    head = source.read(PREAMBLE_BYTES + len(MAGIC))
    if head[PREAMBLE_BYTES:] == MAGIC:
        if len(head) + 8 > source.seek(0, io.SEEK_END):
            raise DicomRefused("truncated")
        return bytes(PREAMBLE_BYTES), PREAMBLE_BYTES, len(head)
    if len(head) < 8:
        raise DicomRefused("not_dicom")
    group, element = struct.unpack("<HH", head[:4])
    meta_first = group == 0x0002 and head[4:6].isalpha()
    implicit = (
        group == 0x0008 and element <= 0x0018 and head[6:8] == b"\0\0"
    )  # a length below 64 KiB follows the tag
    explicit = group == 0x0008 and element <= 0x0018 and head[4:6].isalpha()
    if not (meta_first or implicit or explicit):
        raise DicomRefused("not_dicom")
    return bytes(PREAMBLE_BYTES) + MAGIC, 0, 0


def _file_meta(source: BinaryIO) -> FileMetaDataset:
    """Return group 0002, which is always explicit VR little endian."""

    def beyond_meta(tag: BaseTag, _vr: str | None, _length: int) -> bool:
        return tag.group != 0x0002

    start = source.tell()
    if source.read(2) != b"\x02\x00":
        source.seek(start)
        return FileMetaDataset()
    source.seek(start)
    dataset = read_dataset(
        source,
        is_implicit_VR=False,
        is_little_endian=True,
        stop_when=beyond_meta,
    )
    return FileMetaDataset(dataset)


def _transfer_syntax(meta: FileMetaDataset, source: BinaryIO) -> str:
    if "TransferSyntaxUID" in meta:
        syntax = str(meta.TransferSyntaxUID).strip("\0 ")
        if syntax not in SUPPORTED:
            name = syntax[:64] if syntax.isprintable() else "?"
            raise DicomRefused("unsupported_transfer_syntax", f"({name})")
        return syntax
    start = source.tell()
    head = source.read(6)
    source.seek(start)
    if len(head) < 6:
        raise DicomRefused("truncated")
    if not head[4:6].isalpha():
        return IMPLICIT_VR_LITTLE_ENDIAN
    return EXPLICIT_VR_BIG_ENDIAN if head[0] == 0 else EXPLICIT_VR_LITTLE_ENDIAN


def _synthetic_meta(meta: FileMetaDataset, syntax: str) -> bytes:
    """Return preamble, prefix and a group 0002 for a data set that came without."""
    meta.TransferSyntaxUID = UID(syntax)
    buffer = DicomBytesIO()
    buffer.write(bytes(PREAMBLE_BYTES) + MAGIC)
    write_file_meta_info(buffer, meta, enforce_standard=False)
    return buffer.getvalue()


def _inflate(source: BinaryIO) -> bytes:
    """Return the inflated data set, refusing to grow beyond the limit."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = inflater.decompress(source.read(), MAX_INFLATED_BYTES)
    except zlib.error as error:
        raise DicomRefused("truncated", "(deflated data set)") from error
    if not inflater.eof and len(inflated) >= MAX_INFLATED_BYTES:
        raise DicomRefused("decompression_bomb")
    if not inflater.eof:
        raise DicomRefused("truncated", "(deflated data set)")
    return inflated


def _read(
    source: BinaryIO, *, size: int, syntax: str, tags: list[int] | None
) -> Dataset:
    """Return the elements before the pixel data; `source` is left at its tag."""
    count = 0

    def stop_when(tag: BaseTag, _vr: str | None, length: int) -> bool:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS:
            raise DicomRefused("too_many_elements", f"(over {MAX_ELEMENTS})")
        if tag in PIXEL_KEYWORDS:
            return True
        if length != UNDEFINED_LENGTH and source.tell() + length > size:
            raise DicomRefused("truncated", f"(in {tag})")
        return False

    try:
        return read_dataset(
            source,
            is_implicit_VR=UID(syntax).is_implicit_VR if syntax in NATIVE else False,
            is_little_endian=syntax != EXPLICIT_VR_BIG_ENDIAN,
            stop_when=stop_when,
            specific_tags=[BaseTag(tag) for tag in tags] if tags else None,
        )
    except RecursionError as error:
        raise DicomRefused("nesting") from error
    except EOFError as error:
        raise DicomRefused("truncated") from error


def _pixel_element(
    source: BinaryIO, *, size: int, is_implicit: bool, order: str
) -> PixelElement | None:
    head = source.read(8)
    if len(head) < 8:
        return None
    vr = None
    if is_implicit:
        group, element, length = struct.unpack(f"{order}HHL", head)
    else:
        group, element, vr_bytes, _ = struct.unpack(f"{order}HH2sH", head)
        rest = source.read(4)
        if len(rest) < 4:
            raise DicomRefused("truncated", "(in the pixel data)")
        (length,) = struct.unpack(f"{order}L", rest)
        vr = vr_bytes.decode("ascii", "replace")
    keyword = PIXEL_KEYWORDS.get(group << 16 | element)
    if keyword is None:
        return None
    offset = source.tell()
    if length != UNDEFINED_LENGTH and offset + length > size:
        raise DicomRefused("truncated", "(in the pixel data)")
    return PixelElement(keyword, vr, offset, length)
