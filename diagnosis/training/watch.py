"""Early stopping: the best moment by patients who are neither learned from nor reported.

They are set aside from the training patients, so that the validation split, on which
figures are published, has no part in the choice.

References:
    Prechelt, Early stopping, but when? Neural networks: tricks of the trade, 1998.
"""

from dataclasses import dataclass, field
from typing import Any  # Any: what a checkpoint holds

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.preprocess import network_input
from diagnosis.training.examples import Examples
from diagnosis.training.metrics import auroc

BATCH = 32


@dataclass(slots=True)
class Watch:
    """The best epoch so far.

    Attributes:
        figure: `loss`, smaller is better, or `auroc`, larger is.
        patience: Epochs without a better one after which it is over.
        best: The figure of the best epoch; None before the first.
        epoch: Which one that was.
        weights: Of the network then.
    """

    examples: Examples
    preprocessing: Preprocessing
    figure: str
    patience: int
    device: str = "cpu"
    best: float | None = None
    epoch: int = 0
    weights: dict[str, Tensor] = field(default_factory=dict)

    def look(self, network: nn.Module, *, epoch: int) -> float:
        """Return the figure after an epoch, and remember the network if it is the best."""
        value = self._measured(network)
        sign = -1 if self.figure == "loss" else 1
        if self.best is None or sign * value > sign * self.best:
            self.best, self.epoch = value, epoch
            self.weights = {k: v.clone() for k, v in network.state_dict().items()}
        return value

    def is_over(self, epoch: int) -> bool:
        return epoch - self.epoch >= self.patience

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint keeps."""
        return {"best": self.best, "epoch": self.epoch, "weights": self.weights}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what a checkpoint kept."""
        self.best, self.epoch = state["best"], state["epoch"]
        self.weights = state["weights"]

    def _measured(self, network: nn.Module) -> float:
        network.eval()
        logits = []
        with torch.inference_mode():
            for start in range(0, len(self.examples.labels), BATCH):
                squares = self.examples.squares[start : start + BATCH]
                x = torch.from_numpy(network_input(squares, self.preprocessing))
                logits.append(network(x.to(self.device))[0].float().cpu())
        joined = torch.cat(logits)
        truth = torch.from_numpy(self.examples.labels)
        if self.figure == "loss":
            return float(functional.cross_entropy(joined, truth))
        p = joined.double().softmax(dim=1).numpy()
        areas = [auroc(p[:, k], self.examples.labels == k) for k in range(p.shape[1])]
        return float(np.mean([area for area in areas if area is not None]))
