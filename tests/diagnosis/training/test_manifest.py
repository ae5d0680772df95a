"""A manifest is refused before anything is learned from it."""

from pathlib import Path

import pytest

from diagnosis.training.manifest import (
    ManifestError,
    groups_of,
    labels_of,
    read_manifest,
    split_of,
)


def manifest(folder: Path, *rows: str, header: str = "path,label_name,split") -> Path:
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(b"x")
    path = folder / "manifest.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_rows_become_images(tmp_path: Path) -> None:
    path = manifest(
        tmp_path,
        "a.png,sick,train,P1,here",
        "b.png,well,val,,there",
        header="path,label_name,split,patient,source",
    )

    images = read_manifest(path, root=tmp_path)

    assert labels_of(images) == ("sick", "well")
    assert [image.source for image in images] == ["here", "there"]
    assert groups_of(images) == ["P1", str(tmp_path / "b.png")]
    assert [image.path.name for image in split_of(images, "val")] == ["b.png"]


def test_a_patient_in_two_splits_is_refused(tmp_path: Path) -> None:
    path = manifest(
        tmp_path,
        "a.png,sick,train,P1",
        "b.png,well,val,P1",
        header="path,label_name,split,patient",
    )

    with pytest.raises(ManifestError, match="1 patients are in more than one split"):
        read_manifest(path, root=tmp_path)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a.png,,train", "line 2: label_name is empty"),
        ("a.png,sick,later", "split 'later'"),
        ("../a.png,sick,train", "outside the root"),
        ("/etc/passwd,sick,train", "outside the root"),
        ("c.png,sick,train", "no file c.png"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, words: str) -> None:
    path = manifest(tmp_path, row)

    with pytest.raises(ManifestError, match=words):
        read_manifest(path, root=tmp_path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = manifest(tmp_path, "a.png,sick", header="path,label_name")

    with pytest.raises(ManifestError, match="lacks the column split"):
        read_manifest(path, root=tmp_path)


def test_a_missing_split_names_those_there_are(tmp_path: Path) -> None:
    images = read_manifest(manifest(tmp_path, "a.png,sick,train"), root=tmp_path)

    with pytest.raises(ManifestError, match="only of: train"):
        split_of(images, "test")
