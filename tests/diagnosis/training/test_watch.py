"""Early stopping: whom it watches, when it is over, and what it keeps."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from diagnosis.inference.entry import NetworkShape, Preprocessing
from diagnosis.training.examples import Examples, set_aside
from diagnosis.training.fit import Epoch, fit
from diagnosis.training.manifest import ManifestError
from diagnosis.training.trainconfig import TrainConfig
from diagnosis.training.watch import Watch

PLAIN = Preprocessing(32, 0.0, 1.0)


def examples(patients: int = 10) -> Examples:
    """Two pictures a patient, brighter where the label is 1."""
    labels = np.arange(patients).repeat(2) % 2
    noise = np.random.default_rng(0).random((len(labels), 32, 32), dtype=np.float32)
    groups = tuple(f"P{number // 2}" for number in range(len(labels)))
    return Examples(noise / 2 + labels[:, None, None].astype("f4") / 2, labels, groups)


class Sure(nn.Module):
    """Answers as sure as its one weight says that bright is label 1."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        margin = self.weight * (x.mean(dim=(1, 2, 3)) - 0.5)
        return torch.stack([-margin, margin], dim=1), x


def test_patients_set_aside_are_of_every_label_and_not_learned_from() -> None:
    learned, watched = set_aside(examples(), share=0.2, seed=0)

    assert len(learned.labels) + len(watched.labels) == 20
    assert not set(learned.groups) & set(watched.groups)
    assert sorted(watched.labels.tolist()) == [0, 0, 1, 1]


def test_too_few_patients_are_refused() -> None:
    with pytest.raises(ManifestError, match="each label needs more of them"):
        set_aside(examples(patients=2), share=0.2, seed=0)


@pytest.mark.parametrize("figure", ["loss", "auroc"])
def test_the_best_network_is_remembered(figure: str) -> None:
    watch = Watch(examples(), PLAIN, figure, patience=2)

    figures = [
        watch.look(Sure(weight), epoch=number)
        for number, weight in enumerate((-1.0, 5.0, -2.0, -3.0), start=1)
    ]

    assert watch.epoch == 2
    assert watch.weights["weight"] == 5
    assert watch.best == figures[1]
    assert not watch.is_over(3)
    assert watch.is_over(4)


def test_training_ends_when_patience_does() -> None:
    told: list[Epoch] = []

    fitted = fit(
        examples(),
        shape=NetworkShape(labels=2, widths=(4, 8)),
        preprocessing=PLAIN,
        # Hardly a step is made, and away from what is right: no epoch gets better.
        config=TrainConfig(
            epochs=9,
            batch_size=8,
            learning_rate=1e-12,
            patience=2,
            watch="auroc",
            threads=1,
        ),
        report=told.append,
    )

    assert fitted.epochs == len(told) < 9
    assert fitted.epochs == fitted.kept + 2
    assert fitted.watched == told[fitted.kept - 1].watched
