"""What only a GPU can show: half precision by graphs, and learning that comes again."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from diagnosis.inference.engines import HalfEngine, TorchEngine, has_gpu
from diagnosis.inference.entry import ModelEntry, NetworkShape, Preprocessing
from diagnosis.inference.preprocess import network_input
from diagnosis.inference.store import load_entry
from diagnosis.training.examples import Examples
from diagnosis.training.fit import Epoch, Fitted, fit
from diagnosis.training.trainconfig import TrainConfig
from tests.diagnosis.inference.entries import SIZE, slices, write_tiny_entry
from tests.running import ROOT

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not has_gpu(), reason="no GPU that torch can use"),
]
KILLED = "from tests.diagnosis.training.test_gpu import killed; killed()"
# Its blocks are left out by a chance of the device's own.
SHAPE = NetworkShape(labels=2, architecture="efficientnet_b0")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ModelEntry:
    store = tmp_path_factory.mktemp("models")
    write_tiny_entry(store)
    return load_entry(store, "tiny", "1")


def learned(checkpoint: Path, *, killed_after: int = 0) -> Fitted:
    """Learn four epochs in bf16; end this very process after one of them if asked."""
    squares = np.random.default_rng(0).random((24, 64, 64), dtype=np.float32)

    def report(epoch: Epoch) -> None:
        if epoch.number == killed_after:
            signal.raise_signal(signal.SIGKILL)

    return fit(
        Examples(squares, np.arange(24) % 2),
        shape=SHAPE,
        preprocessing=Preprocessing(64, 0.5, 0.3),
        config=TrainConfig(epochs=4, batch_size=8, device="cuda", is_half=True),
        report=report,
        checkpoint=checkpoint,
    )


def killed() -> None:
    learned(Path(sys.argv[1]), killed_after=2)


@pytest.mark.parametrize("count", [1, 3, 32, 33])
def test_a_graph_gives_each_slice_the_answer_of_single_precision(
    tiny: ModelEntry, count: int
) -> None:
    half = HalfEngine(tiny)
    exact = TorchEngine(tiny, device="cpu")

    for seed in range(3):  # captured once, then replayed
        x = network_input(slices(count, side=SIZE, seed=seed), tiny.preprocessing)
        found, expected = half.run(x), exact.run(x)

        assert found.logits == pytest.approx(expected.logits, abs=5e-3)
        assert found.features == pytest.approx(expected.features, abs=5e-3)


@pytest.mark.slow
def test_a_run_killed_at_half_ends_in_the_same_weights(tmp_path: Path) -> None:
    checkpoint = tmp_path / "cut.pt"
    whole = learned(tmp_path / "whole.pt")

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(checkpoint)], cwd=ROOT, check=False
    )
    kept = torch.load(checkpoint, weights_only=True)["epoch"]
    resumed = learned(checkpoint)

    assert (ended.returncode, kept) == (-signal.SIGKILL, 2)
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, resumed.network.state_dict()[name]), name
