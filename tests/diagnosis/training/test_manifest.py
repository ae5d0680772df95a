"""A manifest is refused before anything is learned from it."""

from pathlib import Path

import pytest

from diagnosis.training.manifest import (
    LabelledImage,
    ManifestError,
    groups_of,
    held_out_of,
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


@pytest.mark.parametrize(
    ("test", "val", "expected"),
    [
        ("sick well", "sick well", "test"),
        ("well", "sick well", "val"),
        ("well", "sick", "test and val"),
        ("well", "well", "test"),  # no choice shows both: the page says so
        ("", "well", "val"),
    ],
)
def test_models_are_compared_where_both_kinds_are_held_out(
    test: str, val: str, expected: str
) -> None:
    images = [
        LabelledImage(Path(f"{split}.png"), label, split, "", "")
        for split, labels in (("train", "sick well"), ("test", test), ("val", val))
        for label in labels.split()
    ]

    name, held = held_out_of(images, positive="sick")

    assert name == expected
    assert {image.split for image in held} == set(expected.split(" and "))


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
