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
from diagnosis.inference.entry import ModelEntry, NetworkShape, Views


class SliceNetwork(nn.Module):
    """A grey slice in, with its neighbours; logits and the last feature maps out."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        parts = parts_of(shape)
        self.stem = parts.stem
        self.stages = parts.stages
        self.slices = shape.slices
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
            x: Shape (B, slices, H, W), as `preprocess.network_input` makes it.

        Returns:
            Logits, shape (B, labels); maps, shape (B, C, h, w).
        """
        return self.upper(self.stem(x), blocks=0)


class ServedNetwork(nn.Module):
    """A fitted network as engines run it: logits, features and class activation maps.

    Several views of a slice are averaged in here, so that evaluation, calibration and
    every engine that serves do it alike. What is averaged are the last maps, turned back;
    all that follows is linear, so the logits are the views' mean logits.
    """

    def __init__(self, network: SliceNetwork, views: Views | None = None) -> None:
        super().__init__()
        self.network = network
        self.each = (views or Views()).each

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits (B, labels), features (B, C), maps (B, labels, h, w)."""
        maps = self._maps(x)
        features = maps.mean(dim=(2, 3))  # (B, C)
        logits = self.network.head(features)
        weight = self.network.head.weight[:, :, None, None]  # (labels, C, 1, 1)
        return logits, features, functional.conv2d(maps, weight)

    def _maps(self, x: Tensor) -> Tensor:
        """Return the last maps (B, C, h, w), the mean of all views.

        A shift is less than a cell of the maps and is not turned back there.
        """
        if len(self.each) == 1:
            maps: Tensor = self.network(x)[1]
            return maps
        stacked = torch.cat(
            [_viewed(x, *view) for view in self.each]
        )  # (V*B, slices, H, W)
        maps = self.network(stacked)[1]
        parts = maps.reshape(len(self.each), -1, *maps.shape[1:])  # (V, B, C, h, w)
        turned = [
            part.flip(-1) if mirror else part
            for part, (mirror, _, _) in zip(parts.unbind(), self.each, strict=True)
        ]
        return torch.stack(turned).mean(dim=0)


def _viewed(x: Tensor, mirror: bool, down: int, right: int) -> Tensor:  # noqa: FBT001 (as in Views.each)
    """Return a batch mirrored and moved, its borders repeated."""
    H, W = x.shape[-2:]
    step = max(abs(down), abs(right))
    if step:
        padded = functional.pad(x, (step,) * 4, mode="replicate")
        top, left = step - down, step - right
        x = padded[..., top : top + H, left : left + W]
    return x.flip(-1) if mirror else x


def load_network(entry: ModelEntry) -> ServedNetwork:
    """Return an entry's network from its torch weights, in evaluation mode.

    Weights stored in half precision are computed with in single precision.
    """
    network = SliceNetwork(entry.shape)
    path = entry.folder / entry.engines["torch"]
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return ServedNetwork(network, entry.views).eval()
