"""A search: what may be searched, who judges, and what is kept of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any  # Any: what a recipe's file may say

import numpy as np
import pytest

from diagnosis.inference.entry import Preprocessing
from diagnosis.training.card import CHEST_CT, EntryTexts
from diagnosis.training.examples import Examples
from diagnosis.training.learning import Learning
from diagnosis.training.manifest import LabelledImage, ManifestError
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.recipe import Recipe, Step
from diagnosis.training.search import searched, space_of
from diagnosis.training.splits import Split
from diagnosis.training.trainconfig import TrainConfig

RECIPE = Recipe(
    name="found",
    version="1",
    texts=EntryTexts(CHEST_CT.read_text()),
    train=TrainConfig(epochs=1, batch_size=8, is_augmented=False, threads=1),
    size=32,
    folds=2,
    space={"learning_rate": [1e-8, 1e-1], "optimizer": ["adamw", "sgd"]},
)


def split() -> Split:
    labels = np.arange(16) // 2 % 2
    noise = np.random.default_rng(0).random((16, 32, 32), dtype=np.float32)
    images = [
        LabelledImage(Path(f"{n}.png"), "ab"[labels[n]], "train", f"P{n // 2}", "")
        for n in range(16)
    ]
    groups = tuple(image.patient for image in images)
    return Split(images, Examples(noise, labels, groups))


def learning(store: Path, trials: int, told: list[Step]) -> Learning:
    recipe = replace(RECIPE, trials=trials)
    return Learning(recipe, Preprocessing(32, 0.5, 0.3), 2, store, told.append)


@pytest.mark.slow
def test_a_search_cut_off_tries_what_it_would_have_tried(tmp_path: Path) -> None:
    told: list[Step] = []
    searched(learning(tmp_path / "cut", 2, []), split(), positive=0)
    went_on = searched(learning(tmp_path / "cut", 3, told), split(), positive=0)
    whole = searched(learning(tmp_path / "whole", 3, []), split(), positive=0)

    assert went_on == whole
    assert [trial.auroc for trial in whole.trials].count(whole.best.auroc) >= 1
    assert max(trial.auroc for trial in whole.trials) == whole.best.auroc
    assert len({trial.choices["learning_rate"] for trial in whole.trials}) == 3
    tried = [step for step in told if step.run == "search"]
    assert [step.number for step in tried] == [3]
    assert (tmp_path / "cut" / "found" / ".1.search").is_file()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"rate": [1, 2]}, "search.rate is unknown"),
        ({"learning_rate": 0.1}, "say .low, high., or two words"),
        ({"learning_rate": [0.1, 0.01]}, "say .low, high."),
        ({"epochs": [1.5, 3.0]}, "search.epochs = 1.5: must be int"),
        ({"cut_share": [0.0, 0.9]}, "cut_share are 0 to 0.5"),
        ({"optimizer": ["adamw", "lion"]}, "optimizer is none of"),
    ],
)
def test_a_space_that_makes_no_sense_is_refused(
    asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(ManifestError, match=message):
        space_of(RECIPE, asked)


def test_whole_numbers_span_a_range_of_fractions() -> None:
    assert space_of(RECIPE, {"momentum": [0, 1]}) == {"momentum": [0.0, 1.0]}


def test_a_probe_is_searched_by_its_own_choices() -> None:
    probe = replace(RECIPE, probe=ProbeConfig())

    assert list(space_of(probe, {})) == ["strength"]
    with pytest.raises(ManifestError, match=r"search\.momentum is unknown"):
        space_of(probe, {"momentum": [0.1, 0.9]})
