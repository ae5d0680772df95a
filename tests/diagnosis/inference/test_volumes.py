"""NIfTI volumes beside DICOM and pictures: found, read, judged by what they tell."""

from pathlib import Path

import numpy as np
import pytest

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference import volumes
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import ModelEntry, Preprocessing
from diagnosis.inference.inputs import FoundSeries, UnreadFile, find_inputs
from diagnosis.inference.predict import read_series
from diagnosis.inference.preprocess import grey_of_hu
from tests.diagnosis.dicom.synthetic import ct_slice, saved
from tests.diagnosis.dicom.volumes import chest, write_volume

PLAIN = Preprocessing(32, 0.5, 0.3)


def test_a_volume_is_a_series_of_its_slices(
    tmp_path: Path, pool: DecoderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volumes, "MOST_TOGETHER", 5)
    hu = chest()
    path = write_volume(tmp_path / "P1.nii.gz", hu)

    (found,) = find_inputs(path, pool)

    assert isinstance(found, FoundSeries)
    greys = [one(PLAIN).grey for one in found.series.slices]
    assert np.array_equal(np.stack(greys), grey_of_hu(hu.astype(np.float32), PLAIN))
    facts = found.series.facts
    assert (facts.kind, facts.modality, facts.plane) == ("nifti", "CT", "axial")
    assert (facts.extent_mm, facts.field_mm, facts.slices) == (72, 220, 12)
    assert (facts.pixel_spacing_mm, facts.slice_spacing_mm) == (1.25, 6.0)


def test_a_folder_may_hold_volumes_beside_dicom(
    tmp_path: Path, pool: DecoderPool
) -> None:
    write_volume(tmp_path / "a" / "P1.nii", chest(2, 8))
    write_volume(tmp_path / "b" / "P2.nii.gz", chest(2, 8))
    saved(ct_slice(), tmp_path / "c.dcm")
    (tmp_path / "torn.nii").write_bytes(b"nothing")

    found = find_inputs(tmp_path, pool)

    series = [one.series.facts.kind for one in found if isinstance(one, FoundSeries)]
    unread = [one.code for one in found if isinstance(one, UnreadFile)]
    assert sorted(series) == ["dicom-series", "nifti", "nifti"]
    assert unread == ["volume_unreadable"]


@pytest.mark.parametrize(
    ("shift", "reasons"), [(0, []), (1024, ["wrong_modality"])], ids=["hu", "no hu"]
)
def test_rules_ask_a_volume_what_it_can_tell(
    tmp_path: Path,
    pool: DecoderPool,
    entry: ModelEntry,
    engine: Engine,
    shift: int,
    reasons: list[str],
) -> None:
    path = write_volume(tmp_path / "P1.nii", chest() + np.int16(shift))
    (found,) = find_inputs(path, pool)
    assert isinstance(found, FoundSeries)

    reading = read_series(entry, engine, found.series)

    assert [one.code for one in reading.objections] == reasons
    assert reading.slices_read == 8
