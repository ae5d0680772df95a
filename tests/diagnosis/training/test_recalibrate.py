"""Other images, the same weights: a version of its own whose probabilities fit them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.store import load_entry
from diagnosis.training.manifest import LabelledImage, ManifestError, read_manifest
from diagnosis.training.recalibrate import LEAST_PATIENTS, recalibrated
from tests.diagnosis.inference.entries import LABELS, write_tiny_entry

PATIENTS = 2 * LEAST_PATIENTS


@pytest.fixture
def entry(tmp_path: Path) -> ModelEntry:
    write_tiny_entry(tmp_path / "models")
    return load_entry(tmp_path / "models", "tiny", "1")


@pytest.fixture
def images(tmp_path: Path) -> list[LabelledImage]:
    """Noise, brighter for every other patient, and one patient who is learned from."""
    rows = ["path,label_name,split,patient"]
    for number in range(PATIENTS + 1):
        grey = np.random.default_rng(number).random((40, 50)) * 90 + 90 * (number % 2)
        Image.fromarray(grey.astype(np.uint8)).save(tmp_path / f"{number}.png")
        split = "val" if number < PATIENTS else "train"
        rows.append(f"{number}.png,{LABELS[number % 2]},{split},P{number}")
    (tmp_path / "m.csv").write_text("\n".join(rows))
    return read_manifest(tmp_path / "m.csv", root=tmp_path)


def again(
    entry: ModelEntry, images: list[LabelledImage], pool: DecoderPool
) -> ModelEntry:
    store = entry.folder.parents[1]
    recalibrated(
        entry,
        images,
        split="val",
        out=("tiny", "2"),
        pool=pool,
        coverage=0.8,
        data="Of this house.",
    )
    return load_entry(store, "tiny", "2")


def test_the_weights_stay_and_the_probabilities_fit(
    entry: ModelEntry, images: list[LabelledImage], pool: DecoderPool
) -> None:
    made = again(entry, images, pool)

    for name in ("weights.pt", "model.onnx", "config.toml", "labels.toml"):
        assert (made.folder / name).read_bytes() == (entry.folder / name).read_bytes()
    assert made.calibration.temperature != entry.calibration.temperature
    conformal = made.calibration.conformal
    assert conformal is not None
    assert (conformal.coverage, conformal.patients) == (0.8, PATIENTS)
    assert made.metrics["evaluation"]["left_open"]["wanted"] == 0.8  # type: ignore[index]  # JSON
    assert "80% were wanted" in made.card
    assert made.metrics["calibrated_again"] == {
        "of": "tiny/1",
        "digest": entry.digest,
        "images": PATIENTS,
        "patients": PATIENTS,
    }
    assert "weights are those of tiny/1" in made.card
    assert "Of this house." in made.card
    assert made.card.endswith(entry.card)
    assert load_entry(entry.folder.parents[1], "tiny", "1").digest == entry.digest


def test_too_few_patients_calibrate_nothing(
    entry: ModelEntry, images: list[LabelledImage], pool: DecoderPool
) -> None:
    with pytest.raises(ManifestError, match="label COVID has 19 patients"):
        again(entry, images[1:], pool)

    assert not (entry.folder.parent / "2").exists()
