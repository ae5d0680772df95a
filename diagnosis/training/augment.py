"""Random changes of training images: what a scanner or a printer may change, no finding.

In collected images window, contrast and sharpness go with the source and the source with
the class, so they are changed at random. Bending them harder still (windows by a fifth,
gamma by e^0.6) cost more of the lesions' contrast than of the shortcut.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

MAX_ROTATION = math.radians(15)


def augment(x: Tensor, *, generator: torch.Generator) -> Tensor:
    """Return a changed copy of a batch; all channels of an image are changed alike.

    Args:
        x: Shape (B, C, H, W), in [0, 1].
        generator: The only source of chance, so a seed repeats the batch.

    Returns:
        Shape (B, C, H, W), in [0, 1].
    """
    x = _moved(x, generator)
    x = _rewindowed(x, generator)
    x = _resharpened(x, generator)
    x = x + _uniform(x, generator, 0.0, 0.04) * torch.randn(
        x.shape, generator=generator
    )
    return _with_holes(x.clamp(0.0, 1.0), generator)


def cropped(x: Tensor, *, least: float, generator: torch.Generator) -> Tensor:
    """Return a part of each image, from anywhere, at the size of the whole.

    Args:
        x: Shape (B, C, H, W).
        least: Smallest share of the area.
        generator: Source of chance.
    """
    side = _uniform(x, generator, least, 1.0).sqrt().flatten()  # (B,)
    across, down = (
        _uniform(x, generator, -1.0, 1.0).flatten() * (1 - side) for _ in range(2)
    )
    none = torch.zeros_like(side)
    theta = torch.stack(
        [
            torch.stack([side, none, across]),
            torch.stack([none, side, down]),
        ]
    ).permute(2, 0, 1)  # (B, 2, 3)
    grid = functional.affine_grid(theta, list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, padding_mode="border", align_corners=False)


def mixed(
    x: Tensor, targets: Tensor, *, strength: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return each image blended with another of the batch, and its labels likewise.

    Args:
        x: Shape (B, C, H, W).
        targets: Shape (B, labels), rows sum to 1.
        strength: Largest share of the other image, in [0, 0.5].
        generator: Source of chance.

    References:
        Zhang et al., mixup, ICLR 2018.
    """
    share = strength * torch.rand(1, generator=generator).item()
    other = torch.randperm(len(x), generator=generator)
    return (
        (1 - share) * x + share * x[other],
        (1 - share) * targets + share * targets[other],
    )


def cut(
    x: Tensor, targets: Tensor, *, share: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return each image with a box of another pasted in, and its labels by area.

    Args:
        x: Shape (B, C, H, W).
        targets: Shape (B, labels), rows sum to 1.
        share: Largest share of the area, in [0, 0.5].
        generator: Source of chance.

    References:
        Yun et al., CutMix, ICCV 2019.
    """
    H, W = x.shape[-2:]
    drawn, down, across = torch.rand(3, generator=generator).tolist()
    side = math.sqrt(share * drawn)
    height, width = round(side * H), round(side * W)
    top, left = round(down * (H - height)), round(across * (W - width))
    other = torch.randperm(len(x), generator=generator)
    pasted = x.clone()
    box = (..., slice(top, top + height), slice(left, left + width))
    pasted[box] = x[other][box]
    taken = height * width / (H * W)
    return pasted, (1 - taken) * targets + taken * targets[other]


def _uniform(x: Tensor, generator: torch.Generator, low: float, high: float) -> Tensor:
    """Return one number an image, shape (B, 1, 1, 1)."""
    chance = torch.rand(len(x), generator=generator)
    return (low + (high - low) * chance).view(-1, 1, 1, 1)


def _moved(x: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror, rotate, scale each axis, shift: one affine map an image."""

    def draw(low: float, high: float) -> Tensor:
        return _uniform(x, generator, low, high).flatten()

    angle = draw(-MAX_ROTATION, MAX_ROTATION)
    mirror = torch.where(draw(0, 1) < 0.5, -1.0, 1.0)
    zoom, aspect = draw(0.75, 1.1), draw(-0.15, 0.15)
    scale_x, scale_y = zoom * (1 + aspect) * mirror, zoom * (1 - aspect)
    theta = torch.stack(
        [
            torch.stack(
                [scale_x * angle.cos(), -scale_y * angle.sin(), draw(-0.1, 0.1)]
            ),
            torch.stack(
                [scale_x * angle.sin(), scale_y * angle.cos(), draw(-0.1, 0.1)]
            ),
        ]
    ).permute(2, 0, 1)  # (B, 2, 3)
    grid = functional.affine_grid(theta, list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, padding_mode="border", align_corners=False)


def _rewindowed(x: Tensor, generator: torch.Generator) -> Tensor:
    """Clip to another window and bend by another gamma."""
    low = _uniform(x, generator, -0.08, 0.08)
    high = _uniform(x, generator, 0.88, 1.12)
    x = ((x - low) / (high - low)).clamp(1e-4, 1.0)
    exponent = _uniform(x, generator, -0.24, 0.24).exp()
    return x.pow(exponent)


def _resharpened(x: Tensor, generator: torch.Generator) -> Tensor:
    """Blend with a blurred copy, or away from it."""
    blurred = functional.avg_pool2d(
        functional.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1
    )
    return x + _uniform(x, generator, -0.5, 1.0) * (blurred - x)


def _with_holes(x: Tensor, generator: torch.Generator) -> Tensor:
    """Cover two boxes an image with grey (DeVries and Taylor, 2017)."""
    _, _, H, W = x.shape
    rows = torch.arange(H).view(1, 1, H, 1)
    columns = torch.arange(W).view(1, 1, 1, W)
    for _ in range(2):
        top, left = (_uniform(x, generator, -0.2, 1.0) * side for side in (H, W))
        height, width = (_uniform(x, generator, 0.0, 0.3) * side for side in (H, W))
        inside = (
            (rows >= top)
            & (rows < top + height)
            & (columns >= left)
            & (columns < left + width)
        )  # (B, 1, H, W)
        x = torch.where(inside, _uniform(x, generator, 0.0, 1.0), x)
    return x
