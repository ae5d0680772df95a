"""Uploaded files go to disk as they come, and hold no descriptor while they wait.

Django's own handler keeps each file open: a folder of ten thousand slices would need as
many descriptors.
"""

from pathlib import Path
from tempfile import mkstemp
from typing import IO, Any  # Any: the base class's own untyped signatures

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class SpooledFile(UploadedFile):  # type: ignore[type-arg]  # not generic at run time
    """An uploaded file on disk, opened when it is read, removed when it is closed."""

    def __init__(self, path: Path, *, name: str, size: int, content_type: str) -> None:
        super().__init__(None, name=name, content_type=content_type, size=size)
        self.path = path

    def temporary_file_path(self) -> str:
        """Return where the bytes lie; Django asks for it under this name."""
        return str(self.path)

    def open(self, mode: str | None = None) -> "SpooledFile":  # type: ignore[override]
        if self.file is None:
            self.file = self.path.open(mode or "rb")
        self.file.seek(0)
        return self

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None
        self.path.unlink(missing_ok=True)


class SpooledFileUploadHandler(FileUploadHandler):
    """Writes each file of a form into the uploads folder."""

    draft: IO[bytes] | None = None
    path: Path

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
