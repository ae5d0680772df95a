"""Files on disk that a power cut cannot lose once they are saved.

Any other storage of Django's (S3 through django-storages) may take its place by the
setting `STORAGES`; names are content addresses, so overwriting changes nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """Saves by: write beside, fsync, rename, fsync the folder."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself: the same name always means the same bytes."""
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        make_durable_folder(target.parent, root=Path(self.location))
        draft = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            _write(draft, content)
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(target.parent)
        return name


def _write(draft: Path, content: "File[bytes]") -> None:
    """Give the bytes a name beside their target: by a link where they are a file."""
    given = getattr(content, "temporary_file_path", None)
    if given is not None:
        with suppress(OSError):  # another disk, or no links there: copy
            os.link(given(), draft)
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            return
    with draft.open("xb") as file:
        for chunk in content.chunks():
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def make_durable_folder(folder: Path, *, root: Path) -> None:
    """Make a folder and its parents, each known to the disk before it is used."""
    if folder.is_dir():
        return
    if folder != root and root in folder.parents:
        make_durable_folder(folder.parent, root=root)
    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk know a folder's names."""
    with _opened(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
