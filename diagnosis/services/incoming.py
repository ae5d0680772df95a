"""What comes in, before anything is believed of it: staged files, ZIP opened."""

import io
import logging
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from hospital.core.errors import InvalidInput

log = logging.getLogger(__name__)

CHUNK = 1 << 20
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
END_RECORD = b"PK\x05\x06"
END_RECORD_BYTES = 22
LONGEST_COMMENT = 65_535
MAX_RATIO = 200  # a CT deflates to a third; a bomb to a thousandth
RATIO_FREE_BYTES = 10 * 1024**2  # small files may be as empty as they like
BYTES_PER_ENTRY = 1024  # of the central directory: a name and little else


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One uploaded file: the name it came under, and where its bytes lie."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that was not taken, and why."""

    file: str
    code: str
    message: str
    sop_class_uid: str = ""
    sop_instance_uid: str = ""

    def as_json(self) -> dict[str, str]:
        return {"file": self.file, "code": self.code, "message": self.message}


class TooMuch(InvalidInput):
    """More than one upload may bring."""

    status = 413


@dataclass(slots=True)
class Staging:
    """A folder of this upload's own, gone when the upload ends."""

    folder: Path
    used_bytes: int = 0
    count: int = 0

    def next_path(self) -> Path:
        self.count += 1
        return self.folder / f"{self.count}"


def staging_folder() -> "TemporaryDirectory[str]":
    """Return a new folder among the uploads; the sweep removes what a crash leaves."""
    uploads = Path(settings.FILE_UPLOAD_TEMP_DIR)
    uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
    return TemporaryDirectory(
        dir=uploads, prefix="staging-", ignore_cleanup_errors=True
    )


def check_size(files: Sequence[IncomingFile]) -> None:
    """Refuse an upload of too many files or bytes as a whole."""
    if len(files) > settings.UPLOAD_MAX_FILES:
        raise too_many_files()
    if sum(file.path.stat().st_size for file in files) > settings.UPLOAD_MAX_BYTES:
        raise too_many_bytes()


def opened(
    files: Sequence[IncomingFile], staging: Staging, rejections: list[Rejection]
) -> Iterator[IncomingFile]:
    """Yield every file, those inside a ZIP one by one; `rejections` gets the rest."""
    taken = 0
    for file in files:
        with file.path.open("rb") as source:
            is_zip = source.read(4) in ZIP_SIGNATURES
        found = _members(file, staging, rejections) if is_zip else iter([file])
        for one in found:
            taken += 1
            if taken > settings.UPLOAD_MAX_FILES:
                raise too_many_files()
            yield one


def _members(
    file: IncomingFile, staging: Staging, rejections: list[Rejection]
) -> Iterator[IncomingFile]:
    try:
        _check_directory(file.path)
        with zipfile.ZipFile(file.path) as archive:
            if len(archive.infolist()) > settings.UPLOAD_MAX_FILES:
                raise too_many_files()
            for member in archive.infolist():
                if member.is_dir():
                    continue
                name = f"{file.name}/{_shown(member.filename)}"
                staged = _member(archive, member, name, staging, rejections)
                if staged:
                    yield staged
    except ZIP_BROKEN as error:
        log.info("zip refused", extra={"reason": type(error).__name__})
        rejections.append(_rejection(file.name, "zip_damaged"))


ZIP_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OSError,
    RuntimeError,
)


def _member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    name: str,
    staging: Staging,
    rejections: list[Rejection],
) -> IncomingFile | None:
    code = _refused_code(member)
    if code:
        rejections.append(_rejection(name, code))
        return None
    try:
        with archive.open(member) as source:
            head = source.read(4)
            if head in ZIP_SIGNATURES:
                rejections.append(_rejection(name, "zip_nested"))
                return None
            path = staging.next_path()
            _copy(source, head, path, member=member, staging=staging)
    except ZIP_BROKEN:
        rejections.append(_rejection(name, "zip_damaged"))
        return None
    return IncomingFile(name, path)


def _refused_code(member: zipfile.ZipInfo) -> str:
    """Return why a member is refused by its entry alone, or nothing."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        return "zip_unsafe_name"
    if member.flag_bits & 0x1:
        return "zip_encrypted"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "zip_unsupported"
    if (member.external_attr >> 16) & 0o170000 not in (0, 0o100000):
        return "zip_unsafe_name"  # a link or a device
    free = max(member.compress_size * MAX_RATIO, RATIO_FREE_BYTES)
    return "zip_bomb" if member.file_size > free else ""


def _copy(
    source: IO[bytes],
    head: bytes,
    path: Path,
    *,
    member: zipfile.ZipInfo,
    staging: Staging,
) -> None:
    """Copy a member; `zipfile` stops at the declared size and then checks the CRC."""
    with path.open("xb") as target:
        chunk = head
        while chunk:
            staging.used_bytes += len(chunk)
            if staging.used_bytes > settings.UPLOAD_MAX_BYTES:
                raise too_many_bytes()
            target.write(chunk)
            chunk = source.read(CHUNK)
    if path.stat().st_size != member.file_size:
        message = "the member's size is forged"
        raise zipfile.BadZipFile(message)


def _check_directory(path: Path) -> None:
    """Refuse a central directory larger than the files allowed need."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - END_RECORD_BYTES - LONGEST_COMMENT, 0))
        tail = file.read()
    at = tail.rfind(END_RECORD)
    if at < 0 or len(tail) - at < END_RECORD_BYTES:
        message = "there is no end record"
        raise zipfile.BadZipFile(message)
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    if directory_bytes > settings.UPLOAD_MAX_FILES * BYTES_PER_ENTRY:
        message = "the directory is too large"
        raise zipfile.BadZipFile(message)


def _shown(name: str) -> str:
    """Return a member's name as it may be shown: never used as a path."""
    return "".join(c for c in name.replace("\\", "/") if c.isprintable())[:200]


def _rejection(name: str, code: str) -> Rejection:
    return Rejection(name, code, zip_message(code))


def zip_message(code: str) -> str:
    """Return the sentence for why a ZIP, or a file in one, was not taken."""
    return {
        "zip_damaged": _("The ZIP file is damaged, or its sizes are forged."),
        "zip_nested": _("A ZIP inside a ZIP is not opened. Upload it on its own."),
        "zip_unsafe_name": _("The name inside the ZIP leads outside of it."),
        "zip_encrypted": _("The file inside the ZIP is encrypted."),
        "zip_unsupported": _("The ZIP uses a compression that is not supported."),
        "zip_bomb": _("The file inside the ZIP grows far beyond its size."),
    }[code]


def too_many_bytes() -> TooMuch:
    gigabytes = settings.UPLOAD_MAX_BYTES / 1024**3
    return TooMuch(
        _("An upload may hold %(limit)s GB at most. Send it in parts.")
        % {"limit": f"{gigabytes:g}"},
        code="upload_too_large",
    )


def too_many_files() -> TooMuch:
    return TooMuch(
        _("An upload may hold %(limit)s files at most. Send them in parts.")
        % {"limit": settings.UPLOAD_MAX_FILES},
        code="too_many_files",
    )


def copied(path: Path, staging: Staging, *, prefix: bytes, skip: int) -> Path:
    """Return a staged copy of a file with its first `skip` bytes replaced."""
    target = staging.next_path()
    with path.open("rb") as source, target.open("xb") as copy:
        copy.write(prefix)
        source.seek(skip)
        shutil.copyfileobj(source, copy, CHUNK)
    return target
