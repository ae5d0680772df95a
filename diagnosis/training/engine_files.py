"""The files that engines load: single precision always, eight bits where answers hold."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from diagnosis.inference.attention import write_attention
from diagnosis.inference.calibrate import calibrated
from diagnosis.inference.engines import OnnxEngine
from diagnosis.inference.entry import Calibration
from diagnosis.inference.preprocess import network_input
from diagnosis.training.candidate import Candidate
from diagnosis.training.export import export_onnx
from diagnosis.training.metrics import auroc
from diagnosis.training.quantize import export_int8
from hospital.core.phrases import phrase

Array = NDArray[np.float64]
Agreement = dict[str, float]
BATCH = 8
# Ranges are measured with every map in memory: 3.9 GB at 16 of ct-covid/2, 1.4 at 4.
RANGES_BATCH = 4
CALIBRATION_IMAGES = 160
MAX_EXPORT_SHIFT = 1e-3  # of any probability: fp32 in ONNX is the same sum, elsewhere
# int8 serves only where its answers hold: no probability moves far, no ranking changes.
MAX_INT8_SHIFT = 0.02  # of the 99th percentile of probabilities
MAX_INT8_AUROC_LOSS = 0.005


class ExportError(ValueError):
    """An exported network that answers otherwise than the one that learned."""


def write_engines(
    candidate: Candidate, folder: Path, calibration: Calibration
) -> tuple[dict[str, str], str, dict[str, Agreement]]:
    """Write every engine's weights.

    Returns:
        File by engine, the engine that serves, and how far answers moved on the
        validation images: under `onnx` from torch to ONNX, under `int8` from there to
        eight bits; empty where that was not made.

    Raises:
        ExportError: ONNX moves a probability by more than `MAX_EXPORT_SHIFT`.
    """
    preprocessing = candidate.learning.preprocessing
    engines = {"torch": "weights.pt", "onnx-fp32": "model.onnx"}
    torch.save(candidate.network.state_dict(), folder / "weights.pt")
    export_onnx(
        candidate.network,
        folder / "model.onnx",
        size=preprocessing.size,
        views=candidate.learning.recipe.views,
    )
    exact = _by_onnx(candidate, folder / "model.onnx", calibration)
    exported = _agreement(candidate, _by_torch(candidate, calibration), exact)
    _refuse_moved(exported["max_probability_difference"])
    if (
        candidate.learned.attention
    ):  # int8 is mended after the features, which it weighs
        write_attention(candidate.learned.attention, folder)
        return engines, "onnx-fp32", {"onnx": exported, "int8": {}}
    train = candidate.train
    generator = np.random.default_rng(0)
    count = min(CALIBRATION_IMAGES, len(train.images))
    chosen = generator.choice(len(train.images), count, replace=False)
    x = network_input(train.examples.squares[np.sort(chosen)], preprocessing)
    export_int8(
        folder / "model.onnx",
        folder / "model.int8.onnx",
        batches=[
            x[start : start + RANGES_BATCH] for start in range(0, len(x), RANGES_BATCH)
        ],
    )
    rounded = _by_onnx(candidate, folder / "model.int8.onnx", calibration)
    agreement = _agreement(candidate, exact, rounded)
    agreements = {"onnx": exported, "int8": agreement}
    holds = (
        agreement["p99_probability_difference"] <= MAX_INT8_SHIFT
        and abs(agreement["auroc_difference"]) <= MAX_INT8_AUROC_LOSS
    )
    if not holds:
        (folder / "model.int8.onnx").unlink()
        return engines, "onnx-fp32", agreements
    return {**engines, "onnx-int8": "model.int8.onnx"}, "onnx-int8", agreements


def _refuse_moved(moved: float) -> None:
    """Refuse an export that moves answers, or whose answers are no numbers."""
    if moved <= MAX_EXPORT_SHIFT:
        return
    message = phrase(
        "the network as ONNX answers otherwise than the one that learned: a probability "
        "differs by %(moved)s, and %(most)s is allowed. Nothing was written; take another "
        "architecture, or look at the versions of torch and ONNX.",
        moved=f"{moved:.4f}",
        most=str(MAX_EXPORT_SHIFT),
    )
    raise ExportError(message)


def _by_torch(candidate: Candidate, calibration: Calibration) -> Array:
    """Return torch's probabilities of the validation images, shape (N, labels)."""
    squares = candidate.val.examples.squares
    scores = candidate.learning.scores(candidate.network, squares)
    return calibrated(scores.logits, calibration)


def _by_onnx(candidate: Candidate, path: Path, calibration: Calibration) -> Array:
    """Return a file's probabilities of the validation images, shape (N, labels)."""
    engine = OnnxEngine(path, name=path.name, threads=1)
    squares, preprocessing = (
        candidate.val.examples.squares,
        candidate.learning.preprocessing,
    )
    logits = [
        engine.run(network_input(squares[start : start + BATCH], preprocessing)).logits
        for start in range(0, len(squares), BATCH)
    ]
    return calibrated(np.concatenate(logits), calibration)


def _agreement(candidate: Candidate, exact: Array, other: Array) -> Agreement:
    """Return how far other answers to the validation images lie from exact ones."""
    positive = candidate.positive
    moved = np.abs(exact - other).max(axis=1)  # of any label, shape (N,)
    truth = candidate.val.examples.labels == positive
    before, after = (auroc(p[:, positive], truth) or 0.0 for p in (exact, other))
    return {
        "max_probability_difference": float(moved.max()),
        "p99_probability_difference": float(np.quantile(moved, 0.99)),
        "auroc_difference": after - before,
    }
