"""Two processes that learn one network, started as `torchrun` starts them."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any  # Any: a line of JSON

import pytest
import torch

from diagnosis.training.team import Team, as_started

MEMBER = """
import hashlib, json, sys
from pathlib import Path
from diagnosis.inference.entry import Preprocessing
from diagnosis.training.fit import fit
from diagnosis.training.team import as_started
from diagnosis.training.trainconfig import TrainConfig
from tests.diagnosis.training.test_watch import examples
from tests.diagnosis.inference.entries import SHAPE

def learned(epochs, checkpoint):
    told = []
    config = TrainConfig(epochs=2, batch_size=8, threads=1, patience=5)
    def report(epoch):
        told.append(epoch.number)
        if epoch.number == epochs:
            raise InterruptedError
    try:
        fitted = fit(examples(), shape=SHAPE, preprocessing=Preprocessing(32, 0, 1),
                     config=config, report=report, checkpoint=checkpoint)
    except InterruptedError:
        return None, told
    digest = hashlib.sha256()
    for value in fitted.network.state_dict().values():
        digest.update(value.numpy().tobytes())
    return digest.hexdigest(), told

with as_started("cpu") as team:
    folder = Path(sys.argv[1])
    whole, _ = learned(0, None)
    learned(1, folder / "cut.pt")
    resumed, told = learned(0, folder / "cut.pt")
    print(json.dumps({"rank": team.rank, "size": team.size, "whole": whole,
                      "resumed": resumed, "told": told}))
"""


def test_parts_of_a_batch_are_all_of_it_and_as_large() -> None:
    parts = [Team(rank, 3).part(torch.arange(8)) for rank in range(3)]

    assert [part.tolist() for part in parts] == [[0, 3], [1, 4], [2, 5]]


def test_alone_is_a_team_of_one() -> None:
    with as_started("cpu") as team:
        assert team == Team(0, 1)


@pytest.mark.slow
def test_two_processes_learn_the_same_weights_and_go_on_from_a_cut(
    tmp_path: Path,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    members = [
        subprocess.Popen(
            [sys.executable, "-c", MEMBER, str(tmp_path)],
            env={
                **os.environ,
                "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
                "RANK": str(rank),
                "LOCAL_RANK": str(rank),
                "WORLD_SIZE": "2",
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": str(port),
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]

    said: list[dict[str, Any]] = [
        json.loads(member.communicate(timeout=120)[0].splitlines()[-1])
        for member in members
    ]

    assert [(one["rank"], one["size"]) for one in said] == [(0, 2), (1, 2)]
    assert [one["told"] for one in said] == [[2], [2]]
    assert len({one[key] for one in said for key in ("whole", "resumed")}) == 1
