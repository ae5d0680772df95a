"""The slice network: small, residual, and ending in average pooling and one linear layer.

That ending is a decision. With it Grad-CAM of a class equals CAM: the class's row of the
head times the last feature maps (Selvaraju et al., ICCV 2017, section 3.1, which proves
it generalises Zhou et al., CVPR 2016). So an engine that knows no gradients, such as
ONNX Runtime, explains its answer from the feature maps it exports beside the logits.

References:
    He et al., Deep residual learning, CVPR 2016 (blocks).
    Zagoruyko and Komodakis, Wide residual networks, BMVC 2016 (few blocks suffice).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from diagnosis.inference.entry import ModelEntry


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """What fixes the network's weights: channels of each stage and number of labels."""

    labels: int
    widths: tuple[int, ...] = (24, 48, 96, 160)

    def __post_init__(self) -> None:
        if self.labels < 2:
            message = f"a network needs two labels or more, not {self.labels}"
            raise ValueError(message)
        if len(self.widths) < 2:
            message = f"a network needs two stages or more, not {len(self.widths)}"
            raise ValueError(message)


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut."""

    def __init__(self, inward: int, outward: int, *, stride: int) -> None:
        super().__init__()
        self.first = _convolution(inward, outward, stride=stride)
        self.second = _convolution(outward, outward, stride=1)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inward != outward:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inward, outward, 1, stride, bias=False),
                nn.BatchNorm2d(outward),
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(torch.relu(self.first(x)))
        return torch.relu(y + self.shortcut(x))


class SliceNetwork(nn.Module):
    """One grey slice in, a logit per label and the last feature maps out."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        stem, *stages = (shape.widths[0], *shape.widths)
        self.stem = nn.Sequential(
            _convolution(1, stem // 2, stride=2),
            nn.ReLU(),
            _convolution(stem // 2, stem, stride=2),
            nn.ReLU(),
        )
        blocks = []
        inward = stem
        for number, outward in enumerate(stages):
            # The last stage keeps its resolution: saliency would be too coarse.
            stride = 2 if 0 < number < len(stages) - 1 else 1
            blocks.append(ResidualBlock(inward, outward, stride=stride))
            inward = outward
        self.stages = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(inward, shape.labels)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits and feature maps of a batch.

        Args:
            x: Shape (B, 1, H, W), as `preprocess.network_input` makes it.

        Returns:
            Logits, shape (B, labels); maps, shape (B, C, H/16, W/16), not negative.
        """
        maps = self.stages(self.stem(x))  # (B, C, H/16, W/16)
        pooled = maps.mean(dim=(2, 3))  # (B, C)
        return self.head(self.dropout(pooled)), maps


def _convolution(inward: int, outward: int, *, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inward, outward, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(outward),
    )


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
    """Return an entry's network from its torch weights, in evaluation mode."""
    shape = NetworkShape(labels=len(entry.labels), widths=entry.widths)
    network = SliceNetwork(shape)
    path = entry.folder / entry.engines["torch"]
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return ServedNetwork(network).eval()
