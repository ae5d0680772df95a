"""Fits a slice network. The number of epochs is fixed before: no epoch is picked.

What is reported on the validation split is then not flattered by having chosen the best
moment on it. The weights served are an average over the last steps, which stands in for
that choice (Polyak and Juditsky, 1992).
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from diagnosis.inference.entry import NetworkShape
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.augment import augment, mixed

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Every choice of a training run."""

    epochs: int = 75
    batch_size: int = 16
    learning_rate: float = 3e-3
    weight_decay: float = 0.1
    label_smoothing: float = 0.05
    mix_strength: float = 0.0
    average_decay: float = 0.99
    seed: int = 0
    device: str = "cpu"
    threads: int = 2
    is_augmented: bool = True

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 2:
            message = "training takes one epoch and a batch of two at least"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Epoch:
    """How training stands after an epoch."""

    number: int
    of: int
    loss: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Examples:
    """Images and their labels.

    Attributes:
        squares: Shape (N, S, S), in [0, 1].
        labels: Shape (N,), index of the label.
    """

    squares: FloatArray
    labels: NDArray[np.int64]


def fit(
    examples: Examples,
    *,
    shape: NetworkShape,
    mean: float,
    standard_deviation: float,
    config: TrainConfig,
    report: Callable[[Epoch], None] = lambda _: None,
) -> SliceNetwork:
    """Return a network fitted to the examples, on the CPU and in evaluation mode."""
    torch.manual_seed(config.seed)
    torch.use_deterministic_algorithms(mode=True, warn_only=config.device != "cpu")
    if config.device == "cpu":
        torch.set_num_threads(config.threads)
    generator = torch.Generator().manual_seed(config.seed)
    network = SliceNetwork(shape).to(config.device)
    average = AveragedModel(
        network,
        multi_avg_fn=get_ema_multi_avg_fn(config.average_decay),
        use_buffers=True,
    )
    steps = config.epochs * math.ceil(len(examples.labels) / config.batch_size)
    optimizer = _optimizer(network, config)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, config.learning_rate, total_steps=steps, pct_start=0.2
    )
    weights = _class_weights(examples.labels, labels=shape.labels).to(config.device)
    for number in range(1, config.epochs + 1):
        started, losses = time.monotonic(), []
        network.train()
        for x, targets in _batches(examples, shape.labels, config, generator):
            normalized = (x - mean) / standard_deviation
            logits, _ = network(normalized.to(config.device))
            loss = _loss(logits, targets.to(config.device), weights)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            average.update_parameters(network)
            losses.append(loss.item())
        report(
            Epoch(
                number,
                config.epochs,
                float(np.mean(losses)),
                time.monotonic() - started,
            )
        )
    fitted = SliceNetwork(shape)
    fitted.load_state_dict(average.module.state_dict())
    return fitted.eval()


def _batches(
    examples: Examples, labels: int, config: TrainConfig, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield images in [0, 1] and target distributions, in a new order."""
    order = torch.randperm(len(examples.labels), generator=generator)
    for chosen in order.split(config.batch_size):
        if len(chosen) < 2:  # batch statistics need two
            continue
        indices = chosen.numpy()
        x = torch.from_numpy(examples.squares[indices]).unsqueeze(1)  # (B, 1, S, S)
        targets = functional.one_hot(
            torch.from_numpy(examples.labels[indices]), labels
        ).float()
        if config.is_augmented:
            x = augment(x, generator=generator)
            x, targets = mixed(
                x, targets, strength=config.mix_strength, generator=generator
            )
        smooth = config.label_smoothing
        yield x, targets * (1 - smooth) + smooth / labels


def _loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Return the class-weighted cross entropy with soft targets."""
    return -(targets * weights * logits.log_softmax(dim=1)).sum(dim=1).mean()


def _class_weights(indices: NDArray[np.int64], *, labels: int) -> Tensor:
    """Return weights that give every label the same say, mean 1 over the examples."""
    counts = np.bincount(indices, minlength=labels).clip(min=1)
    return torch.from_numpy(len(indices) / (labels * counts)).float()


def _optimizer(network: nn.Module, config: TrainConfig) -> torch.optim.AdamW:
    """Return AdamW; norms and biases do not decay."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
    )
