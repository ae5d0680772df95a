"""Batches of an epoch: in a new order, changed at random, mixed with one another."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from diagnosis.training.augment import augment, cut, mixed
from diagnosis.training.examples import Examples
from diagnosis.training.team import Team
from diagnosis.training.trainconfig import TrainConfig
from diagnosis.training.transforms import transformed

LEAST = 2  # batch statistics need two


def batches(
    examples: Examples,
    labels: int,
    config: TrainConfig,
    generator: torch.Generator,
    team: Team,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield images in [0, 1], shape (B, slices, S, S), and targets, shape (B, labels).

    Every process of a team makes the same batch and is given its part.
    """
    order = torch.randperm(len(examples.labels), generator=generator)
    for chosen in order.split(config.batch_size):
        if len(chosen) < LEAST * team.size:
            continue
        indices = chosen.numpy()
        x = torch.from_numpy(examples.squares[indices])
        if x.ndim == 3:
            x = x.unsqueeze(1)
        targets = functional.one_hot(
            torch.from_numpy(examples.labels[indices]), labels
        ).float()
        if config.is_augmented:
            x = _changed(x, config, generator)
            x, targets = _blended(x, targets, config, generator)
        smooth = config.label_smoothing
        yield team.part(x), team.part(targets * (1 - smooth) + smooth / labels)


def _changed(x: Tensor, config: TrainConfig, generator: torch.Generator) -> Tensor:
    names = config.transforms.split()
    if names:
        return transformed(x, names, generator)
    return augment(x, generator=generator)


def _blended(
    x: Tensor, targets: Tensor, config: TrainConfig, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    if config.cut_share and (
        not config.mix_strength or torch.rand(1, generator=generator).item() < 0.5
    ):
        return cut(x, targets, share=config.cut_share, generator=generator)
    return mixed(x, targets, strength=config.mix_strength, generator=generator)
