"""From labelled images to a complete, sealed entry of the model store."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.entry import Calibration, Preprocessing
from diagnosis.inference.store import REQUIRED
from diagnosis.training.bags import with_bags
from diagnosis.training.candidate import Candidate
from diagnosis.training.card import card, config_toml, labels_toml
from diagnosis.training.engine_files import write_engines
from diagnosis.training.examples import Examples
from diagnosis.training.initial import GREY, named
from diagnosis.training.learning import Learned, Learning
from diagnosis.training.manifest import LabelledImage, labels_of
from diagnosis.training.measuring import measured
from diagnosis.training.recipe import Recipe, Report, Step
from diagnosis.training.rivals import cross_validated
from diagnosis.training.search import changed, searched
from diagnosis.training.splits import Split, load_split
from diagnosis.training.strange import fit_known, write_known
from diagnosis.training.team import team_of
from diagnosis.training.weight import refuse_too_large
from hospital.core.phrases import phrase
from hospital.core.sealed import write_entry


@dataclass(frozen=True, slots=True)
class Built:
    """A finished entry and what was measured of it.

    The digest is empty in a process of a team whose first process wrote it.
    """

    digest: str
    metrics: dict[str, object]


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
        ManifestError: A split or a label is missing, an image cannot be read, or the
            weights would be larger than the recipe allows.
        ExportError: The exported network answers otherwise than the one that learned.
        StoreError: The entry exists.
    """
    labels = labels_of(images)
    positive = labels.index(recipe.positive or labels[0])
    refuse_too_large(recipe, len(labels))
    draft = Preprocessing(recipe.size, 0.0, 1.0, slices=recipe.slices)
    train, val = (
        load_split(
            images, name, labels=labels, preprocessing=draft, pool=pool, report=report
        )
        for name in ("train", "val")
    )
    preprocessing = _normalised(draft, train.examples, recipe)
    learning = Learning(recipe, preprocessing, len(labels), store, report)
    if recipe.series.is_attention:
        train, val = (with_bags(split, learning, pool) for split in (train, val))
    found = None
    if recipe.trials:
        found = searched(learning, train, positive=positive)
        recipe = changed(recipe, found.best.choices)
        learning = replace(learning, recipe=recipe)
    learned = learning.learned(train.examples, phrase("training"))
    candidate = Candidate(learned, learning, train, val, positive)
    calibration, figures = measured(candidate, labels, pool)
    metrics: dict[str, object] = {
        "split": "val",
        "positive": labels[positive],
        **figures,
        "training": _training_facts(train, val, recipe, learned),
        "search": asdict(found) if found else None,
    }
    if recipe.repeats:
        metrics["cross_validation"] = asdict(
            cross_validated(learning, train, val, positive=positive)
        )
    if not team_of().is_first:  # the first process writes for all
        return Built("", metrics)
    report(Step(phrase("exporting"), 0.0))
    digest = write_entry(
        store,
        recipe.name,
        recipe.version,
        required=REQUIRED,
        fill=lambda folder: _fill(folder, candidate, labels, calibration, metrics),
    )
    learning.forget()
    return Built(digest, metrics)


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


def _training_facts(
    train: Split, val: Split, recipe: Recipe, learned: Learned
) -> dict[str, object]:
    return {
        "train_images": len(train.images),
        "train_patients": len(set(train.groups)),
        "val_images": len(val.images),
        "val_patients": len(set(val.groups)),
        "parameters": sum(p.numel() for p in learned.network.parameters()),
        "config": asdict(recipe.train),
        "architecture": recipe.architecture,
        "initial": named(recipe.initial),
        "probe": asdict(recipe.probe) if recipe.probe else None,
        "ensemble": asdict(recipe.ensemble) if recipe.ensemble else None,
        "views": asdict(recipe.views),
        "series": asdict(recipe.series),
        "runs": [asdict(run) for run in learned.runs],
        "size": recipe.size,
        "slices": recipe.slices,
        "torch": torch.__version__,
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }


def _fill(
    folder: Path,
    candidate: Candidate,
    labels: Sequence[str],
    calibration: Calibration,
    metrics: dict[str, object],
) -> None:
    """Write every file of the entry."""
    learning, recipe = candidate.learning, candidate.learning.recipe
    engines, default, agreements = write_engines(candidate, folder, calibration)
    metrics.update(agreements)
    _write_json(folder / "calibration.json", asdict(calibration))
    _write_json(folder / "metrics.json", metrics)
    (folder / "labels.toml").write_text(labels_toml(labels, candidate.positive))
    (folder / "config.toml").write_text(
        config_toml(
            recipe.texts,
            positive=labels[candidate.positive],
            preprocessing=learning.preprocessing,
            shape=learning.shape,
            views=recipe.views,
            pooling=recipe.series.pooling,
            engines=engines,
            default=default,
        )
    )
    if recipe.file:
        (folder / "training.toml").write_text(recipe.file)
    train, val = candidate.train, candidate.val
    squares = np.concatenate([train.examples.middle, val.examples.middle])
    write_known(fit_known(squares, groups=[*train.groups, *val.groups]), folder)
    (folder / "card.md").write_text(card(recipe.texts, labels=labels, metrics=metrics))


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n")
