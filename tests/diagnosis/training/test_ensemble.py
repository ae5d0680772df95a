"""Ensembles: one network that says the mean, or one that learned from it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from diagnosis.inference.entry import NetworkShape, Preprocessing
from diagnosis.inference.network import ServedNetwork, SliceNetwork
from diagnosis.training.card import CHEST_CT, EntryTexts
from diagnosis.training.distil import Teacher
from diagnosis.training.ensemble import EnsembleConfig, joined
from diagnosis.training.examples import Examples
from diagnosis.training.fit import fit
from diagnosis.training.learning import Learning, scores_of
from diagnosis.training.manifest import ManifestError
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.recipe import Recipe
from diagnosis.training.trainconfig import TrainConfig
from diagnosis.training.weight import refuse_too_large
from tests.diagnosis.inference.entries import SHAPE, tiny_network

TEXTS = EntryTexts(CHEST_CT.read_text())


def recipe(ensemble: EnsembleConfig, max_mb: int = 0) -> Recipe:
    return Recipe(
        name="several",
        version="1",
        texts=TEXTS,
        train=TrainConfig(epochs=1, batch_size=6, is_augmented=False, threads=1),
        size=32,
        ensemble=ensemble,
        max_mb=max_mb,
    )


def learning(ensemble: EnsembleConfig, store: Path) -> Learning:
    return Learning(
        recipe(ensemble), Preprocessing(32, 0.5, 0.3), 2, store, lambda _: None
    )


def examples() -> Examples:
    squares = np.random.default_rng(0).random((12, 32, 32), dtype=np.float32)
    return Examples(squares, np.arange(12) % 2)


def test_joined_networks_say_the_mean_and_explain_it() -> None:
    x = torch.rand(3, 1, 32, 32)
    ones = [tiny_network(seed) for seed in (1, 2, 3)]

    whole = joined(ones, SHAPE)
    logits, _, cams = ServedNetwork(whole).eval()(x)

    mean = torch.stack([one(x)[0] for one in ones]).mean(dim=0)
    assert torch.allclose(logits, mean, atol=1e-5)
    assert torch.allclose(
        cams.mean(dim=(2, 3)) + whole.head.bias, logits, atol=1e-5
    )  # CAM is exact


def test_an_average_of_seeds_is_one_network_of_the_shape_that_serves(
    tmp_path: Path,
) -> None:
    ensemble = learning(EnsembleConfig(seeds=2), tmp_path)

    learned = ensemble.learned(examples(), "training")
    again = SliceNetwork(ensemble.shape)
    again.load_state_dict(learned.network.state_dict())

    assert ensemble.shape.members == 2
    assert [run.seed for run in learned.runs] == [0, 1]
    ensemble.forget()
    assert list(tmp_path.rglob("*.pt")) == []


class Contrary(nn.Module):
    """Says the other label of the examples, by heart."""

    def __init__(self, data: Examples) -> None:
        super().__init__()
        self.register_buffer("seen", torch.from_numpy(data.squares).flatten(1))
        self.register_buffer("said", 8.0 * torch.eye(2)[1 - data.labels])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        nearest = torch.cdist(0.3 * x.flatten(1) + 0.5, self.seen).argmin(dim=1)
        return self.said[nearest], x


def test_a_student_believes_its_teacher_in_the_share_asked_for() -> None:
    data, preprocessing = examples(), Preprocessing(32, 0.5, 0.3)
    teacher = Teacher(Contrary(data), temperature=2.0, share=1.0)  # type: ignore[arg-type]

    student = fit(
        data,
        shape=NetworkShape(labels=2, widths=(8, 16)),
        preprocessing=preprocessing,
        config=TrainConfig(
            epochs=60,
            batch_size=12,
            is_augmented=False,
            average_decay=0.5,
            threads=1,
        ),
        teacher=teacher,
    ).network

    said = scores_of(student, data.squares, preprocessing).logits.argmax(axis=1)
    assert said.tolist() == (1 - data.labels).tolist()


def test_a_distilled_ensemble_serves_as_one_network(tmp_path: Path) -> None:
    ensemble = learning(EnsembleConfig(seeds=2, keep="distil"), tmp_path)

    learned = ensemble.learned(examples(), "training")

    assert ensemble.shape.members == 1
    assert [run.seed for run in learned.runs] == [0, 1, 0]
    assert not hasattr(learned.network.stages[0], "members")


def test_an_ensemble_that_weighs_too_much_is_refused_before_it_learns() -> None:
    heavy = recipe(EnsembleConfig(seeds=16), max_mb=25)
    light = recipe(EnsembleConfig(seeds=16, keep="distil"), max_mb=25)

    with pytest.raises(ManifestError, match="max_mb is 25"):
        refuse_too_large(heavy, labels=2)
    refuse_too_large(light, labels=2)


def test_a_probe_takes_no_ensemble() -> None:
    with pytest.raises(ValueError, match="leave out"):
        Recipe("a", "1", TEXTS, probe=ProbeConfig(), ensemble=EnsembleConfig())


@pytest.mark.parametrize(
    ("seeds", "keep"), [(1, "average"), (99, "average"), (2, "best")]
)
def test_ensembles_that_make_no_sense_are_refused(seeds: int, keep: str) -> None:
    with pytest.raises(ValueError, match="ensemble"):
        EnsembleConfig(seeds=seeds, keep=keep)


def test_members_are_bounded() -> None:
    with pytest.raises(ValueError, match="1 to 16"):
        NetworkShape(labels=2, members=17)
