"""The file store: every object once, under the sha256 of its bytes."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.temp import NamedTemporaryFile

CHUNK = 1 << 20


class StagedContent(File):  # type: ignore[type-arg]  # bytes, as opened below
    """A staged file that a storage on the same disk may link instead of copying."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def name_of(digest: str) -> str:
    """Return where an object lies in the store."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def digest_of(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store(path: Path, *, digest: str) -> None:
    """Put a file into the store, unless its bytes are there already.

    A known object is marked as just used, so that the sweep leaves it to its new owner.
    """
    name = name_of(digest)
    if default_storage.exists(name) and _touch(name):
        return
    with StagedContent(path) as content:
        default_storage.save(name, content)


def store_bytes(data: bytes) -> str:
    """Put bytes into the store and return their digest."""
    digest = hashlib.sha256(data).hexdigest()
    with NamedTemporaryFile() as draft:
        draft.write(data)
        draft.flush()
        store(Path(draft.name), digest=digest)
    return digest


def is_stored(digest: str) -> bool:
    return bool(default_storage.exists(name_of(digest)))


@contextmanager
def local_file(digest: str) -> Iterator[Path]:
    """Give an object as a file of this machine, for a decoder child to read."""
    name = name_of(digest)
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # a storage elsewhere: S3
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / digest
            with default_storage.open(name) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, CHUNK)
            yield copy
    else:
        yield path


def open_stored(digest: str) -> "File[bytes]":
    """Return an object opened for reading."""
    return default_storage.open(name_of(digest))


def remove(digest: str) -> None:
    """Take an object out of the store; the sweep alone may."""
    default_storage.delete(name_of(digest))


def stored_digests() -> Iterator[tuple[str, datetime]]:
    """Yield every object with the time it was last put there."""
    for first in _folders(""):
        for folder in _folders(first):
            _, names = default_storage.listdir(folder)
            for name in names:
                yield name, default_storage.get_modified_time(f"{folder}/{name}")


def _folders(inside: str) -> list[str]:
    if not default_storage.exists(inside or "."):
        return []
    folders, _ = default_storage.listdir(inside)
    return sorted(f"{inside}/{name}".lstrip("/") for name in folders)


def _touch(name: str) -> bool:
    """Mark an object as just used; False where it vanished or cannot be marked."""
    try:
        os.utime(default_storage.path(name))
    except (NotImplementedError, FileNotFoundError):
        return False
    return True
