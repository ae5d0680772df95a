"""Series calibrated by the very answers that serving gives them, where there are enough."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.calibrate import calibrated, fit_temperature
from diagnosis.inference.engines import Engine, open_engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.predict import Reading, read_series
from diagnosis.inference.store import load_entry
from diagnosis.training.build import build_entry
from diagnosis.training.card import CHEST_CT, EntryTexts
from diagnosis.training.dataset import label_indices, series_of
from diagnosis.training.manifest import LabelledImage, read_manifest, split_of
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.recalibrate import recalibrated
from diagnosis.training.recipe import Recipe
from diagnosis.training.whole_series import LEAST_PATIENTS
from tests.diagnosis.dicom.volumes import chest, write_volume

SERIES = 2 * LEAST_PATIENTS
SLICES = 6
METAL_HU = 20000
RECIPE = Recipe(
    name="own",
    version="1",
    texts=EntryTexts(CHEST_CT.read_text()),
    size=32,
    probe=ProbeConfig(strength=0.1),
    has_blanked_training=False,
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    """Volumes with metal in a slice, denser for most of the ill, some of the well."""
    root = tmp_path_factory.mktemp("volumes")
    rows = ["path,label_name,split,patient"]
    for number in range(SERIES + 12):
        is_ill = number % 2 == 0
        is_odd = number < SERIES and number % 5 == 0
        hu = chest(SLICES, 48, seed=number)
        if is_ill != is_odd:
            hu[3 + number // 2 % 2 :, 16:32, 16:32] += 400
        hu[2, 20:30, 20:30] = METAL_HU
        write_volume(root / f"{number}.nii", hu)
        label, split = ("ill" if is_ill else "well"), ("val", "train")[number >= SERIES]
        rows.append(f"{number}.nii,{label},{split},P{number}")
    (root / "manifest.csv").write_text("\n".join(rows))
    return read_manifest(root / "manifest.csv", root=root)


@pytest.fixture(scope="module")
def built(
    images: list[LabelledImage],
    pool: DecoderPool,
    tmp_path_factory: pytest.TempPathFactory,
) -> ModelEntry:
    store = tmp_path_factory.mktemp("models")
    build_entry(images, recipe=RECIPE, store=store, pool=pool)
    return load_entry(store, "own", "1")


@pytest.fixture(scope="module")
def engine(built: ModelEntry) -> Engine:
    return open_engine(built, device="cpu")


def test_training_calibrates_series_by_the_answers_that_it_serves(
    built: ModelEntry, engine: Engine, images: list[LabelledImage], pool: DecoderPool
) -> None:
    val = split_of(images, "val")
    before = replace(built, calibration=replace(built.calibration, series=None))

    raw = [read_series(before, engine, series_of(image, pool)) for image in val]
    answers = [read_series(built, engine, series_of(image, pool)) for image in val]

    logits = built.calibration.temperature * np.log(probabilities(raw))
    truth = label_indices(val, labels=built.labels)
    fitted = built.for_series
    assert fitted is not None
    assert fitted.temperature == pytest.approx(fit_temperature(logits, truth), rel=1e-3)
    assert 0.1 < fitted.temperature < 10  # no bound of the search
    assert abs(fitted.temperature / built.calibration.temperature - 1) > 0.05
    expected = calibrated(logits, fitted)
    assert probabilities(answers) == pytest.approx(expected, abs=1e-3)
    assert {one.calibrated_on for one in answers} == {fitted.fitted_on} == {SERIES}
    assert {(one.is_calibrated, one.calibrated_on) for one in raw} == {(False, None)}
    assert {one.metal.left_out for one in answers if one.metal} == {1}
    told = " ".join(built.card.split())
    assert f"on {SERIES} whole series (patients: 20 of ill, 20 of well)" in told


def test_a_version_of_the_same_weights_calibrates_series_again(
    built: ModelEntry, images: list[LabelledImage], pool: DecoderPool
) -> None:
    other = [replace(one, split="test") for one in images if one.split == "val"]

    recalibrated(built, other, split="test", out=("own", "2"), pool=pool)

    made = load_entry(built.folder.parents[1], "own", "2")
    assert made.for_series is not None
    assert built.for_series is not None
    assert made.for_series.temperature == pytest.approx(built.for_series.temperature)
    assert made.for_series.conformal == built.for_series.conformal


def test_too_few_series_stay_uncalibrated_and_the_card_says_how_many_it_takes(
    built: ModelEntry,
    engine: Engine,
    images: list[LabelledImage],
    pool: DecoderPool,
    tmp_path: Path,
) -> None:
    alone = write_volume(tmp_path / "alone.nii", chest(1, 48))
    fewer = [replace(images[0], path=alone), *images[1:]]

    recalibrated(built, fewer, split="val", out=("own", "3"), pool=pool)

    made = load_entry(built.folder.parents[1], "own", "3")
    assert made.for_series is None
    assert made.for_slices is not None
    assert made.metrics["whole_series"] == {
        "series": SERIES - 1,
        "patients": {"ill": 19, "well": 20},
        "needed": LEAST_PATIENTS,
    }
    told = " ".join(made.card.split())
    assert "that takes series of 20 patients of each label" in told
    assert "there were 19 of ill, 20 of well" in told
    reading = read_series(made, engine, series_of(images[1], pool))
    assert (reading.is_calibrated, reading.calibrated_on) == (False, None)


def probabilities(readings: list[Reading]) -> NDArray[np.float64]:
    return np.array([list(reading.probabilities.values()) for reading in readings])
