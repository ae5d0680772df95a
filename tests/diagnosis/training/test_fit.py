"""Training: shapes, seeds, and one batch learned by heart."""

from typing import Any  # Any: fields of several kinds

import numpy as np
import pytest
import torch

from diagnosis.inference.entry import NetworkShape, Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.augment import augment, cut, mixed
from diagnosis.training.examples import Examples
from diagnosis.training.fit import Epoch, fit
from diagnosis.training.optimizing import class_weights
from diagnosis.training.trainconfig import TrainConfig

SHAPE = NetworkShape(labels=2, widths=(8, 16))


def batch(count: int = 8, side: int = 32) -> Examples:
    generator = np.random.default_rng(0)
    squares = generator.random((count, side, side), dtype=np.float32)
    return Examples(squares, np.arange(count) % 2)


def fitted(config: TrainConfig, told: list[Epoch] | None = None) -> SliceNetwork:
    return fit(
        batch(),
        shape=SHAPE,
        preprocessing=Preprocessing(32, 0.5, 0.29),
        config=config,
        report=(told if told is not None else []).append,
    ).network


def test_network_gives_a_logit_a_label_and_its_maps() -> None:
    network = SliceNetwork(NetworkShape(labels=3, widths=(8, 16, 24))).eval()

    logits, maps = network(torch.zeros(2, 1, 64, 64))

    assert logits.shape == (2, 3)
    assert maps.shape == (2, 24, 8, 8)
    assert maps.min() >= 0


@pytest.mark.parametrize(
    "way", [{}, {"optimizer": "sgd", "learning_rate": 0.1, "is_balanced": False}]
)
def test_one_batch_can_be_learned_by_heart(way: dict[str, Any]) -> None:
    told: list[Epoch] = []
    network = fitted(
        TrainConfig(
            epochs=60,
            batch_size=8,
            is_augmented=False,
            label_smoothing=0.0,
            average_decay=0.5,
            threads=1,
            **way,
        ),
        told,
    )

    x = torch.from_numpy((batch().squares - 0.5) / 0.29).unsqueeze(1)
    with torch.no_grad():
        predicted = network(x)[0].argmax(dim=1)
    assert predicted.tolist() == batch().labels.tolist()
    assert told[-1].loss < told[0].loss
    assert [epoch.number for epoch in told] == list(range(1, 61))


def test_a_seed_repeats_the_weights() -> None:
    config = TrainConfig(epochs=1, batch_size=4, seed=7, threads=1)

    first, second = fitted(config), fitted(config)
    other = fitted(TrainConfig(epochs=1, batch_size=4, seed=8, threads=1))

    assert torch.equal(first.head.weight, second.head.weight)
    assert not torch.equal(first.head.weight, other.head.weight)


def test_augmentation_keeps_shape_and_range_and_repeats() -> None:
    x = torch.from_numpy(batch().squares).unsqueeze(1)

    first = augment(x, generator=torch.Generator().manual_seed(1))
    second = augment(x, generator=torch.Generator().manual_seed(1))

    assert first.shape == x.shape
    assert 0 <= first.min() <= first.max() <= 1
    assert torch.equal(first, second)
    assert not torch.equal(first, x)


def test_mixing_keeps_targets_a_distribution() -> None:
    x = torch.rand(4, 1, 8, 8)
    targets = torch.eye(2)[[0, 1, 0, 1]]

    _, blended = mixed(
        x, targets, strength=0.5, generator=torch.Generator().manual_seed(0)
    )

    assert torch.allclose(blended.sum(dim=1), torch.ones(4))


def test_a_box_is_pasted_and_its_area_is_its_share_of_the_label() -> None:
    x = torch.arange(4.0).view(4, 1, 1, 1).expand(4, 1, 40, 40)  # each its own grey
    targets = torch.eye(4)

    pasted, blended = cut(
        x, targets, share=0.5, generator=torch.Generator().manual_seed(0)
    )

    kept = (pasted == x).flatten(1).float().mean(dim=1)
    assert 0.5 <= kept.min() < 1  # something was pasted
    for number in range(4):
        greys = pasted[number].flatten().long().bincount(minlength=4) / 1600
        assert torch.allclose(greys, blended[number], atol=1e-6)


def test_every_label_has_the_same_say_unless_told_otherwise() -> None:
    labels = np.array([0, 0, 0, 1])

    balanced = class_weights(labels, labels=2, config=TrainConfig())
    plain = class_weights(labels, labels=2, config=TrainConfig(is_balanced=False))

    assert torch.allclose(balanced, torch.tensor([4 / 6, 2.0]))
    assert plain.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": 0}, "one epoch"),
        ({"batch_size": 1}, "one epoch"),
        ({"optimizer": "lion"}, "training.optimizer is none of: adamw, sgd"),
        ({"watch": "accuracy"}, "training.watch is none of"),
        ({"cut_share": 0.7}, "cut_share are 0 to 0.5"),
        ({"patience": -1}, "lora_rank are 0 or more"),
    ],
)
def test_impossible_training_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TrainConfig(**change)
