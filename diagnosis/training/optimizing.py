"""What a network is pulled by: its loss, and the optimizer's choices."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from diagnosis.training.trainconfig import TrainConfig


def optimizer_of(network: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """Return what the recipe asks for; norms and biases do not decay."""
    learned = [p for p in network.parameters() if p.requires_grad]
    groups = [
        {
            "params": [p for p in learned if p.ndim > 1],
            "weight_decay": config.weight_decay,
        },
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]
    if config.optimizer == "sgd":
        return torch.optim.SGD(
            groups, lr=config.learning_rate, momentum=config.momentum, nesterov=True
        )
    return torch.optim.AdamW(groups, lr=config.learning_rate)


def cross_entropy(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Return the class-weighted cross entropy with soft targets."""
    return -(targets * weights * logits.log_softmax(dim=1)).sum(dim=1).mean()


def class_weights(
    indices: NDArray[np.int64], *, labels: int, config: TrainConfig
) -> Tensor:
    """Return weights that give every label the same say, mean 1 over the examples."""
    if not config.is_balanced:
        return torch.ones(labels)
    counts = np.bincount(indices, minlength=labels).clip(min=1)
    return torch.from_numpy(len(indices) / (labels * counts)).float()
