"""The pool survives whatever a child does, and says why a file was refused."""

import io
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.limits import STARVED_FACTOR, WALL_CLOCK_S
from diagnosis.dicom.pool import (
    CHILD_ENVIRONMENT,
    ROOT,
    DecoderPool,
    RenderRequest,
)
from tests.diagnosis.dicom.synthetic import ct_slice, saved

IDENTITY = {
    "study_instance_uid": "1.2.1",
    "series_instance_uid": "1.2.2",
    "sop_instance_uid": "1.2.3",
    "patient_id": "P-9",
    "patient_name": "Li^Wei=李^伟",
}


def test_the_parent_loads_neither_numpy_nor_pydicom() -> None:
    code = (
        "import sys, diagnosis.dicom.pool, diagnosis.dicom.geometry;"
        "print([m for m in ('numpy', 'pydicom', 'PIL') if m in sys.modules])"
    )

    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.strip() == "[]"


def test_a_file_gives_header_and_attributes(pool: DecoderPool, tmp_path: Path) -> None:
    facts = pool.read(saved(ct_slice(), tmp_path / "a.dcm"))

    assert facts.header.patient_id == "P-1"
    assert facts.attributes["00100010"] == {
        "vr": "PN",
        "Value": [{"Alphabetic": "Doe^Jane"}],
    }
    assert "7FE00010" not in facts.attributes


def test_pixels_come_with_shape_and_rescale(pool: DecoderPool, tmp_path: Path) -> None:
    pixels = pool.pixels(saved(ct_slice(), tmp_path / "a.dcm"))

    stored = np.frombuffer(pixels.data, pixels.dtype).reshape(pixels.shape)
    assert pixels.shape == (1, 8, 6)
    assert stored[0, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert (pixels.slope, pixels.intercept) == (2.0, -1000.0)


def test_a_frame_is_explicit_little_endian(pool: DecoderPool, tmp_path: Path) -> None:
    frame = pool.frame(saved(ct_slice(), tmp_path / "a.dcm"), 1)

    assert frame.data == np.arange(48, dtype="<i2").tobytes()
    assert frame.transfer_syntax_uid == "1.2.840.10008.1.2.1"


def test_a_frame_beyond_the_last_is_refused(pool: DecoderPool, tmp_path: Path) -> None:
    with pytest.raises(DicomRefused) as caught:
        pool.frame(saved(ct_slice(), tmp_path / "a.dcm"), 2)

    assert caught.value.code == "no_such_frame"


def test_a_rendered_frame_is_windowed(pool: DecoderPool, tmp_path: Path) -> None:
    path = saved(ct_slice(PhotometricInterpretation="MONOCHROME1"), tmp_path / "a.dcm")
    png = pool.render(path, RenderRequest(center=-953, width=95))

    shown = np.asarray(Image.open(io.BytesIO(png)))
    assert shown.shape == (8, 6)
    assert shown[0, 0] > 250  # the lowest value is the brightest
    assert shown[-1, -1] < 5


def test_an_image_becomes_the_same_dicom_every_time(
    pool: DecoderPool, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(6, 8)).save(path)

    first = pool.image_as_dicom(path, IDENTITY)
    second = pool.image_as_dicom(path, IDENTITY)

    assert first == second
    wrapped = tmp_path / "a.dcm"
    wrapped.write_bytes(first)
    header = pool.read_header(wrapped)
    assert header.ideographic_name == "李^伟"
    assert (header.modality, header.rows, header.columns) == ("OT", 6, 8)
    assert pool.pixels(wrapped).data == np.arange(48, dtype=np.uint8).tobytes()


def test_a_damaged_image_is_refused(pool: DecoderPool, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"garbage" * 20)

    with pytest.raises(DicomRefused) as caught:
        pool.read(path)

    assert caught.value.code == "image_unreadable"


def test_a_missing_file_is_refused(pool: DecoderPool, tmp_path: Path) -> None:
    with pytest.raises(DicomRefused) as caught:
        pool.read(tmp_path / "none.dcm")

    assert caught.value.code == "file_missing"


def test_a_hanging_child_is_killed_and_replaced(tmp_path: Path) -> None:
    pool = DecoderPool(size=1)
    good = saved(ct_slice(), tmp_path / "a.dcm")
    pool.read(good)
    pipe = tmp_path / "never-written"
    os.mkfifo(pipe)

    pool.wall_clock_s = 0.2
    began = time.monotonic()
    with pytest.raises(DicomRefused) as caught:
        pool.read(pipe)

    assert caught.value.code == "timeout"
    assert 0.2 * STARVED_FACTOR <= time.monotonic() - began < 5
    assert pool.deaths == 1
    pool.wall_clock_s = WALL_CLOCK_S
    assert pool.read(good).header.patient_id == "P-1"
    pool.close()


def test_a_busy_child_is_killed_in_its_time(tmp_path: Path) -> None:
    """A million tiny elements take pydicom half a minute."""
    pool = DecoderPool(size=1)
    good = saved(ct_slice(), tmp_path / "a.dcm")
    pool.read(good)
    item = b"\xfe\xff\x00\xe0\x08\0\0\0" + b"\x08\x00\x60\x00CS\0\0"
    content = good.read_bytes()
    at = content.index(b"\x08\x00\x05\x00CS")
    sequence = b"\x08\x00\x01\x00SQ\0\0\xff\xff\xff\xff" + item * 1_500_000
    good.write_bytes(content[:at] + sequence + content[at:])

    with pytest.raises(DicomRefused) as caught:
        pool.read(good)

    assert caught.value.code in ("timeout", "too_large")
    assert pool.deaths == 1
    pool.close()


def test_a_child_killed_between_requests_is_replaced(tmp_path: Path) -> None:
    pool = DecoderPool(size=1)
    good = saved(ct_slice(), tmp_path / "a.dcm")
    pool.read(good)

    pool._idle[0].process.kill()
    pool._idle[0].process.wait()

    assert pool.read(good).header.patient_id == "P-1"
    pool.close()


def test_a_child_killed_while_reading_is_a_refusal(tmp_path: Path) -> None:
    pool = DecoderPool(size=1)
    pool.read(saved(ct_slice(), tmp_path / "a.dcm"))
    child = pool._idle[0].process
    pipe = tmp_path / "never-written"
    os.mkfifo(pipe)

    with ThreadPoolExecutor() as threads:
        answer = threads.submit(pool.read, pipe)
        time.sleep(0.3)
        child.kill()
        error = answer.exception(timeout=5)

    assert isinstance(error, DicomRefused)
    assert error.code == "decoder_died"
    pool.close()


def test_many_threads_share_few_children(tmp_path: Path) -> None:
    pool = DecoderPool(size=2)
    paths = [saved(ct_slice(n), tmp_path / f"{n}.dcm") for n in range(1, 13)]

    with ThreadPoolExecutor(6) as threads:
        headers = list(threads.map(pool.read_header, paths))

    assert [header.instance_number for header in headers] == list(range(1, 13))
    assert len(pool._idle) <= 2
    pool.close()


def test_a_child_has_less_than_512_mb_and_no_secret() -> None:
    code = (
        "import resource; from diagnosis.dicom.child import limit_resources;"
        "limit_resources(); print(resource.getrlimit(resource.RLIMIT_AS)[1])"
    )

    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(result.stdout) < 512 * 1024**2
    assert not {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} & CHILD_ENVIRONMENT.keys()


def test_memory_over_the_limit_is_a_refusal(pool: DecoderPool, tmp_path: Path) -> None:
    dataset = ct_slice(Rows=6000, Columns=6000, BitsAllocated=64, BitsStored=64)
    dataset.HighBit = 63
    dataset.PixelData = b""
    path = saved(dataset, tmp_path / "a.dcm")
    with path.open("r+b") as file:  # a sparse file: 288 MB of zeros
        content = file.read()
        at = content.rindex(b"\xe0\x7f\x10\x00")
        file.seek(at + 8)
        file.write((6000 * 6000 * 8).to_bytes(4, "little"))
        file.truncate(at + 12 + 6000 * 6000 * 8)

    with pytest.raises(DicomRefused) as caught:
        pool.frame(path, 1)

    assert caught.value.code in ("too_large", "pixels_unreadable")


def test_a_warm_pool_has_its_child_before_it_is_asked(tmp_path: Path) -> None:
    pool = DecoderPool(size=1)

    pool.warm()
    pool.warm()
    header = pool.read_header(saved(ct_slice(), tmp_path / "a.dcm"))

    assert header.patient_id == "P-1"
    assert len(pool._idle) == 1
    assert pool._idle[0].requests == 1
    pool.close()
