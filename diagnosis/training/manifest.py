"""The table of labelled images that a network learns from, checked before it does."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hospital.core.phrases import phrase

COLUMNS = ("path", "label_name", "split")
SPLITS = ("train", "val", "test")
HELD_OUT = (("test",), ("val",), ("test", "val"))  # the first that shows both kinds


class ManifestError(ValueError):
    """A manifest that cannot be used, in a sentence that says how to mend it."""


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """One row: where the image is, what it shows, whose it is; `facts` are the rest.

    The image is a file, or a folder that holds one DICOM series.
    """

    path: Path
    label: str
    split: str
    patient: str
    source: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> list[Path]:
        if not self.path.is_dir():
            return [self.path]
        return sorted(file for file in self.path.rglob("*") if file.is_file())

    @property
    def size_bytes(self) -> int:
        return sum(file.stat().st_size for file in self.files)


def read_manifest(
    manifest: Path, *, root: Path, is_strict: bool = True
) -> list[LabelledImage]:
    """Return the manifest's rows, every file of which exists under the root.

    Args:
        manifest: CSV.
        root: Where its paths begin.
        is_strict: Whether a patient in two splits is refused.

    Raises:
        ManifestError: A column, a file or a value is missing, a path leaves the root,
            or two splits share a patient.
    """
    rows = _rows(manifest)
    images = [
        _labelled(row, number=number, root=root)
        for number, row in enumerate(rows, start=2)  # line 1 is the header
    ]
    if not images:
        message = phrase("%(file)s has no rows", file=manifest.name)
        raise ManifestError(message)
    shared = shared_patients(images)
    if shared and is_strict:
        message = phrase(
            "%(count)d patients are in more than one split, such as %(patient)s: give each "
            "patient one split",
            count=len(shared),
            patient=repr(shared[0]),
        )
        raise ManifestError(message)
    return images


def write_dealt(out: Path, images: Sequence[LabelledImage], *, root: Path) -> None:
    """Write images as a manifest that `read_manifest` reads under the same root."""
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow((*COLUMNS, "patient"))
        for image in images:
            place = image.path.relative_to(root).as_posix()
            writer.writerow((place, image.label, image.split, image.patient))


def shared_patients(images: Sequence[LabelledImage]) -> list[str]:
    """Return the patients that are in more than one split."""
    splits: dict[str, set[str]] = defaultdict(set)
    for image in images:
        if image.patient:
            splits[image.patient].add(image.split)
    return sorted(patient for patient, names in splits.items() if len(names) > 1)


def split_of(images: Sequence[LabelledImage], name: str) -> list[LabelledImage]:
    """Return the images of one split.

    Raises:
        ManifestError: There are none.
    """
    chosen = [image for image in images if image.split == name]
    if not chosen:
        known = ", ".join(sorted({image.split for image in images}))
        message = phrase(
            "the manifest has no rows of split %(split)s, only of: %(known)s",
            split=repr(name),
            known=known,
        )
        raise ManifestError(message)
    return chosen


def held_out_of(
    images: Sequence[LabelledImage], *, positive: str
) -> tuple[str, list[LabelledImage]]:
    """Return images to compare models on: those that neither learned its weights from.

    The test images, else those of validation, else both together: the first choice that
    shows the positive label and another, or where none does the first with an image.

    Returns:
        Name of the split or splits, and their images.
    """
    choices = [
        (" and ".join(names), [image for image in images if image.split in names])
        for names in HELD_OUT
    ]
    telling = (
        choice
        for choice in choices
        if {image.label == positive for image in choice[1]} == {True, False}
    )
    some = (choice for choice in choices if choice[1])
    return next(telling, None) or next(some, choices[0])


def labels_of(images: Sequence[LabelledImage]) -> tuple[str, ...]:
    """Return the label names in alphabetical order."""
    return tuple(sorted({image.label for image in images}))


def groups_of(images: Sequence[LabelledImage]) -> list[str]:
    """Return whose each image is: its patient, else itself."""
    return [image.patient or str(image.path) for image in images]


def _rows(manifest: Path) -> list[dict[str, str]]:
    try:
        with manifest.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [
                name for name in COLUMNS if name not in (reader.fieldnames or ())
            ]
            if missing:
                message = f"{manifest} lacks the column {', '.join(missing)}"
                raise ManifestError(message)
            return list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"cannot read {manifest}: {error}"
        raise ManifestError(message) from error


def _labelled(row: dict[str, str], *, number: int, root: Path) -> LabelledImage:
    values = {
        name: (row.get(name) or "").strip() for name in (*COLUMNS, "patient", "source")
    }
    empty = [name for name in COLUMNS if not values[name]]
    if empty:
        message = f"line {number}: {', '.join(empty)} is empty"
        raise ManifestError(message)
    if values["split"] not in SPLITS:
        message = f"line {number}: split {values['split']!r} is none of {SPLITS}"
        raise ManifestError(message)
    path = (root / values["path"]).resolve()
    if not path.is_relative_to(root.resolve()):
        message = f"line {number}: {values['path']} lies outside the root"
        raise ManifestError(message)
    if not path.exists():
        message = f"line {number}: no file {values['path']} under {root}"
        raise ManifestError(message)
    if path.is_dir() and not any(file.is_file() for file in path.rglob("*")):
        message = f"line {number}: the folder {values['path']} holds no file"
        raise ManifestError(message)
    return LabelledImage(
        path=path,
        label=values["label_name"],
        split=values["split"],
        patient=values["patient"],
        source=values["source"],
        facts={
            name: value.strip()
            for name, value in row.items()
            if name and name not in values and isinstance(value, str)
        },
    )
