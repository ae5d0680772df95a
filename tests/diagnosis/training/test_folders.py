"""A folder for each label: whose images they are, and how they are dealt."""

from pathlib import Path

import pytest
from PIL import Image

from diagnosis.dicom.pool import DecoderPool
from diagnosis.training.folders import labelled_folder
from diagnosis.training.manifest import (
    ManifestError,
    read_manifest,
    write_dealt,
)
from tests.diagnosis.dicom.synthetic import ct_slice, saved


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (64, 64), 90).save(path)


def test_patients_are_dealt_and_never_torn_apart(
    tmp_path: Path, pool: DecoderPool
) -> None:
    for number in range(20):  # by what DICOM says: two files a patient
        (tmp_path / "ill").mkdir(exist_ok=True)
        saved(ct_slice(number, PatientID=f"P{number // 2}"), tmp_path / f"ill/{number}")
    for number in range(20):  # by the folder: two pictures a patient
        picture(tmp_path / "well" / f"W{number // 2}" / f"{number}.png")
    (tmp_path / "well" / "notes.txt").write_text("no image")

    images = labelled_folder(tmp_path, pool=pool)

    split_of = {image.patient: image.split for image in images}
    assert len(images) == 40
    assert len(split_of) == 20
    assert all(image.split == split_of[image.patient] for image in images)
    for label in ("ill", "well"):
        splits = [image.split for image in images if image.label == label]
        assert [splits.count(s) for s in ("train", "val", "test")] == [12, 4, 4]
    assert images == labelled_folder(tmp_path, pool=pool)
    write_dealt(tmp_path / "dealt.csv", images, root=tmp_path)
    assert images == read_manifest(tmp_path / "dealt.csv", root=tmp_path)


def test_folders_that_say_too_little_are_refused(
    tmp_path: Path, pool: DecoderPool
) -> None:
    picture(tmp_path / "ill" / "a.png")
    with pytest.raises(ManifestError, match="a folder for each label"):
        labelled_folder(tmp_path, pool=pool)

    picture(tmp_path / "well" / "b.png")
    with pytest.raises(ManifestError, match="label ill has 1 patients"):
        labelled_folder(tmp_path, pool=pool)

    (tmp_path / "well" / "c.png").write_bytes(b"no picture")
    with pytest.raises(ManifestError, match=r"c\.png is no image"):
        labelled_folder(tmp_path, pool=pool)
