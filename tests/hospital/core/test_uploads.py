"""Uploaded files lie on disk, closed, until somebody reads them."""

from pathlib import Path

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import resolve

from consult.services.speech import MOST_AUDIO_BYTES
from diagnosis.services.label_imports import LARGEST_FILE as LARGEST_LABELS
from hospital.core.uploads import (
    SMALL_FORM_BYTES,
    SpooledFile,
    SpooledFileUploadHandler,
)
from scheduling.services.past import LARGEST_FILE as LARGEST_PAST

PROJECT = "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a01"


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


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/api/v1/transcriptions/", MOST_AUDIO_BYTES),
        (f"/api/v1/labelling-projects/{PROJECT}/imports/", LARGEST_LABELS),
        (f"/labelling/{PROJECT}/imports/", LARGEST_LABELS),
        ("/rosters/history/", LARGEST_PAST),
    ],
)
def test_a_view_takes_files_as_large_as_it_says(
    address: str, most: int, rf: RequestFactory
) -> None:
    request = rf.post(address)
    request.resolver_match = resolve(address)
    handler = SpooledFileUploadHandler(request)

    handler.handle_raw_input(None, {}, most + SMALL_FORM_BYTES, "")

    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(None, {}, most + SMALL_FORM_BYTES + 1, "")


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
