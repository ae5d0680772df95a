"""Which files an entry gets: none whose answers moved on the way."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from diagnosis.inference.entry import Calibration, NetworkShape, Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.candidate import Candidate
from diagnosis.training.engine_files import ExportError, write_engines
from diagnosis.training.examples import Examples
from diagnosis.training.learning import Learned, Learning, scores_of
from diagnosis.training.manifest import LabelledImage
from diagnosis.training.recipe import NO_TEXTS, Recipe
from diagnosis.training.splits import Split
from hospital.core.sealed import write_entry

pytestmark = pytest.mark.slow
SIZE = 32
PREPROCESSING = Preprocessing(SIZE, 0.5, 0.3)
CALIBRATION = Calibration(1.0, 0.5, 0.5)


class OtherwiseExported(SliceNetwork):
    """A network that knows when it is exported, as layers of some packages do."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        logits, maps = super().forward(x)
        return logits, maps * 1.5 if torch.compiler.is_exporting() else maps


def network_of(kind: type[SliceNetwork], *, loudness: float) -> SliceNetwork:
    """Return an untrained network whose logits differ more or less from image to image."""
    torch.manual_seed(3)
    network = kind(NetworkShape(labels=2, widths=(4, 8))).eval()
    with torch.no_grad():
        network.head.weight *= loudness
    return network


def split_of(squares: np.ndarray, labels: np.ndarray, name: str) -> Split:
    images = [
        LabelledImage(Path(f"{name}{n}.png"), "ab"[label], name, f"{name}{n}", "", {})
        for n, label in enumerate(labels)
    ]
    return Split(images, Examples(squares, labels))


def candidate_of(network: SliceNetwork, *, brightness: float, store: Path) -> Candidate:
    """Return a candidate, its validation images brighter than those it learned from."""
    squares = np.random.default_rng(1).random((32, SIZE, SIZE), dtype=np.float32)
    squares *= np.linspace(0.1, 1.0, 32, dtype=np.float32)[:, None, None]
    margins = np.diff(scores_of(network, squares, PREPROCESSING).logits)[:, 0]
    # The network tells every image's label, and clearly: only what moves costs anything.
    order = np.argsort(margins)
    squares = squares[np.concatenate([order[:8], order[-8:]])]
    labels = np.repeat([0, 1], 8)
    learning = Learning(
        Recipe("m", "1", NO_TEXTS, size=SIZE), PREPROCESSING, 2, store, lambda _: None
    )
    return Candidate(
        Learned(network),
        learning,
        train=split_of(squares / brightness, labels, "train"),
        val=split_of(squares, labels, "val"),
        positive=1,
    )


def test_an_export_that_answers_otherwise_is_refused_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    network = network_of(OtherwiseExported, loudness=40)
    candidate = candidate_of(network, brightness=1, store=tmp_path)

    def fill(folder: Path) -> None:
        write_engines(candidate, folder, CALIBRATION)

    with pytest.raises(
        ExportError, match=r"differs by 0\.\d{4}, and 0\.001 is allowed"
    ):
        write_entry(tmp_path, "m", "1", required=(), fill=fill)

    assert list((tmp_path / "m").iterdir()) == []


def test_an_export_is_compared_with_torch(tmp_path: Path) -> None:
    network = network_of(SliceNetwork, loudness=40)
    candidate = candidate_of(network, brightness=1, store=tmp_path)

    _, _, agreements = write_engines(candidate, tmp_path, CALIBRATION)

    assert 0 <= agreements["onnx"]["max_probability_difference"] < 1e-4
    assert agreements["onnx"]["auroc_difference"] == 0.0


@pytest.mark.parametrize(
    ("loudness", "brightness", "moves", "reorders"),
    [
        pytest.param(40, 1, False, False, id="taken"),
        pytest.param(160, 1.5, True, False, id="a probability moves"),
        pytest.param(0.05, 20, False, True, id="the order changes"),
    ],
)
def test_eight_bits_are_taken_only_where_they_cost_nothing(
    tmp_path: Path, *, loudness: float, brightness: float, moves: bool, reorders: bool
) -> None:
    network = network_of(SliceNetwork, loudness=loudness)
    candidate = candidate_of(network, brightness=brightness, store=tmp_path)

    engines, default, agreements = write_engines(candidate, tmp_path, CALIBRATION)

    found = agreements["int8"]
    assert (found["p99_probability_difference"] > 0.02) is moves
    assert (abs(found["auroc_difference"]) > 0.005) is reorders
    is_taken = not moves and not reorders
    assert default == ("onnx-int8" if is_taken else "onnx-fp32")
    assert ("onnx-int8" in engines) is is_taken
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"weights.pt", *engines.values()}
