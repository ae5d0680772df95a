"""Attention over the slices of a series, from volumes on disk to a served answer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.attention import Attention, load_attention
from diagnosis.inference.calibrate import calibrated
from diagnosis.inference.engines import Engine, Scores, TorchEngine, open_engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.inputs import FoundSeries, find_inputs
from diagnosis.inference.predict import read_series
from diagnosis.inference.store import load_entry
from diagnosis.management.commands.diagnose import answer_of, in_words
from diagnosis.training.build import build_entry
from diagnosis.training.card import CHEST_CT, EntryTexts
from diagnosis.training.evaluate import evaluate
from diagnosis.training.manifest import (
    LabelledImage,
    ManifestError,
    read_manifest,
    split_of,
)
from diagnosis.training.pooling import SeriesConfig, fit_pooled
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.recipe import Recipe
from tests.diagnosis.dicom.volumes import chest, write_volume
from tests.diagnosis.inference.entries import PICTURE, series, slices

FloatArray = NDArray[np.float32]
Truth = NDArray[np.int64]
RECIPE = Recipe(
    name="series",
    version="1",
    texts=EntryTexts(CHEST_CT.read_text()),
    size=32,
    probe=ProbeConfig(strength=0.1),
    series=SeriesConfig("attention", hidden=8, epochs=15),
    repeats=1,
    folds=2,
)


def test_weights_are_those_of_the_paper() -> None:
    attention = Attention(
        look=np.array([[1, 0], [0, 2]], dtype=np.float32),
        look_bias=np.array([0.5, 0], dtype=np.float32),
        gate=np.array([[0, 1], [1, 0]], dtype=np.float32),
        gate_bias=np.array([0, -1], dtype=np.float32),
        voice=np.array([2, -1], dtype=np.float32),
    )

    weights = attention.weights(np.array([[1, 2], [0, -1]], dtype=np.float32))

    first = 2 * np.tanh(1.5) / (1 + np.exp(-2)) - np.tanh(4) / (1 + np.exp(0))
    second = 2 * np.tanh(0.5) / (1 + np.exp(1)) - np.tanh(-2) / (1 + np.exp(1))
    raised = np.exp([first, second])
    assert weights == pytest.approx(raised / raised.sum())
    assert attention.weights(np.ones((1, 2), dtype=np.float32)).tolist() == [1.0]


def told_by_one(count: int, *, seed: int) -> tuple[list[FloatArray], Truth, list[int]]:
    """Return series of noise in which one marked slice tells the label."""
    generator = np.random.default_rng(seed)
    truth = np.arange(count) % 2
    bags, places = [], []
    for label in truth:
        bag = generator.normal(5, 3, (int(generator.integers(4, 9)), 6))
        place = int(generator.integers(len(bag)))
        bag[place, :2] = 20, 5 + (12 if label else -12)
        bags.append(bag.astype(np.float32))
        places.append(place)
    return bags, truth, places


def test_the_slice_that_tells_has_the_most_weight() -> None:
    bags, truth, _ = told_by_one(48, seed=0)
    others, other_truth, places = told_by_one(24, seed=1)

    pooled = fit_pooled(
        bags,
        truth,
        labels=2,
        probe=ProbeConfig(strength=0.1),
        config=SeriesConfig("attention", hidden=8, learning_rate=0.02),
    )

    weights = [pooled.attention.weights(bag) for bag in others]
    assert [int(each.argmax()) for each in weights] == places
    assert min(float(each.max()) for each in weights) > 0.5
    assert pooled.logits(others).argmax(axis=1).tolist() == other_truth.tolist()


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    """Volumes of 16 patients, dense in some slices where they are ill."""
    root = tmp_path_factory.mktemp("volumes")
    rows = ["path,label_name,split,patient"]
    for number in range(16):
        hu = chest(10, 48, seed=number)
        if number % 2:
            hu[4 + number % 3 : 7 + number % 3, 16:32, 16:32] += 700
        write_volume(root / f"{number}.nii", hu)
        label, split = ("well", "ill")[number % 2], ("train", "val")[number // 10]
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
    return load_entry(store, "series", "1")


@pytest.fixture(scope="module")
def engine(built: ModelEntry) -> Engine:
    return open_engine(built, device="cpu")


def test_the_entry_says_how_series_are_answered(built: ModelEntry) -> None:
    assert built.pooling == "attention"
    assert set(built.engines) == {"torch", "onnx-fp32"}
    assert "learned from whole series" in built.card
    assert "Calibrated for whole series only" in built.card
    assert "then with gated attention of width 8 on whole series" in built.card
    controls, crossed = built.metrics["controls"], built.metrics["cross_validation"]
    assert isinstance(controls, dict)
    assert isinstance(crossed, dict)
    assert controls["trained_on_blanked"] is not None
    assert crossed["model"]["auroc"] > crossed["blanked"]["auroc"]


def test_a_series_is_the_weighted_mean_of_its_slices(
    built: ModelEntry, engine: Engine, images: list[LabelledImage], pool: DecoderPool
) -> None:
    (found,) = find_inputs(images[-1].path, pool)
    assert isinstance(found, FoundSeries)
    asked: list[Scores] = []

    class Watched:
        name = engine.name

        def run(self, x: FloatArray) -> Scores:
            asked.append(engine.run(x))
            return asked[-1]

    reading = read_series(built, Watched(), found.series)

    weights = load_attention(built.folder).weights(asked[0].features)
    p = calibrated(weights @ asked[0].logits.astype(np.float64), built.calibration)
    assert list(reading.probabilities.values()) == pytest.approx(p.tolist())
    assert sum(weight for _, weight in reading.spoke) == pytest.approx(1.0)
    assert reading.spoke[0] == (reading.key_slice, pytest.approx(weights.max()))
    assert reading.is_calibrated
    torch = read_series(built, TorchEngine(built, device="cpu"), found.series)
    assert list(torch.probabilities.values()) == pytest.approx(p.tolist(), abs=1e-4)


def test_which_slices_spoke_is_told(
    built: ModelEntry, engine: Engine, images: list[LabelledImage], pool: DecoderPool
) -> None:
    (found,) = find_inputs(images[-1].path, pool)

    answer = answer_of(found, images[-1].path, built, engine)

    spoke = answer["spoke"]
    assert isinstance(spoke, list)
    assert len(spoke) == 5
    told = ", ".join(f"{one['slice']} ({one['weight']:.0%})" for one in spoke)
    assert in_words({**answer, "abstained": False}).endswith(f"; by slices {told}")


def test_a_single_slice_is_read_but_not_called_calibrated(
    built: ModelEntry, engine: Engine
) -> None:
    reading = read_series(built, engine, series(slices(1), PICTURE))

    assert reading.spoke == ((0, 1.0),)
    assert not reading.is_calibrated


def test_it_is_evaluated_by_series(
    built: ModelEntry, engine: Engine, images: list[LabelledImage], pool: DecoderPool
) -> None:
    val = split_of(images, "val")

    found = evaluate(val, entry=built, engine=engine, positive="ill", pool=pool)

    assert (found.figures.n, found.figures.auroc) == (6, 1.0)


def test_what_attention_cannot_learn_from_is_refused(
    images: list[LabelledImage], pool: DecoderPool, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"add \[probe\]"):
        replace(RECIPE, probe=None)
    single = [replace(one, path=_alone(one, tmp_path)) for one in images]
    with pytest.raises(ManifestError, match="learns from series"):
        build_entry(single, recipe=RECIPE, store=tmp_path / "store", pool=pool)


def _alone(image: LabelledImage, folder: Path) -> Path:
    return write_volume(folder / image.path.name, chest(1, 40, seed=len(image.patient)))
