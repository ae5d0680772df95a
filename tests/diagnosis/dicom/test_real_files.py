"""Every readable file of the reference sets decodes; every other has its code."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from diagnosis.dicom.errors import SENTENCES, DicomRefused
from diagnosis.dicom.geometry import Slice, stack
from diagnosis.dicom.limits import MEMORY_BYTES
from diagnosis.dicom.pool import DecoderPool, RenderRequest
from tests.diagnosis.realdata import dicom_files

pytestmark = pytest.mark.realdata
SLOWEST_S = 5
REFERENCE = ("cornerstone3D", "pydicom-data", "highdicom")
NOT_IMAGES = {".dat", ".md", ".jpeg", ""}
TWELVE_BIT_JPEG = ("JPEGProcess10_12", "JPEGProcess2_4", "JPEGProcess6_8", "CT0012.")
WITHOUT_PIXELS = ("no-pixel-data", "sr_document", "sm_annotations")


@pytest.mark.parametrize("folder", REFERENCE)
def test_every_readable_file_decodes(folder: str) -> None:
    pool = DecoderPool(size=1, wall_clock_s=60)  # what decodes, not how fast
    refused: dict[str, str] = {}
    decoded = 0

    for path in dicom_files(folder):
        if path.suffix in NOT_IMAGES and not path.name.startswith(("CT1_", "CT2_")):
            continue
        if path.name.startswith(WITHOUT_PIXELS) or any(
            part in path.name for part in TWELVE_BIT_JPEG
        ):
            continue
        try:
            assert pool.pixels(path).data
            assert pool.render(path, RenderRequest())
            decoded += 1
        except DicomRefused as refusal:
            refused[path.name] = refusal.code

    pool.close()
    assert refused == {}
    assert decoded > 20


@pytest.mark.parametrize("folder", ["malformed", "hostile"])
def test_every_hostile_file_is_read_or_refused_in_time(
    pool: DecoderPool, folder: str
) -> None:
    slowest = 0.0
    largest_kb = 0
    codes: set[str] = set()

    for path in dicom_files(folder):
        for ask in (pool.read, pool.pixels):
            code, seconds = timed(ask, path)
            if seconds >= SLOWEST_S:  # was it the file, or a busy machine?
                code, seconds = timed(ask, path)
            codes |= {code} - {""}
            slowest = max(slowest, seconds)
            largest_kb = max(largest_kb, peak_kb(pool))

    assert codes <= SENTENCES.keys()
    assert slowest < SLOWEST_S
    assert largest_kb * 1024 <= MEMORY_BYTES


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.dcm", "empty"),
        ("truncated_132.dcm", "truncated"),
        ("truncated_526227.dcm", "truncated"),
        ("deflate_bomb_400MB.dcm", "decompression_bomb"),
        ("dims_65535x65535_tiny_pixeldata.dcm", "dimensions"),
        ("uid_path_traversal.dcm", "invalid_uid"),
    ],
)
def test_hostile_files_have_their_code(pool: DecoderPool, name: str, code: str) -> None:
    (path,) = [path for path in dicom_files("hostile") if path.name == name]

    with pytest.raises(DicomRefused) as caught:
        pool.read(path)

    assert caught.value.code == code


def test_the_tilted_phantom_is_a_regular_stack(pool: DecoderPool) -> None:
    headers = [pool.read_header(p) for p in dicom_files("philips_phantom_tilt_54")]

    slices = [
        Slice(header.position_mm, header.orientation)
        for header in headers
        if header.position_mm and header.orientation
    ]
    result = stack(slices)

    assert len(slices) == 54
    assert result.plane == "axial"
    assert (result.missing, result.duplicates) == (0, 0)
    assert result.tilt_degrees == pytest.approx(18.5, abs=0.1)


def timed(ask: Callable[[Path], object], path: Path) -> tuple[str, float]:
    """Return the refusal's code, if any, and the seconds it took."""
    began = time.monotonic()
    try:
        ask(path)
    except DicomRefused as refusal:
        return refusal.code, time.monotonic() - began
    return "", time.monotonic() - began


def peak_kb(pool: DecoderPool) -> int:
    """Return the largest resident size any idle child has had."""
    peaks = [0]
    for child in pool._idle:
        status = Path(f"/proc/{child.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        peaks.append(int(line.split()[1]))
    return max(peaks)
