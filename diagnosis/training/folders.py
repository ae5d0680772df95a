"""A folder with one folder for each label, as a manifest would list it.

Patients, never images, are dealt to training, validation and test: by what a DICOM file
says of its patient, else by the folder between label and file, else each file is one.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.inputs import SIDE_FILES, SIDE_NAMES, header_of
from diagnosis.training.manifest import LabelledImage, ManifestError

HELD_SHARE = 0.15  # of each label's patients, for validation and for test
LEAST_PATIENTS = 3  # of each label: one to learn from, one to measure on, one to test


def labelled_folder(
    root: Path, *, pool: DecoderPool, seed: int = 0
) -> list[LabelledImage]:
    """Return every image below a folder, labelled by the folder it lies in.

    Args:
        root: Holds one folder for each label, at least two.
        pool: Reads what DICOM files say.
        seed: Of the deal; the same folder and seed are dealt alike.

    Raises:
        ManifestError: There are too few labels or patients, or a file is no image.
    """
    folders = sorted(f for f in root.iterdir() if f.is_dir() and f.name[0] != ".")
    if len(folders) < 2:
        message = (
            f"{root} needs a folder for each label, at least two, or a manifest: "
            "--manifest CSV"
        )
        raise ManifestError(message)
    found = [
        (path, folder.name, _patient(path, folder, pool))
        for folder in folders
        for path in _files(folder)
    ]
    split_of = _dealt(found, labels=[f.name for f in folders], seed=seed)
    return [
        LabelledImage(path, label, split_of[patient], patient, source="")
        for path, label, patient in found
    ]


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() not in SIDE_FILES
        and not path.name.startswith(SIDE_NAMES)
    )


def _patient(path: Path, folder: Path, pool: DecoderPool) -> str:
    """Return whose image a file is, under a name that no other patient has."""
    try:
        header = header_of(path, pool)
    except DicomRefused as refusal:
        message = (
            f"{path} is no image ({refusal.message}) Remove it, or list the images"
        )
        raise ManifestError(f"{message} in a manifest.") from refusal
    if header.patient_id:
        return f"{header.issuer_of_patient_id}/{header.patient_id}"
    if header.study_instance_uid:
        return header.study_instance_uid
    between = path.relative_to(folder).parts[:-1]
    return "/".join((folder.name, *(between or (path.name,))))


def _dealt(
    found: Sequence[tuple[Path, str, str]], *, labels: Sequence[str], seed: int
) -> dict[str, str]:
    """Return each patient's split; a patient of two labels counts for the first."""
    patients: dict[str, list[str]] = defaultdict(list)
    for patient, label in {p: la for _, la, p in reversed(found)}.items():
        patients[label].append(patient)
    generator = np.random.default_rng(seed)
    result = {}
    for label in labels:
        names = generator.permutation(sorted(patients[label])).tolist()
        if len(names) < LEAST_PATIENTS:
            message = (
                f"label {label} has {len(names)} patients: training, validation and "
                f"test need {LEAST_PATIENTS}"
            )
            raise ManifestError(message)
        held = max(round(HELD_SHARE * len(names)), 1)
        for number, name in enumerate(names):
            later = "test" if number < 2 * held else "train"
            result[name] = "val" if number < held else later
    return result
