"""The networks that a slice can be read by: each a stem, a row of stages, a width.

All end in average pooling and one linear layer, which `network` adds. They see one grey
channel: where the weights learned from photographs, the three are added up beforehand
(`diagnosis.training.initial`). With neighbouring slices as channels they begin by
averaging them, so that weights for one slice are weights for several.

References:
    He et al., Deep residual learning, CVPR 2016 (residual blocks).
    Zagoruyko and Komodakis, Wide residual networks, BMVC 2016 (few blocks suffice).
    Tan and Le, EfficientNet, ICML 2019; its Lite variant, TensorFlow TPU models, 2020:
    no squeeze and excitation, and ReLU6 for Swish, so that int8 costs little.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any  # Any: torchvision's models have no common type

import torch
from torch import Tensor, nn
from torch.nn import functional

from diagnosis.inference.entry import OWN, NetworkShape
from diagnosis.inference.transformer import AsMaps, Block, Patches

# Expansion, kernel, stride, blocks, channels of each stage of EfficientNet-Lite0.
LITE0 = (
    (1, 3, 1, 1, 16),
    (6, 3, 2, 2, 24),
    (6, 5, 2, 2, 40),
    (6, 3, 2, 3, 80),
    (6, 5, 1, 3, 112),
    (6, 5, 2, 4, 192),
    (6, 3, 1, 1, 320),
)
LITE0_STEM, LITE0_HEAD = 32, 1280
COLUMN_BLOCKS = (4, 6, 9, 10, 12)  # of EfficientNet-Lite0: where lung texture shows


@dataclass(frozen=True, slots=True)
class Parts:
    """What a network is made of before pooling.

    Attributes:
        stem: From one grey channel.
        stages: What follows, block by block; any number from the first can be frozen.
        channels: Of the last maps.
        dropout: Before the linear layer.
    """

    stem: nn.Module
    stages: nn.Sequential
    channels: int
    dropout: float


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


class InvertedBlock(nn.Module):
    """Widen, look round each channel by itself, narrow; beside a shortcut if it fits."""

    def __init__(
        self, inward: int, outward: int, *, expansion: int, kernel: int, stride: int
    ) -> None:
        super().__init__()
        inner = inward * expansion
        widen = [] if expansion == 1 else [_rectified(inward, inner, kernel=1)]
        self.body = nn.Sequential(
            *widen,
            _rectified(inner, inner, kernel=kernel, stride=stride, groups=inner),
            nn.Conv2d(inner, outward, 1, bias=False),
            nn.BatchNorm2d(outward, eps=1e-3),
        )
        self.inner = inner
        self.has_shortcut = stride == 1 and inward == outward

    def looked(self, x: Tensor) -> Tensor:
        """Return the wide maps, not negative, before they are narrowed."""
        y: Tensor = self.body[:-2](x)
        return y

    def narrowed(self, x: Tensor, wide: Tensor) -> Tensor:
        """Return what leaves the block, of its input and its wide maps."""
        y: Tensor = self.body[-2:](wide)
        return x + y if self.has_shortcut else y

    def forward(self, x: Tensor) -> Tensor:
        return self.narrowed(x, self.looked(x))


class Columns(nn.Module):
    """The wide maps of several blocks side by side, on the coarsest one's grid.

    Blocks in the middle answer to texture, later ones to whole things. Averages over
    equal cells keep each map's mean, so a linear layer over pooled columns is a linear
    layer over the pooled maps themselves, and CAM stays exact.

    References:
        Hariharan et al., Hypercolumns for object segmentation, CVPR 2015.
    """

    def __init__(
        self, blocks: Sequence[InvertedBlock], *, chosen: Sequence[int]
    ) -> None:
        super().__init__()
        *before, last = blocks
        self.blocks = nn.ModuleList(before)
        self.last = last.body[:-2]
        self.chosen = frozenset(chosen)
        self.channels = sum(blocks[number].inner for number in chosen)

    def forward(self, x: Tensor) -> Tensor:
        wide = []
        for number, block in enumerate(self.blocks):
            looked = block.looked(x)  # type: ignore[operator]  # an InvertedBlock
            if number in self.chosen:
                wide.append(looked)
            x = block.narrowed(x, looked)  # type: ignore[operator]
        coarse = self.last(x)
        cells = [
            functional.avg_pool2d(maps, maps.shape[-1] // coarse.shape[-1])
            for maps in wide
        ]
        return torch.cat([*cells, coarse], dim=1)


class SideBySide(nn.Module):
    """The last maps of several networks, channel after channel.

    A linear layer over all of them, each member's own over their number, gives the mean
    of the members' logits: an ensemble is one network with the same ending, and CAM
    stays exact.
    """

    def __init__(self, members: Sequence[Parts]) -> None:
        super().__init__()
        self.members = nn.ModuleList(
            nn.ModuleDict({"stem": one.stem, "stages": one.stages}) for one in members
        )
        self.channels = sum(one.channels for one in members)

    def forward(self, x: Tensor) -> Tensor:
        maps = [
            member["stages"](member["stem"](x))  # type: ignore[index]  # a ModuleDict
            for member in self.members
        ]
        return torch.cat(maps, dim=1)


def parts_of(shape: NetworkShape) -> Parts:
    """Return a network's parts with fresh weights."""
    if shape.members == 1:
        return _made(shape)
    made = [_made(shape) for _ in range(shape.members)]
    beside = SideBySide(made)
    return Parts(nn.Identity(), nn.Sequential(beside), beside.channels, made[0].dropout)


def spread(weight: Tensor, *, slices: int) -> Tensor:
    """Return a first layer's weights for several slices: it averages them.

    Args:
        weight: Shape (C, 1, k, k).
        slices: How many.
    """
    return weight.expand(-1, slices, -1, -1) / slices


def _made(shape: NetworkShape) -> Parts:
    parts = MAKERS[shape.architecture](shape)
    if shape.slices == 1:
        return parts
    for module in parts.stem.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.Conv2d):
                weight = spread(child.weight, slices=shape.slices)
                setattr(module, name, _replaced(child, weight))
                return parts
    message = f"{shape.architecture} has no first convolution"
    raise RuntimeError(message)


def slice_residual(shape: NetworkShape) -> Parts:
    """Return the small residual network of our own."""
    stem, *stages = (shape.widths[0], *shape.widths)
    blocks = []
    inward = stem
    for number, outward in enumerate(stages):
        # The last stage keeps its resolution: saliency would be too coarse.
        stride = 2 if 0 < number < len(stages) - 1 else 1
        blocks.append(ResidualBlock(inward, outward, stride=stride))
        inward = outward
    first = nn.Sequential(
        _convolution(1, stem // 2, stride=2),
        nn.ReLU(),
        _convolution(stem // 2, stem, stride=2),
        nn.ReLU(),
    )
    return Parts(first, nn.Sequential(*blocks), inward, dropout=0.3)


def efficientnet_lite0(_shape: NetworkShape) -> Parts:
    """Return EfficientNet-Lite0; sides of its input are multiples of 32."""
    blocks = _lite0_blocks()
    end = _rectified(LITE0[-1][-1], LITE0_HEAD, kernel=1)
    stages = nn.Sequential(*blocks, end)
    return Parts(_lite0_stem(), stages, LITE0_HEAD, dropout=0.2)


def efficientnet_lite0_columns(_shape: NetworkShape) -> Parts:
    """Return EfficientNet-Lite0 up to its thirteenth block, read at five depths."""
    blocks = _lite0_blocks()[: COLUMN_BLOCKS[-1] + 1]
    columns = Columns(blocks, chosen=COLUMN_BLOCKS)
    stages = nn.Sequential(columns)
    return Parts(_lite0_stem(), stages, columns.channels, dropout=0.2)


def _lite0_stem() -> nn.Sequential:
    return _rectified(1, LITE0_STEM, kernel=3, stride=2)


def _lite0_blocks() -> list[InvertedBlock]:
    blocks = []
    inward = LITE0_STEM
    for expansion, kernel, stride, count, outward in LITE0:
        for number in range(count):
            blocks.append(
                InvertedBlock(
                    inward,
                    outward,
                    expansion=expansion,
                    kernel=kernel,
                    stride=1 if number else stride,
                )
            )
            inward = outward
    return blocks


def resnet_parts(model: Any) -> Parts:  # Any: one of torchvision's
    """Return the parts of a torchvision ResNet."""
    blocks = [*model.layer1, *model.layer2, *model.layer3, *model.layer4]
    stem = nn.Sequential(_grey(model.conv1), model.bn1, model.relu, model.maxpool)
    return Parts(stem, nn.Sequential(*blocks), model.fc.in_features, dropout=0.2)


def convnext_parts(model: Any) -> Parts:  # Any: one of torchvision's
    """Return the parts of a torchvision ConvNeXt, its last norm before the pooling."""
    first, *rest = model.features
    first[0] = _grey(first[0])
    blocks = [block for stage in rest for block in stage]
    norm = model.classifier[0]
    return Parts(
        first, nn.Sequential(*blocks, norm), norm.normalized_shape[0], dropout=0.2
    )


def efficientnet_parts(model: Any) -> Parts:  # Any: one of torchvision's
    """Return the parts of a torchvision EfficientNet."""
    first, *stages, last = model.features
    first[0] = _grey(first[0])
    blocks = [block for stage in stages for block in stage]
    return Parts(first, nn.Sequential(*blocks, last), last[0].out_channels, dropout=0.2)


CUTS: dict[str, Callable[[Any], Parts]] = {
    "resnet18": resnet_parts,
    "resnet34": resnet_parts,
    "resnet50": resnet_parts,
    "resnet101": resnet_parts,
    "convnext_tiny": convnext_parts,
    "convnext_base": convnext_parts,
    "efficientnet_b0": efficientnet_parts,
}


def torchvision_model(name: str) -> Any:  # Any: one of torchvision's
    """Return a fresh network of torchvision's: nothing is fetched."""
    from torchvision.models import get_model  # noqa: PLC0415 (seconds to import)

    return get_model(name, weights=None)


def _torchvision(shape: NetworkShape) -> Parts:
    name = shape.architecture
    return CUTS[name](torchvision_model(name))


TRANSFORMERS = {"vit_small": (384, 6), "vit_base": (768, 12)}  # width and heads
LAYERS = 12


def vision_transformer(shape: NetworkShape) -> Parts:
    """Return a vision transformer; sides of its input are multiples of 16."""
    width, heads = TRANSFORMERS[shape.architecture]
    blocks = [Block(width, heads) for _ in range(LAYERS)]
    return Parts(
        Patches(width), nn.Sequential(*blocks, AsMaps(width)), width, dropout=0.1
    )


MAKERS: dict[str, Callable[[NetworkShape], Parts]] = {
    OWN: slice_residual,
    "efficientnet-lite0": efficientnet_lite0,
    "efficientnet-lite0-columns": efficientnet_lite0_columns,
    **dict.fromkeys(CUTS, _torchvision),
    **dict.fromkeys(TRANSFORMERS, vision_transformer),
}


def _convolution(inward: int, outward: int, *, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inward, outward, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(outward),
    )


def _rectified(
    inward: int, outward: int, *, kernel: int, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """Return convolution, norm and ReLU6; padded as the published weights expect.

    They come from a framework that pads an even side before a stride of two by one
    pixel less at the top and left than at the bottom and right.
    """
    margin = kernel - stride
    before = margin // 2
    pad = nn.ZeroPad2d((before, margin - before) * 2) if stride > 1 else nn.Identity()
    padding = 0 if stride > 1 else kernel // 2
    return nn.Sequential(
        pad,
        nn.Conv2d(inward, outward, kernel, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(outward, eps=1e-3),
        nn.ReLU6(),
    )


def _grey(convolution: nn.Conv2d) -> nn.Conv2d:
    """Return a first convolution that takes the sum of its colours: one channel."""
    return _replaced(convolution, convolution.weight.sum(dim=1, keepdim=True))


def _replaced(convolution: nn.Conv2d, weight: Tensor) -> nn.Conv2d:
    """Return a convolution with other weights, whose input has their channels."""
    other = nn.Conv2d(
        weight.shape[1],
        convolution.out_channels,
        convolution.kernel_size,  # type: ignore[arg-type]  # always two numbers here
        convolution.stride,  # type: ignore[arg-type]
        convolution.padding,  # type: ignore[arg-type]
        bias=convolution.bias is not None,
    )
    with torch.no_grad():
        other.weight.copy_(weight)
        if other.bias is not None and convolution.bias is not None:
            other.bias.copy_(convolution.bias)
    return other
