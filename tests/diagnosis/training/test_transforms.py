"""Changes of torchvision that a recipe names come again with the seed, and only then."""

import numpy as np
import pytest
import torch

from diagnosis.training.batches import batches
from diagnosis.training.examples import Examples
from diagnosis.training.team import Team
from diagnosis.training.trainconfig import TRANSFORMS, TrainConfig
from diagnosis.training.transforms import transformed


def test_a_seed_repeats_a_batch_and_leaves_other_chance_alone() -> None:
    image = torch.rand(1, 24, 24, generator=torch.Generator().manual_seed(1))
    x = torch.stack([image] * 3)
    state = torch.get_rng_state()

    first, again, other = (
        transformed(x, TRANSFORMS, torch.Generator().manual_seed(seed))
        for seed in (5, 5, 6)
    )

    assert first.shape == x.shape
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert not torch.equal(first[0], first[1])  # each image by a chance of its own
    assert first.min() >= 0
    assert first.max() <= 1
    assert torch.equal(torch.get_rng_state(), state)


def test_batches_are_changed_by_what_the_recipe_names_alone() -> None:
    squares = np.random.default_rng(0).random((4, 16, 16), dtype=np.float32)
    examples = Examples(squares, np.arange(4) % 2)
    config = TrainConfig(batch_size=4, transforms="RandomHorizontalFlip")

    (x, _), *_ = batches(examples, 2, config, torch.Generator().manual_seed(3), Team())

    either = [*squares, *squares[:, :, ::-1]]
    assert all(any(np.array_equal(one[0], known) for known in either) for one in x)


def test_an_unknown_change_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="knows no Posterize; known: RandomHor"):
        TrainConfig(transforms="GaussianBlur Posterize")
