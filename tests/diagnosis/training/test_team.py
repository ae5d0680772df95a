"""Two processes that learn one network, started as `torchrun` starts them."""

import hashlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from diagnosis.inference.entry import NetworkShape, Preprocessing
from diagnosis.training.examples import Examples
from diagnosis.training.fit import Epoch, fit
from diagnosis.training.team import Team, as_started
from diagnosis.training.trainconfig import TrainConfig

SHAPE = NetworkShape(labels=2, widths=(4, 8))
MEMBER = "from tests.diagnosis.training.test_team import member; member()"


@dataclass(frozen=True, slots=True)
class Told:
    """What a member says of two runs: one whole, one cut off after its first epoch."""

    team: tuple[int, int]
    whole: str
    resumed: str
    epochs: list[int]


class CutOff(Exception):
    """What ends a run in its middle."""


def member() -> None:
    """Learn as the second process, and print what came of it."""
    print(json.dumps(asdict(twice(Path(sys.argv[1])))))  # noqa: T201 (to the first)


def twice(folder: Path) -> Told:
    with as_started("cpu") as team:
        whole, _ = _learned(None, cut_after=0)
        with pytest.raises(CutOff):
            _learned(folder / "cut.pt", cut_after=1)
        resumed, epochs = _learned(folder / "cut.pt", cut_after=0)
        return Told((team.rank, team.size), whole, resumed, epochs)


def _learned(checkpoint: Path | None, *, cut_after: int) -> tuple[str, list[int]]:
    """Return the digest of the weights, and the epochs learned."""
    epochs: list[int] = []

    def report(epoch: Epoch) -> None:
        epochs.append(epoch.number)
        if epoch.number == cut_after:
            raise CutOff

    network = fit(
        _examples(),
        shape=SHAPE,
        preprocessing=Preprocessing(32, 0.5, 0.3),
        config=TrainConfig(epochs=2, batch_size=8, patience=5, threads=1),
        report=report,
        checkpoint=checkpoint,
    ).network
    digest = hashlib.sha256()
    for value in network.state_dict().values():
        digest.update(value.numpy().tobytes())
    return digest.hexdigest(), epochs


def _examples() -> Examples:
    squares = np.random.default_rng(0).random((20, 32, 32), dtype=np.float32)
    groups = tuple(f"P{number // 2}" for number in range(20))
    return Examples(squares, np.arange(20) // 2 % 2, groups)


def test_parts_of_a_batch_are_all_of_it_and_as_large() -> None:
    parts = [Team(rank, 3).part(torch.arange(8)) for rank in range(3)]

    assert [part.tolist() for part in parts] == [[0, 3], [1, 4], [2, 5]]


def test_alone_is_a_team_of_one() -> None:
    with as_started("cpu") as team:
        assert team == Team(0, 1)


@pytest.mark.slow
def test_two_processes_learn_the_same_weights_and_go_on_from_a_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    for name, value in {**shared, "RANK": "0", "LOCAL_RANK": "0"}.items():
        monkeypatch.setenv(name, value)
    root = str(Path(__file__).resolve().parents[3])
    second = subprocess.Popen(
        [sys.executable, "-c", MEMBER, str(tmp_path)],
        env={**os.environ, "RANK": "1", "LOCAL_RANK": "1", "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        text=True,
    )

    try:
        ours = twice(tmp_path)
        theirs = json.loads(second.communicate(timeout=60)[0].splitlines()[-1])
    finally:
        second.kill()

    assert (ours.team, theirs["team"]) == ((0, 2), [1, 2])
    assert (ours.epochs, theirs["epochs"]) == ([2], [2])
    assert {ours.resumed, theirs["whole"], theirs["resumed"]} == {ours.whole}
