"""The files that engines load: single precision always, eight bits where answers hold."""

from pathlib import Path

import numpy as np
import torch

from diagnosis.inference.attention import write_attention
from diagnosis.inference.calibrate import calibrated
from diagnosis.inference.engines import OnnxEngine
from diagnosis.inference.entry import Calibration
from diagnosis.inference.preprocess import network_input
from diagnosis.training.candidate import Candidate
from diagnosis.training.export import export_onnx
from diagnosis.training.metrics import auroc
from diagnosis.training.quantize import export_int8

BATCH = 8
# Ranges are measured with every map in memory: 3.9 GB at 16 of ct-covid/2, 1.4 at 4.
RANGES_BATCH = 4
CALIBRATION_IMAGES = 160
# int8 serves only where its answers hold: no probability moves far, no ranking changes.
MAX_INT8_SHIFT = 0.02  # of the 99th percentile of probabilities
MAX_INT8_AUROC_LOSS = 0.005


def write_engines(
    candidate: Candidate, folder: Path, calibration: Calibration
) -> tuple[dict[str, str], str, dict[str, float]]:
    """Write every engine's weights.

    Returns:
        File by engine, the engine that serves, and how far int8 moves answers; empty
        where it was not made.
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
    if (
        candidate.learned.attention
    ):  # int8 is mended after the features, which it weighs
        write_attention(candidate.learned.attention, folder)
        return engines, "onnx-fp32", {}
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
    agreement = _agreement(candidate, folder, calibration)
    holds = (
        agreement["p99_probability_difference"] <= MAX_INT8_SHIFT
        and abs(agreement["auroc_difference"]) <= MAX_INT8_AUROC_LOSS
    )
    if not holds:
        (folder / "model.int8.onnx").unlink()
        return engines, "onnx-fp32", agreement
    return {**engines, "onnx-int8": "model.int8.onnx"}, "onnx-int8", agreement


def _agreement(
    candidate: Candidate, folder: Path, calibration: Calibration
) -> dict[str, float]:
    """Return how far int8 moves the answers of fp32 on the validation images."""
    examples, positive = candidate.val.examples, candidate.positive
    p = {}
    for name in ("model.onnx", "model.int8.onnx"):
        engine = OnnxEngine(folder / name, name=name, threads=1)
        logits = [
            engine.run(
                network_input(
                    examples.squares[start : start + BATCH],
                    candidate.learning.preprocessing,
                )
            ).logits
            for start in range(0, len(examples.labels), BATCH)
        ]
        p[name] = calibrated(np.concatenate(logits), calibration)[:, positive]
    moved = np.abs(p["model.onnx"] - p["model.int8.onnx"])
    truth = examples.labels == positive
    exact, quantized = (auroc(values, truth) or 0.0 for values in p.values())
    return {
        "max_probability_difference": float(moved.max()),
        "p99_probability_difference": float(np.quantile(moved, 0.99)),
        "auroc_difference": quantized - exact,
    }
