"""Uploaded files lie on disk, closed, until somebody reads them."""

from pathlib import Path

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from hospital.core.uploads import SpooledFile, SpooledFileUploadHandler


def spooled(folder: Path) -> SpooledFile:
    path = folder / "a.upload"
    path.write_bytes(b"0123456789")
    return SpooledFile(path, name="a", size=10, content_type="text/plain")


def test_it_is_read_without_staying_open(tmp_path: Path) -> None:
    file = spooled(tmp_path)

    assert b"".join(file.chunks(3)) == b"0123456789"
    assert file.seek(0) == 0
    assert file._opened is None


def test_it_reads_as_a_file(tmp_path: Path) -> None:
    file = spooled(tmp_path)

    assert file.read(4) == b"0123"
    assert file.open().read() == b"0123456789"
    file.close()


def test_it_is_gone_when_closed(tmp_path: Path) -> None:
    file = spooled(tmp_path)

    file.close()
    file.close()

    assert not file.path.exists()


def test_only_the_uploads_own_door_takes_large_forms(rf: RequestFactory) -> None:
    file = SimpleUploadedFile("a.bin", b"0" * 6_000_000)
    elsewhere = rf.post("/accounts/login/", {"file": file})
    elsewhere.upload_handlers = [SpooledFileUploadHandler(elsewhere)]
    file.seek(0)
    upload = rf.post("/api/v1/studies/", {"file": file})
    upload.upload_handlers = [SpooledFileUploadHandler(upload)]

    with pytest.raises(RequestDataTooBig):
        elsewhere.FILES.get("file")

    assert upload.FILES["file"].size == 6_000_000
    upload.FILES["file"].close()
