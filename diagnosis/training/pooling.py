"""Learns from whole series which slices count, on features that no label has touched.

The last layer begins as logistic regression on each series' mean, and every slice with
the same weight; then both are learned together. Only with features that saw no label
([probe]) is no slice of a training series better known than its neighbours, so that the
weights of a new series mean what they meant in training.

References:
    Ilse, Tomczak and Welling, Attention-based deep multiple instance learning, ICML 2018.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from diagnosis.inference.attention import Attention
from diagnosis.inference.entry import ATTENTION, LOUDEST, POOLINGS
from diagnosis.training.optimizing import class_weights, cross_entropy
from diagnosis.training.probe import Head, ProbeConfig, fit_head
from diagnosis.training.trainconfig import TrainConfig

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
BATCH = 16


@dataclass(frozen=True, slots=True)
class SeriesConfig:
    """How the slices of a series make its answer.

    Attributes:
        pooling: `loudest`, the mean of the slices that speak loudest, or `attention`.
        hidden: Width of the attention.
        epochs: Every series so often.
        learning_rate: Of AdamW.
        weight_decay: Likewise.
    """

    pooling: str = LOUDEST
    hidden: int = 64
    epochs: int = 60
    learning_rate: float = 1e-3
    weight_decay: float = 0.05

    @property
    def is_attention(self) -> bool:
        return self.pooling == ATTENTION

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            message = f"series.pooling is none of: {', '.join(POOLINGS)}"
            raise ValueError(message)
        if not 1 <= self.hidden <= 1024 or self.epochs < 1:
            message = "series.hidden is 1 to 1024, series.epochs 1 or more"
            raise ValueError(message)
        if self.learning_rate <= 0 or self.weight_decay < 0:
            message = "series.learning_rate is above 0, series.weight_decay 0 or more"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Pooled:
    """A last layer, and how much each slice of a series counts in it."""

    head: Head
    attention: Attention

    def logits(self, bags: Sequence[FloatArray]) -> Array:
        """Return the logits of series, shape (N, labels), by their slices' features."""
        pooled = [self.attention.weights(bag) @ bag for bag in bags]
        return np.stack(pooled) @ self.head.weight.T + self.head.bias


class GatedAttention(nn.Module):
    """Slices' features in, a weight each out; all alike before it learns."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.look = nn.Linear(channels, hidden)
        self.gate = nn.Linear(channels, hidden)
        self.voice = nn.Linear(hidden, 1, bias=False)
        nn.init.zeros_(self.voice.weight)

    def forward(self, h: Tensor, inside: Tensor) -> Tensor:
        """Return weights (N, K) of features (N, K, C), those outside none."""
        said: Tensor = self.voice(torch.tanh(self.look(h)) * self.gate(h).sigmoid())
        return said.squeeze(-1).masked_fill(~inside, -torch.inf).softmax(dim=1)


def fit_pooled(
    bags: Sequence[FloatArray],
    truth: NDArray[np.int64],
    *,
    labels: int,
    probe: ProbeConfig,
    config: SeriesConfig,
) -> Pooled:
    """Return last layer and attention, learned from series.

    Args:
        bags: Of each series its slices' features, shape (slices, C).
        truth: Shape (N,), indices of labels.
        labels: How many there are.
        probe: How freely the last layer begins; its seed and threads.
        config: How to learn.
    """
    torch.set_num_threads(probe.threads)
    means = np.stack([bag.mean(axis=0) for bag in bags])
    begun = fit_head(means[None], truth, labels=labels, config=probe)
    every = np.concatenate(bags)
    mean, deviation = every.mean(axis=0), every.std(axis=0) + np.float32(1e-6)
    h, inside = _padded([(bag - mean) / deviation for bag in bags])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(probe.seed)
        attention = GatedAttention(h.shape[-1], config.hidden)
        head = nn.Linear(h.shape[-1], labels)
        with torch.no_grad():
            head.weight.copy_(torch.from_numpy(begun.weight * deviation))
            head.bias.copy_(torch.from_numpy(begun.bias + begun.weight @ mean))
        _learn(attention, head, h, inside, truth, labels, config)
    look, gate = (
        [values.astype(np.float32) for values in _unscaled(layer, mean, deviation)]
        for layer in (attention.look, attention.gate)
    )
    voice = attention.voice.weight.detach().numpy()[0].copy()
    return Pooled(
        Head(*_unscaled(head, mean, deviation)),
        Attention(look[0], look[1], gate[0], gate[1], voice),
    )


def _learn(
    attention: GatedAttention,
    head: nn.Linear,
    h: Tensor,
    inside: Tensor,
    truth: NDArray[np.int64],
    labels: int,
    config: SeriesConfig,
) -> None:
    weights = class_weights(truth, labels=labels, config=TrainConfig())
    targets = nn.functional.one_hot(torch.from_numpy(truth), labels).float()
    optimizer = torch.optim.AdamW(
        [*attention.parameters(), *head.parameters()],
        lr=config.learning_rate,
        weight_decay=config.weight_decay,
    )
    for _ in range(config.epochs):
        for chosen in torch.randperm(len(h)).split(BATCH):
            share = attention(h[chosen], inside[chosen])  # (B, K)
            pooled = (share.unsqueeze(-1) * h[chosen]).sum(dim=1)  # (B, C)
            loss = cross_entropy(head(pooled), targets[chosen], weights)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()


def _padded(bags: Sequence[FloatArray]) -> tuple[Tensor, Tensor]:
    """Return series of one length, shape (N, K, C), and which slices are theirs."""
    longest = max(len(bag) for bag in bags)
    h = torch.zeros(len(bags), longest, bags[0].shape[1])
    inside = torch.zeros(len(bags), longest, dtype=torch.bool)
    for number, bag in enumerate(bags):
        h[number, : len(bag)] = torch.from_numpy(bag)
        inside[number, : len(bag)] = True
    return h, inside


def _unscaled(
    layer: nn.Linear, mean: FloatArray, deviation: FloatArray
) -> tuple[Array, Array]:
    """Return weight and bias for features as they are."""
    weight = layer.weight.detach().double().numpy() / deviation
    return weight, layer.bias.detach().double().numpy() - weight @ mean
