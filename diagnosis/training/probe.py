"""Learns the last layer alone, on features that were learned from photographs.

A few hundred images cannot teach millions of weights; they can weigh the features of a
network that has seen a million. The problem is convex: one answer, whatever the seed.

References:
    Alain and Bengio, Understanding intermediate layers using linear classifier probes,
    ICLR workshop 2017.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import (
    LogisticRegression,
)
from sklearn.preprocessing import StandardScaler

from diagnosis.inference.engines import OnnxEngine
from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.inference.preprocess import network_input
from diagnosis.training.augment import augment
from diagnosis.training.export import export_onnx

FloatArray = NDArray[np.float32]
BATCH = 16
TOLD = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class ProbeConfig:
    """Every choice of learning the last layer.

    Attributes:
        strength: How freely it fits: the inverse of the L2 penalty, over all views.
        views: Randomly changed copies of each image, beside the image itself.
        seed: Of the changes.
        threads: Of the CPU.
    """

    strength: float = 0.01
    views: int = 0
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        if self.strength <= 0 or not 0 <= self.views <= 64:
            message = "a probe's strength is above 0, its views are 0 to 64"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Head:
    """A linear layer: shapes (labels, C) and (labels,)."""

    weight: NDArray[np.float64]
    bias: NDArray[np.float64]

    def logits(self, features: FloatArray) -> NDArray[np.float64]:
        """Return logits of pooled features, shape (N, labels)."""
        result: NDArray[np.float64] = features @ self.weight.T + self.bias
        return result

    def put_into(self, network: SliceNetwork) -> SliceNetwork:
        """Return the network with this as its last layer, in evaluation mode."""
        with torch.no_grad():
            network.head.weight.copy_(torch.from_numpy(self.weight))
            network.head.bias.copy_(torch.from_numpy(self.bias))
        return network.eval()


def features_of(
    network: SliceNetwork,
    squares: FloatArray,
    preprocessing: Preprocessing,
    config: ProbeConfig,
    *,
    told: TOLD = lambda _: None,
) -> FloatArray:
    """Return pooled features of each image and of its changed copies.

    Args:
        network: Its last layer plays no part.
        squares: Shape (N, S, S), or (N, slices, S, S), in [0, 1].
        preprocessing: Of the network.
        config: How many copies.
        told: How far it is, from 0 to 1.

    Returns:
        Shape (1 + views, N, C); the images as they are come first.
    """
    generator = torch.Generator().manual_seed(config.seed)
    starts = range(0, len(squares), BATCH)
    total = len(starts) * (1 + config.views)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "features.onnx"
        export_onnx(network.eval(), path, size=preprocessing.size)
        engine = OnnxEngine(path, name="features", threads=config.threads)
        views = []
        for view in range(1 + config.views):
            parts = []
            for number, start in enumerate(starts):
                batch = squares[start : start + BATCH]
                if view:
                    x = torch.from_numpy(batch)
                    x = x.unsqueeze(1) if x.ndim == 3 else x
                    batch = augment(x, generator=generator).numpy()
                parts.append(engine.run(network_input(batch, preprocessing)).features)
                told((view * len(starts) + number + 1) / total)
            views.append(np.concatenate(parts))
    return np.stack(views)


def fit_head(
    features: FloatArray,
    truth: NDArray[np.int64],
    *,
    labels: int,
    config: ProbeConfig,
) -> Head:
    """Return the last layer by logistic regression, every label with the same say.

    Args:
        features: Shape (views, N, C).
        truth: Shape (N,), indices of labels.
        labels: How many there are.
        config: How freely it fits.
    """
    views = len(features)
    x = features.reshape(-1, features.shape[-1])
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(
        C=config.strength / views, max_iter=500, class_weight="balanced"
    )
    model.fit(scaler.transform(x), np.tile(truth, views))
    weight = np.zeros((labels, x.shape[1]))
    bias = np.zeros(labels)
    if len(model.classes_) == 2:  # one row: the second label against the first
        sign = np.array([[-0.5], [0.5]])
        rows, constants = sign * model.coef_, sign[:, 0] * model.intercept_
    else:
        rows, constants = model.coef_, model.intercept_
    weight[model.classes_] = rows / scaler.scale_
    bias[model.classes_] = constants - weight[model.classes_] @ scaler.mean_
    return Head(weight, bias)
