"""One command from two folders of pictures to a model, however often it is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import django
import numpy as np
import pytest
import torch
from django.conf import LazySettings
from django.core.management import call_command
from PIL import Image

from diagnosis.evaluation.kept import data_check_of
from diagnosis.inference.store import load_entry
from diagnosis.training.checkpoint import Run
from tests.running import ROOT

HALF = 2
KILLED = "from tests.diagnosis.management.test_train_ct import killed; killed()"


def train(root: Path) -> None:
    call_command(
        *("train_ct", "--root", str(root), "--out", "glow/1"),
        *("--epochs", str(2 * HALF), "--size", "32", "--threads", "1", "--no-control"),
    )


def killed() -> None:
    """Train in this process, which ends like one killed with -9 at half."""
    django.setup()
    keep = Run.keep

    def kept(self: Run, path: Path, mark: str, *, epoch: int) -> None:
        keep(self, path, mark, epoch=epoch)
        if epoch == HALF:
            signal.raise_signal(signal.SIGKILL)

    Run.keep = kept  # type: ignore[method-assign]  # in a process of its own
    train(Path(sys.argv[1]))


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Eight bright and eight dark pictures, each of its own patient."""
    root = tmp_path / "pictures"
    generator = np.random.default_rng(0)
    for number in range(16):
        label = ("bright", "dark")[number % 2]
        grey = generator.random((40, 50)) * 120 + (130 if label == "bright" else 0)
        (root / label).mkdir(parents=True, exist_ok=True)
        Image.fromarray(grey.astype(np.uint8)).save(root / label / f"{number}.png")
    return root


@pytest.mark.slow
def test_killed_at_half_the_same_command_ends_in_the_same_entry(
    folders: Path, tmp_path: Path, settings: LazySettings
) -> None:
    store, other = tmp_path / "models", tmp_path / "others"
    settings.TRAINING_CURVES = tmp_path / "curves"

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(folders)],
        cwd=ROOT,
        env={**os.environ, "MODEL_STORE": str(store)},
        check=False,
    )
    (checkpoint,) = (store / "glow" / ".1.unfinished").iterdir()
    kept = torch.load(checkpoint, weights_only=True)["epoch"]
    settings.MODEL_STORE = store
    train(folders)
    settings.MODEL_STORE = other
    train(folders)  # uninterrupted

    assert (ended.returncode, kept) == (-signal.SIGKILL, HALF)
    sums = [each / "glow" / "1" / "SHA256SUMS" for each in (store, other)]
    assert sums[0].read_bytes() == sums[1].read_bytes()  # weights, figures, card
    assert not checkpoint.parent.exists()
    found = data_check_of(store, load_entry(store, "glow", "1"))
    assert found is not None
    assert (found["images"], found["copies"]["exact"]) == (16, 0)
