"""Uploaded files go to disk as they come, and hold no descriptor while they wait.

Django's own handler keeps each file open: a folder of ten thousand slices would need as
many descriptors.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkstemp
from typing import IO, Any, TypeVar  # Any: the base class's own untyped signatures

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from hospital.core.bodies import REST_DOOR

FORM_OVERHEAD_BYTES = 16 * 1024**2  # boundaries and part headers of 10,000 files
SMALL_FORM_BYTES = 64 * 1024  # those of a few files, and the fields beside them

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Let the form of a page bring larger files than others may.

    A REST view says the same by its attribute `most_file_bytes`.
    """

    def decorate(view: View) -> View:
        view.most_file_bytes = most_bytes  # type: ignore[attr-defined]  # read below
        return view

    return decorate


class SpooledFile(UploadedFile):  # type: ignore[type-arg]  # not generic at run time
    """An uploaded file on disk, opened when it is read, removed when it is closed."""

    def __init__(self, path: Path, *, name: str, size: int, content_type: str) -> None:
        self.path = path
        self._opened: IO[bytes] | None = None
        super().__init__(None, name=name, content_type=content_type, size=size)

    @property
    def file(self) -> IO[bytes]:
        """The open file; reading and seeking go through it."""
        if self._opened is None:
            self._opened = self.path.open("rb")
        return self._opened

    @file.setter
    def file(self, value: IO[bytes] | None) -> None:
        self._opened = value

    def temporary_file_path(self) -> str:
        """Return where the bytes lie; Django asks for it under this name."""
        return str(self.path)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the bytes; the descriptor is closed again at the end."""
        with self.path.open("rb") as file:
            while chunk := file.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
                yield chunk

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move within the file; to the start of one that is not open: nothing to do."""
        if self._opened is None and (offset, whence) == (0, 0):
            return 0
        return self.file.seek(offset, whence)

    def open(self, mode: str | None = None) -> "SpooledFile":  # type: ignore[override]
        self.file.seek(0)
        return self

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        self.path.unlink(missing_ok=True)


class SpooledFileUploadHandler(FileUploadHandler):
    """Writes each file of a form into the uploads folder."""

    draft: IO[bytes] | None = None
    path: Path

    def handle_raw_input(
        self,
        input_data: object,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse what is too large by its own word, before any of it is read.

        Only the upload's own door takes very large bodies: elsewhere a stranger's form
        would fill the disk before anybody asks who it is.
        """
        limit = _most_bytes(self.request)
        if content_length > limit:
            message = f"The upload is larger than the {limit} bytes that may be sent."
            raise RequestDataTooBig(message)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = mkstemp(dir=folder, suffix=".upload")
        self.path = Path(name)
        self.draft = open(descriptor, "wb")  # noqa: PTH123, SIM115 (closed below)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.draft is not None:
            self.draft.write(raw_data)

    def file_complete(self, file_size: int) -> SpooledFile:
        self._close()
        return SpooledFile(
            self.path,
            name=self.file_name or "",
            size=file_size,
            content_type=self.content_type or "",
        )

    def upload_interrupted(self) -> None:
        if self.draft is not None:
            self._close()
            self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self.draft is not None:
            self.draft.close()
            self.draft = None


def _most_bytes(request: HttpRequest | None) -> int:
    """Return how large a form may be for the view that it is for."""
    if request is None or request.path == REST_DOOR:
        return int(settings.UPLOAD_MAX_BYTES) + FORM_OVERHEAD_BYTES
    view = request.resolver_match and request.resolver_match.func
    said = getattr(getattr(view, "cls", view), "most_file_bytes", 0)
    return max(int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE), said + SMALL_FORM_BYTES)
