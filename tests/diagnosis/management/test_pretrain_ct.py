"""What `pretrain_ct` leaves behind, and what it refuses."""

import json
from pathlib import Path

import pytest
import torch

from tests.diagnosis.management.test_commands import picture, run

RECIPE = """
size = 32
[pretraining]
epochs = 1
batch_size = 4
threads = 1
width = 8
"""


@pytest.mark.slow
def test_weights_and_their_facts_are_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, recipe, out = (tmp_path / n for n in ("images", "r.toml", "seen.pt"))
    images.mkdir()
    for number in range(4):
        picture(images / f"{number}.png", seed=number)
    recipe.write_text(RECIPE)
    asked = ["pretrain_ct", "--images", str(images), "--config", str(recipe)]

    status, lines, _ = run(capsys, *asked, "--out", str(out), "--json")
    again, _, error = run(capsys, *asked, "--out", str(out))

    facts = json.loads("".join(lines))
    assert (status, facts["images"], facts["size"]) == (0, 4, 32)
    assert json.loads(out.with_suffix(".json").read_text()) == facts
    assert "head.weight" in torch.load(out, weights_only=True)
    assert (again, error) == (2, f"error: {out} exists; name another, or remove it\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "images",
        "r.toml",
        "seen.json",
        "seen.pt",
    ]
