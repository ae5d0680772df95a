"""From labelled images to a complete, sealed entry of the model store."""

import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.calibrate import (
    fit_reference,
    fit_temperature,
    grey_zone,
    out_of_fold_probabilities,
)
from diagnosis.inference.engines import OnnxEngine, Scores
from diagnosis.inference.entry import Calibration, NetworkShape, Preprocessing
from diagnosis.inference.network import ServedNetwork, SliceNetwork
from diagnosis.inference.preprocess import network_input
from diagnosis.inference.store import REQUIRED
from diagnosis.training.card import EntryTexts, card, config_toml, labels_toml
from diagnosis.training.dataset import image_sizes, load_examples
from diagnosis.training.export import export_onnx
from diagnosis.training.fit import Epoch, Examples, TrainConfig, fit
from diagnosis.training.manifest import LabelledImage, groups_of, labels_of, split_of
from diagnosis.training.metrics import Answers, auroc, figures
from diagnosis.training.quantize import export_int8
from diagnosis.training.shortcuts import (
    Controls,
    control_probabilities,
    file_facts,
    grey_levels,
    lungs_blanked,
)
from hospital.core.sealed import write_entry

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
BATCH = 32
INPUT_SIZE = 160
CALIBRATION_IMAGES = 160
# int8 serves only where its answers hold: no probability moves far, no ranking changes.
MAX_INT8_SHIFT = 0.02  # of the 99th percentile of probabilities
MAX_INT8_AUROC_LOSS = 0.005


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to build: the entry's name, its texts, and how to train.

    Attributes:
        size: Side of the network's input, pixels.
        positive: The label that counts as found; empty takes the first alphabetically.
        has_blanked_training: Also train the control that never sees lungs.
    """

    name: str
    version: str
    texts: EntryTexts
    train: TrainConfig = field(default_factory=TrainConfig)
    size: int = INPUT_SIZE
    positive: str = ""
    has_blanked_training: bool = True


@dataclass(frozen=True, slots=True)
class Built:
    """A finished entry and what was measured of it."""

    digest: str
    metrics: dict[str, object]


@dataclass(frozen=True, slots=True)
class Split:
    """One split of the manifest, loaded."""

    images: Sequence[LabelledImage]
    examples: Examples

    @property
    def groups(self) -> list[str]:
        return groups_of(self.images)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a build stands: what it does, and its share from 0 to 1."""

    title: str
    share: float


Report = Callable[[Step], None]


def build_entry(
    images: Sequence[LabelledImage],
    *,
    recipe: Recipe,
    store: Path,
    pool: DecoderPool,
    report: Report = lambda _: None,
) -> Built:
    """Train on a manifest's images, measure, calibrate, export, seal.

    Args:
        images: From `read_manifest`: splits train and val, and test where there is one.
        recipe: What to build.
        store: Root of the model store.
        pool: Decodes the images.
        report: Told how far the work is.

    Raises:
        ManifestError: A split or a label is missing, or an image cannot be read.
        StoreError: The entry exists.
    """
    labels = labels_of(images)
    positive = labels.index(recipe.positive or labels[0])
    draft = Preprocessing(size=recipe.size, mean=0.0, standard_deviation=1.0)
    train = _load(images, "train", labels, draft, pool, report)
    val = _load(images, "val", labels, draft, pool, report)
    preprocessing = replace(
        draft,
        mean=float(train.examples.squares.mean()),
        standard_deviation=float(train.examples.squares.std()),
    )
    shape = NetworkShape(labels=len(labels))
    network = _fit(train.examples, shape, preprocessing, recipe, "training", report)
    scores = scores_of(network, val.examples.squares, preprocessing)
    calibration, calibrated = _calibrate(
        network, scores, train, val, preprocessing, positive
    )
    metrics: dict[str, object] = {
        "split": "val",
        "positive": labels[positive],
        "figures": asdict(figures(_answers(calibrated, val), positive=positive)),
        "sources": _by_source(calibrated, val, positive),
        "grey_zone": _zone_figures(calibrated, val, calibration, positive),
        "controls": asdict(
            _controls(
                network, train, val, preprocessing, recipe, positive, pool, report
            )
        ),
        "training": _training_facts(train, val, recipe, network),
    }
    report(Step("exporting", 0.0))

    def fill(folder: Path) -> None:
        engines, default = _export(
            network, folder, train, val, preprocessing, calibration, positive, metrics
        )
        _write_json(folder / "calibration.json", asdict(calibration))
        _write_json(folder / "metrics.json", metrics)
        (folder / "labels.toml").write_text(labels_toml(labels, positive))
        (folder / "config.toml").write_text(
            config_toml(
                recipe.texts,
                positive=labels[positive],
                preprocessing=preprocessing,
                shape=shape,
                engines=engines,
                default=default,
            )
        )
        (folder / "card.md").write_text(
            card(recipe.texts, labels=labels, metrics=metrics)
        )

    digest = write_entry(
        store, recipe.name, recipe.version, required=REQUIRED, fill=fill
    )
    return Built(digest, metrics)


def scores_of(
    network: SliceNetwork, squares: FloatArray, preprocessing: Preprocessing
) -> Scores:
    """Return torch's own scores of squares, batch by batch, fp32 on the CPU."""
    served = ServedNetwork(network).eval()
    parts = []
    with torch.inference_mode():
        for start in range(0, len(squares), BATCH):
            x = network_input(squares[start : start + BATCH], preprocessing)
            parts.append([output.numpy() for output in served(torch.from_numpy(x))])
    return Scores(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _load(
    images: Sequence[LabelledImage],
    name: str,
    labels: tuple[str, ...],
    preprocessing: Preprocessing,
    pool: DecoderPool,
    report: Report,
) -> Split:
    chosen = split_of(images, name)
    examples = load_examples(
        chosen,
        labels=labels,
        preprocessing=preprocessing,
        pool=pool,
        progress=lambda done, of: report(Step(f"reading {name}", done / of)),
    )
    return Split(chosen, examples)


def _fit(
    examples: Examples,
    shape: NetworkShape,
    preprocessing: Preprocessing,
    recipe: Recipe,
    title: str,
    report: Report,
) -> SliceNetwork:
    def told(epoch: Epoch) -> None:
        words = f"{title}: epoch {epoch.number} of {epoch.of}, loss {epoch.loss:.3f}"
        report(Step(words, epoch.number / epoch.of))

    return fit(
        examples,
        shape=shape,
        mean=preprocessing.mean,
        standard_deviation=preprocessing.standard_deviation,
        config=recipe.train,
        report=told,
    )


def _calibrate(
    network: SliceNetwork,
    scores: Scores,
    train: Split,
    val: Split,
    preprocessing: Preprocessing,
    positive: int,
) -> tuple[Calibration, Array]:
    """Return the calibration, and the held-out probabilities it is judged by."""
    truth = val.examples.labels
    calibrated = out_of_fold_probabilities(scores.logits, truth, groups=val.groups)
    low, high = grey_zone(calibrated[:, positive], truth == positive)
    learned = scores_of(network, train.examples.squares, preprocessing)
    calibration = Calibration(
        temperature=fit_temperature(scores.logits, truth),
        grey_low=low,
        grey_high=high,
        reference=fit_reference(learned.features),
    )
    return calibration, calibrated


def _answers(probabilities: Array, split: Split) -> Answers:
    return Answers(
        probabilities=probabilities,
        truth=split.examples.labels,
        groups=split.groups,
        abstained=np.zeros(len(split.images), dtype=np.bool_),
    )


def _by_source(
    probabilities: Array, split: Split, positive: int
) -> dict[str, dict[str, object]]:
    """Return the figures of each source that the manifest names."""
    sources = np.array([image.source for image in split.images])
    result = {}
    for name in sorted(set(sources.tolist()) - {""}):
        inside = np.flatnonzero(sources == name)
        answers = Answers(
            probabilities[inside],
            split.examples.labels[inside],
            [split.groups[index] for index in inside],
            np.zeros(len(inside), dtype=np.bool_),
        )
        result[name] = asdict(figures(answers, positive=positive))
    return result


def _zone_figures(
    probabilities: Array, split: Split, calibration: Calibration, positive: int
) -> dict[str, float]:
    p = probabilities[:, positive]
    given = (p <= calibration.grey_low) | (p >= calibration.grey_high)
    right = (p >= 0.5) == (split.examples.labels == positive)
    return {
        "low": calibration.grey_low,
        "high": calibration.grey_high,
        "withheld_share": float(1 - given.mean()),
        "accuracy_of_answers_given": float(right[given].mean()) if given.any() else 0.0,
    }


def _controls(
    network: SliceNetwork,
    train: Split,
    val: Split,
    preprocessing: Preprocessing,
    recipe: Recipe,
    positive: int,
    pool: DecoderPool,
    report: Report,
) -> Controls:
    truth = val.examples.labels == positive
    learned = train.examples.labels == positive
    blanked = lungs_blanked(val.examples.squares)

    def margin(model: SliceNetwork) -> Array:
        logits = scores_of(model, blanked, preprocessing).logits
        others = np.delete(logits, positive, axis=1).max(axis=1)
        result: Array = (logits[:, positive] - others).astype(np.float64)
        return result

    trained = None
    if recipe.has_blanked_training:
        covered = Examples(lungs_blanked(train.examples.squares), train.examples.labels)
        shape = NetworkShape(labels=network.head.out_features)
        control = _fit(covered, shape, preprocessing, recipe, "control", report)
        trained = auroc(margin(control), truth)
    facts = [
        file_facts(split.images, image_sizes(split.images, pool))
        for split in (train, val)
    ]
    greys = [grey_levels(split.examples.squares) for split in (train, val)]
    return Controls(
        same_model_blanked=auroc(margin(network), truth),
        trained_on_blanked=trained,
        file_facts=auroc(control_probabilities(facts[0], learned, facts[1]), truth),
        grey_levels=auroc(control_probabilities(greys[0], learned, greys[1]), truth),
    )


def _export(
    network: SliceNetwork,
    folder: Path,
    train: Split,
    val: Split,
    preprocessing: Preprocessing,
    calibration: Calibration,
    positive: int,
    metrics: dict[str, object],
) -> tuple[dict[str, str], str]:
    """Write every engine's weights; return their names and the one that serves."""
    engines = {"torch": "weights.pt", "onnx-fp32": "model.onnx"}
    torch.save(network.state_dict(), folder / "weights.pt")
    export_onnx(network, folder / "model.onnx", size=preprocessing.size)
    generator = np.random.default_rng(0)
    count = min(CALIBRATION_IMAGES, len(train.images))
    chosen = generator.choice(len(train.images), count, replace=False)
    x = network_input(train.examples.squares[np.sort(chosen)], preprocessing)
    export_int8(
        folder / "model.onnx",
        folder / "model.int8.onnx",
        batches=[x[start : start + 16] for start in range(0, len(x), 16)],
    )
    agreement = _agreement(folder, val, preprocessing, calibration, positive)
    metrics["int8"] = agreement
    holds = (
        agreement["p99_probability_difference"] <= MAX_INT8_SHIFT
        and abs(agreement["auroc_difference"]) <= MAX_INT8_AUROC_LOSS
    )
    if not holds:
        (folder / "model.int8.onnx").unlink()
        return engines, "onnx-fp32"
    return {**engines, "onnx-int8": "model.int8.onnx"}, "onnx-int8"


def _agreement(
    folder: Path,
    val: Split,
    preprocessing: Preprocessing,
    calibration: Calibration,
    positive: int,
) -> dict[str, float]:
    """Return how far int8 moves the answers of fp32 on the validation images."""
    from diagnosis.inference.calibrate import probabilities  # noqa: PLC0415

    truth = val.examples.labels == positive
    p = {}
    for name in ("model.onnx", "model.int8.onnx"):
        engine = OnnxEngine(folder / name, name=name, threads=1)
        logits = [
            engine.run(
                network_input(
                    val.examples.squares[start : start + BATCH], preprocessing
                )
            ).logits
            for start in range(0, len(val.images), BATCH)
        ]
        p[name] = probabilities(
            np.concatenate(logits), temperature=calibration.temperature
        )[:, positive]
    moved = np.abs(p["model.onnx"] - p["model.int8.onnx"])
    exact, quantized = (auroc(values, truth) or 0.0 for values in p.values())
    return {
        "max_probability_difference": float(moved.max()),
        "p99_probability_difference": float(np.quantile(moved, 0.99)),
        "auroc_difference": quantized - exact,
    }


def _training_facts(
    train: Split, val: Split, recipe: Recipe, network: SliceNetwork
) -> dict[str, object]:
    return {
        "train_images": len(train.images),
        "train_patients": len(set(train.groups)),
        "val_images": len(val.images),
        "val_patients": len(set(val.groups)),
        "parameters": sum(p.numel() for p in network.parameters()),
        "config": asdict(recipe.train),
        "size": recipe.size,
        "torch": torch.__version__,
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n")
