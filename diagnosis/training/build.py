"""From labelled images to a complete, sealed entry of the model store."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
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
from diagnosis.inference.entry import Calibration, Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.inference.preprocess import network_input
from diagnosis.inference.store import REQUIRED
from diagnosis.training.card import card, config_toml, labels_toml
from diagnosis.training.crossval import (
    CrossValidation,
    Learner,
    compared,
    held_out_margins,
    trees_learner,
)
from diagnosis.training.dataset import image_sizes, load_examples
from diagnosis.training.export import export_onnx
from diagnosis.training.fit import Examples
from diagnosis.training.initial import GREY
from diagnosis.training.learning import Learning, margins, scores_of
from diagnosis.training.manifest import LabelledImage, groups_of, labels_of, split_of
from diagnosis.training.metrics import Answers, auroc, figures
from diagnosis.training.quantize import export_int8
from diagnosis.training.recipe import Recipe, Report, Step
from diagnosis.training.shortcuts import (
    Controls,
    control_probabilities,
    file_facts,
    grey_levels,
    lungs_blanked,
)
from diagnosis.training.strange import fit_known, write_known
from diagnosis.training.texture import texture_features
from hospital.core.sealed import write_entry

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
BATCH = 32
CALIBRATION_IMAGES = 160
# int8 serves only where its answers hold: no probability moves far, no ranking changes.
MAX_INT8_SHIFT = 0.02  # of the 99th percentile of probabilities
MAX_INT8_AUROC_LOSS = 0.005


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
    preprocessing = _normalised(draft, train.examples, recipe)
    learning = Learning(recipe, preprocessing, len(labels), store, report)
    network = learning.network(train.examples, "training")
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
            _controls(network, train, val, preprocessing, learning, positive, pool)
        ),
        "training": _training_facts(train, val, recipe, network),
    }
    if recipe.repeats:
        metrics["cross_validation"] = asdict(
            cross_validate(learning, train, val, positive=positive)
        )
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
                shape=learning.shape,
                engines=engines,
                default=default,
            )
        )
        if recipe.file:
            (folder / "training.toml").write_text(recipe.file)
        squares = np.concatenate([train.examples.squares, val.examples.squares])
        write_known(fit_known(squares, groups=[*train.groups, *val.groups]), folder)
        (folder / "card.md").write_text(
            card(recipe.texts, labels=labels, metrics=metrics)
        )

    digest = write_entry(
        store, recipe.name, recipe.version, required=REQUIRED, fill=fill
    )
    learning.forget()
    return Built(digest, metrics)


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


def cross_validate(
    learning: Learning, train: Split, val: Split, *, positive: int
) -> CrossValidation:
    """Return how the recipe does over train and val together, beside its rivals."""
    recipe = learning.recipe
    squares = np.concatenate([train.examples.squares, val.examples.squares])
    truth = np.concatenate([train.examples.labels, val.examples.labels])
    is_positive, groups = truth == positive, [*train.groups, *val.groups]

    def held_out(learner: Learner, title: str) -> Array:
        return held_out_margins(
            learner,
            is_positive,
            groups,
            repeats=recipe.repeats,
            folds=recipe.folds,
            told=lambda share: learning.report(Step(title, share)),
        )

    examples = Examples(squares, truth)
    covered = Examples(lungs_blanked(squares), truth)
    learners = {
        "folds": learning.learner(examples, positive=positive, title="folds"),
        "texture": trees_learner(texture_features(squares), is_positive),
        "folds, lungs covered": learning.learner(
            covered, positive=positive, title="folds, lungs covered"
        ),
    }
    model, texture, blanked = (
        held_out(learner, title) for title, learner in learners.items()
    )
    return compared(
        model,
        texture,
        blanked,
        is_positive=is_positive,
        groups=groups,
        folds=recipe.folds,
    )


def _normalised(
    draft: Preprocessing, examples: Examples, recipe: Recipe
) -> Preprocessing:
    """Return the preprocessing that the first weights were made for, else the data's."""
    mean, deviation = (
        float(examples.squares.mean()),
        float(examples.squares.std()),
    )
    if recipe.initial and recipe.architecture in GREY:
        mean, deviation = GREY[recipe.architecture]
    return replace(draft, mean=mean, standard_deviation=deviation)


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
    learning: Learning,
    positive: int,
    pool: DecoderPool,
) -> Controls:
    truth = val.examples.labels == positive
    learned = train.examples.labels == positive
    blanked = lungs_blanked(val.examples.squares)

    def margin(model: SliceNetwork) -> Array:
        return margins(scores_of(model, blanked, preprocessing).logits, positive)

    trained = None
    if learning.recipe.has_blanked_training:
        covered = Examples(lungs_blanked(train.examples.squares), train.examples.labels)
        control = learning.network(covered, "control")
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
        "architecture": recipe.architecture,
        "initial": recipe.initial,
        "probe": asdict(recipe.probe) if recipe.probe else None,
        "size": recipe.size,
        "torch": torch.__version__,
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n")
