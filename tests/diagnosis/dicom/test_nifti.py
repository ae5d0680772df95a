"""However a volume is stored, its axial slices come out the same way up."""

import gzip
import itertools
from pathlib import Path

import numpy as np
import pytest

from diagnosis.dicom import nifti
from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.nifti import header_of, open_volume, slices_of
from diagnosis.dicom.pool import DecoderPool
from tests.diagnosis.dicom.volumes import (
    LPS_TO_RAS,
    chest,
    lying,
    volume_bytes,
    write_volume,
)

HU = chest(4, 6)[:, :5]  # no two sides alike: 4 slices, 5 rows, 6 columns
SPACING_MM = (5.0, 0.75, 0.5)
ONE = np.column_stack([np.eye(3), np.zeros(3)])


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("axes", list(itertools.permutations(range(3))))
def test_every_way_to_lie_gives_the_same_slices(
    tmp_path: Path, axes: tuple[int, int, int], order: str
) -> None:
    world = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]], dtype=float)  # head, back, left
    for turns in itertools.product((1, -1), repeat=3):
        steps = np.column_stack(
            [world[a] * SPACING_MM[a] * turns[i] for i, a in enumerate(axes)]
        )
        first = np.zeros(3)
        for i, a in enumerate(axes):
            if turns[i] < 0:
                first += world[a] * SPACING_MM[a] * (HU.shape[a] - 1)
        stored = HU.transpose(axes)[tuple(slice(None, None, t) for t in turns)]
        affine = LPS_TO_RAS @ np.column_stack([steps, first])
        path = tmp_path / "a.nii"
        path.write_bytes(volume_bytes(stored, affine, order=order))

        volume = open_volume(path)
        header = header_of(volume)

        assert np.array_equal(slices_of(volume, first=1, count=2), HU[1:3])
        assert np.array_equal(slices_of(volume, first=0, count=4), HU)
        assert volume.spacing_mm == pytest.approx(SPACING_MM)
        assert header.position_mm == pytest.approx((0, 0, 0))
        assert header.orientation == pytest.approx((1, 0, 0, 0, 1, 0))
        assert (header.frames, header.rows, header.columns) == HU.shape


def test_a_quaternion_says_the_same_as_a_matrix(tmp_path: Path) -> None:
    stored, affine = lying(HU, spacing_mm=SPACING_MM)
    path = tmp_path / "a.nii"
    path.write_bytes(
        volume_bytes(
            stored,
            affine,
            codes=("hh", 252, (1, 0)),
            quaternion=("6f", 256, (0, 0, 1, 10, 20, -30)),  # half a turn: x and y
            rows=("12f", 280, (0,) * 12),
        )
    )

    volume = open_volume(path)

    assert np.array_equal(slices_of(volume, first=0, count=4), HU)
    assert volume.spacing_mm == pytest.approx(SPACING_MM)
    assert volume.position_mm == pytest.approx((-10, -20, -30))


def test_values_that_are_no_numbers_can_be_computed_with(tmp_path: Path) -> None:
    values = HU.astype(np.float64)
    values[0, 0, :3] = np.nan, np.inf, -np.inf
    path = tmp_path / "a.nii"
    path.write_bytes(volume_bytes(*lying(values)))

    first = slices_of(open_volume(path), first=0, count=1)[0]

    assert first[0, :3].tolist() == [values[0, 1:].min(), 1e6, -1e6]


def test_a_child_hands_out_hounsfield_units(pool: DecoderPool, tmp_path: Path) -> None:
    stored, affine = lying(((HU + 1024) // 2).astype(np.int16))
    path = tmp_path / "a.nii.gz"
    path.write_bytes(
        gzip.compress(volume_bytes(stored, affine, slope=2.0, intercept=-1024.0))
    )

    header = pool.volume_header(path)
    pixels = pool.volume_slices(path, first=3, count=1)

    values = np.frombuffer(pixels.data, pixels.dtype).reshape(pixels.shape)
    hu = values * pixels.slope + pixels.intercept
    assert np.abs(hu[0] - HU[3]).max() <= 1
    assert (header.modality, header.kind, header.frames) == ("CT", "nifti", 4)
    assert (header.spacing_mm, header.slice_thickness_mm) == ((1.25, 1.25), 6.0)


def test_values_without_air_are_not_taken_for_hounsfield_units(tmp_path: Path) -> None:
    path = write_volume(tmp_path / "a.nii", (HU + 1024).astype(np.uint16))

    assert header_of(open_volume(path)).modality == "OT"


def file(**changes: tuple[str, int, tuple[float, ...]]) -> bytes:
    return volume_bytes(*lying(HU), **changes)


@pytest.mark.parametrize(
    ("data", "code", "why"),
    [
        (b"", "empty", ""),
        (b"no volume at all", "volume_unreadable", "no NIfTI-1 header"),
        (file(size=("i", 0, (540,))), "volume_unreadable", "NIfTI-2"),
        (file()[:-1], "truncated", ""),
        (gzip.compress(file())[:120], "truncated", ""),
        (b"\x1f\x8bnothing", "truncated", ""),
        (file(kind=("hh", 70, (128, 24))), "volume_unreadable", "data type 128"),
        (file(kind=("hh", 70, (4, 8))), "volume_unreadable", "has not 8 bits"),
        (file(dim=("h", 40, (9,))), "volume_unreadable", "9 dimensions"),
        (file(dim=("hhhhh", 40, (4, 6, 5, 2, 2))), "volume_unreadable", "several"),
        (file(dim=("hh", 40, (3, -6))), "dimensions", "-6 x 5 x 4"),
        (file(dim=("hhhh", 40, (3, 9000, 9000, 9))), "dimensions", "9000 x"),
        (file(dim=("hhhh", 40, (3, 4096, 4096, 99))), "dimensions", "4096 x"),
        (file(offset=("f", 108, (8.0,))), "volume_unreadable", "begin at byte 8"),
        (file(offset=("f", 108, (np.nan,))), "volume_unreadable", "at byte nan"),
        (file(scale=("f", 112, (1e30,))), "volume_unreadable", "rescaled by 1e+30"),
        (file(codes=("hh", 252, (0, 0))), "volume_unreadable", "neither its sform"),
        (file(row=("4f", 280, (0, 0, 0, 0))), "volume_unreadable", "impossible"),
        (file(row=("f", 280, (np.inf,))), "volume_unreadable", "impossible"),
        (file(magic=("4B", 344, tuple(b"ni1\0"))), "volume_unreadable", "another file"),
    ],
)
def test_what_is_not_read_says_why(
    tmp_path: Path, data: bytes, code: str, why: str
) -> None:
    path = tmp_path / "a.nii"
    path.write_bytes(data)

    with pytest.raises(DicomRefused) as caught:
        header_of(open_volume(path))

    assert caught.value.code == code
    assert why in caught.value.message


def test_no_more_is_unpacked_than_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume = open_volume(write_volume(tmp_path / "a.nii.gz", HU))
    monkeypatch.setattr(nifti, "MAX_DECODED_BYTES", HU[0].nbytes)

    assert slices_of(volume, first=3, count=1).shape == (1, 5, 6)
    with pytest.raises(DicomRefused, match="more memory"):
        slices_of(volume, first=2, count=2)
    with pytest.raises(DicomRefused, match="no frame"):
        slices_of(volume, first=4, count=1)
