"""The slice network: whatever its stages, it ends in average pooling and one linear layer.

That ending is a decision. With it Grad-CAM of a class equals CAM: the class's row of the
head times the last feature maps (Selvaraju et al., ICCV 2017, section 3.1, which proves
it generalises Zhou et al., CVPR 2016). So an engine that knows no gradients, such as
ONNX Runtime, explains its answer from the feature maps it exports beside the logits.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from diagnosis.inference.architectures import parts_of
from diagnosis.inference.entry import ModelEntry, NetworkShape


class SliceNetwork(nn.Module):
    """One grey slice in, a logit per label and the last feature maps out."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        parts = parts_of(shape)
        self.stem = parts.stem
        self.stages = parts.stages
        self.dropout = nn.Dropout(parts.dropout)
        self.head = nn.Linear(parts.channels, shape.labels)

    def lower(self, x: Tensor, *, blocks: int) -> Tensor:
        """Return what the stem and the first blocks make of a batch."""
        y: Tensor = self.stages[:blocks](self.stem(x))
        return y

    def upper(self, y: Tensor, *, blocks: int) -> tuple[Tensor, Tensor]:
        """Return logits and feature maps of what `lower` made by as many blocks."""
        maps: Tensor = self.stages[blocks:](y)  # (B, C, h, w)
        pooled = maps.mean(dim=(2, 3))  # (B, C)
        return self.head(self.dropout(pooled)), maps

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits and feature maps of a batch.

        Args:
            x: Shape (B, 1, H, W), as `preprocess.network_input` makes it.

        Returns:
            Logits, shape (B, labels); maps, shape (B, C, h, w).
        """
        return self.upper(self.stem(x), blocks=0)


class ServedNetwork(nn.Module):
    """A fitted network as engines run it: logits, features and class activation maps."""

    def __init__(self, network: SliceNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits (B, labels), features (B, C), maps (B, labels, h, w)."""
        _, maps = self.network(x)
        features = maps.mean(dim=(2, 3))  # (B, C)
        logits = self.network.head(features)
        weight = self.network.head.weight[:, :, None, None]  # (labels, C, 1, 1)
        return logits, features, functional.conv2d(maps, weight)


def load_network(entry: ModelEntry) -> ServedNetwork:
    """Return an entry's network from its torch weights, in evaluation mode.

    Weights stored in half precision are computed with in single precision.
    """
    network = SliceNetwork(entry.shape)
    path = entry.folder / entry.engines["torch"]
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return ServedNetwork(network).eval()
