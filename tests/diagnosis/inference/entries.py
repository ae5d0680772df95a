"""Model-store entries small enough to be made in every test."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from diagnosis.inference.calibrate import fit_reference
from diagnosis.inference.entry import Calibration, NetworkShape, Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.inference.series import Picture, SeriesFacts, SeriesInput, SliceLoader
from diagnosis.inference.store import REQUIRED
from diagnosis.training.card import CHEST_CT, EntryTexts, config_toml, labels_toml
from diagnosis.training.export import export_onnx
from diagnosis.training.learning import scores_of
from hospital.core.sealed import write_entry

SIZE = 32
SHAPE = NetworkShape(labels=2, widths=(4, 8))
LABELS = ("COVID", "NonCOVID")
CALIBRATION = (
    '{"temperature": 2.0, "grey_low": 0.5, "grey_high": 0.5, "is_calibrated": true}'
)
CHEST = SeriesFacts(
    kind="dicom-series",
    modality="CT",
    sop_class="1.2.840.10008.5.1.4.1.1.2",
    body_part="CHEST",
    region="CHEST routine",
    image_type="ORIGINAL\\PRIMARY\\AXIAL",
    plane="axial",
    kernel="B30f",
    pixel_spacing_mm=0.7,
    slice_spacing_mm=5.0,
    slices=10,
)
PICTURE = replace(CHEST, kind="image", modality="OT", slices=1)


def tiny_network(seed: int = 0) -> SliceNetwork:
    torch.manual_seed(seed)
    return SliceNetwork(SHAPE).eval()


def write_tiny_entry(
    root: Path,
    *,
    name: str = "tiny",
    version: str = "1",
    calibration: str = CALIBRATION,
    template: str = "",
    recipe: str = "",
) -> str:
    """Write a sealed entry of an untrained network and return its digest."""
    network = tiny_network()
    texts = EntryTexts(template or CHEST_CT.read_text())

    def fill(folder: Path) -> None:
        torch.save(network.state_dict(), folder / "weights.pt")
        export_onnx(network, folder / "model.onnx", size=SIZE)
        (folder / "calibration.json").write_text(calibration)
        (folder / "metrics.json").write_text("{}")
        if recipe:
            (folder / "training.toml").write_text(recipe)
        (folder / "labels.toml").write_text(labels_toml(LABELS, 0))
        (folder / "card.md").write_text("# Tiny\n\nResearch use only.\n")
        (folder / "config.toml").write_text(
            config_toml(
                texts,
                positive="COVID",
                preprocessing=Preprocessing(SIZE, 0.4, 0.3),
                shape=SHAPE,
                engines={"torch": "weights.pt", "onnx-fp32": "model.onnx"},
                default="onnx-fp32",
            )
        )

    return write_entry(root, name, version, required=REQUIRED, fill=fill)


def write_seeing_entry(root: Path, *, version: str) -> str:
    """Write an entry that knows noise, and is far from everything else."""
    squares = slices(64, side=SIZE)
    preprocessing = Preprocessing(SIZE, 0.4, 0.3)
    learned, held_out = (
        scores_of(tiny_network(), seen, preprocessing).features
        for seen in (squares, slices(64, seed=1, side=SIZE))
    )
    calibration = Calibration(2.0, 0.5, 0.5, reference=fit_reference(learned, held_out))
    return write_tiny_entry(
        root, version=version, calibration=json.dumps(asdict(calibration))
    )


def slices(count: int, *, seed: int = 0, side: int = 80) -> NDArray[np.float32]:
    """Return grey noise, shape (count, side, side)."""
    return np.random.default_rng(seed).random((count, side, side), dtype=np.float32)


def series(
    greys: NDArray[np.float32], facts: SeriesFacts = CHEST, *, colour: float = 0.0
) -> SeriesInput:
    return SeriesInput(facts, tuple(_loader(grey, colour) for grey in greys))


def _loader(grey: NDArray[np.float32], colour: float) -> SliceLoader:
    return lambda _preprocessing: Picture(grey, colour)
