"""Rows of a manifest as examples, whatever kind of file or folder they name."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diagnosis.dicom.pool import DecoderPool
from diagnosis.evaluation.copies import exact_groups
from diagnosis.inference.entry import Preprocessing
from diagnosis.training.dataset import image_sizes, load_examples
from diagnosis.training.manifest import LabelledImage, ManifestError, read_manifest
from tests.diagnosis.dicom.synthetic import ct_slice, saved
from tests.diagnosis.dicom.volumes import chest, write_volume

PLAIN = Preprocessing(32, 0.5, 0.3)


def rows(root: Path, *paths: str) -> list[LabelledImage]:
    lines = [f"{path},ill,train,{number}" for number, path in enumerate(paths)]
    manifest = root / "manifest.csv"
    manifest.write_text("\n".join(["path,label_name,split,patient", *lines]))
    return read_manifest(manifest, root=root)


def ramp(root: Path) -> Path:
    """Write a series whose slices grow brighter towards the head."""
    root.mkdir()
    for number in range(5):
        pixels = np.full((8, 6), 100 * number, dtype="<i2").tobytes()
        saved(ct_slice(number, PixelData=pixels), root / f"{9 - number}.dcm")
    (root / "README.txt").write_text("From the scanner.")
    return root


def test_volumes_series_and_pictures_are_examples_alike(
    tmp_path: Path, pool: DecoderPool
) -> None:
    write_volume(tmp_path / "a.nii.gz", chest(3, 40))
    ramp(tmp_path / "series")
    Image.new("L", (50, 60), 51).save(tmp_path / "c.png")
    images = rows(tmp_path, "a.nii.gz", "series", "c.png")

    examples, beside = (
        load_examples(images, labels=("ill",), preprocessing=each, pool=pool)
        for each in (PLAIN, replace(PLAIN, slices=3))
    )

    (volume, series, picture), several = examples.squares, beside.squares
    assert volume.std() > 0.1
    assert series == pytest.approx((200 * 2 - 1000 + 600.5) / 1499 + 0.5)  # the third
    assert picture == pytest.approx(0.2)
    assert np.array_equal(beside.middle, examples.squares)
    assert np.diff(several[1].mean(axis=(1, 2))) == pytest.approx(200 / 1499, abs=1e-5)
    assert np.array_equal(several[2], np.stack([picture] * 3))
    assert image_sizes(images, pool) == [(40, 40), (8, 6), (60, 50)]


def test_a_row_is_one_series(tmp_path: Path, pool: DecoderPool) -> None:
    ramp(tmp_path / "series")
    saved(ct_slice(SeriesInstanceUID="1.2.9"), tmp_path / "series" / "other.dcm")
    (tmp_path / "nothing").mkdir()

    with pytest.raises(ManifestError, match="holds 2 series or images"):
        load_examples(
            rows(tmp_path, "series"), labels=("ill",), preprocessing=PLAIN, pool=pool
        )
    with pytest.raises(ManifestError, match="line 2: the folder nothing holds no file"):
        rows(tmp_path, "nothing")


def test_a_folder_is_a_copy_of_a_folder_of_the_same_files(tmp_path: Path) -> None:
    images = rows(tmp_path, *(ramp(tmp_path / name).name for name in ("a", "b")))

    assert exact_groups(images) == [[0, 1]]
