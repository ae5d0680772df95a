"""Vision transformers, for backbones that a hospital brings as a file of weights.

They end as every network here does: the patches' last states are maps, averaged, and one
linear layer follows, so CAM stays exact. The class token takes part in attention and is
then left out.

References:
    Dosovitskiy et al., An image is worth 16 x 16 words, ICLR 2021.
    He et al., Masked autoencoders, CVPR 2022 (patches averaged in the place of the token).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

PATCH = 16  # pixels of a side
GRID = 14  # patches of a side that positions are learned for: 224 pixels
EPS = 1e-6


class Patches(nn.Module):
    """Patches of a grey slice as tokens, with their places, behind a class token."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(1, width, PATCH, PATCH)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + GRID**2, width))
        nn.init.trunc_normal_(self.cls_token, std=0.02)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        """Return tokens, shape (B, 1 + h*w, C)."""
        patches = self.proj(x)  # (B, C, h, w)
        places = placed(
            self.pos_embed, rows=patches.shape[-2], columns=patches.shape[-1]
        )
        tokens = patches.flatten(2).transpose(1, 2)  # (B, h*w, C)
        first = self.cls_token.expand(x.shape[0], -1, -1)
        return torch.cat([first, tokens], dim=1) + places


class Attention(nn.Module):
    """Every token asks every other, by several heads."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        B, N, C = x.shape
        asked = self.qkv(x).reshape(B, N, 3, self.heads, C // self.heads)
        q, k, v = asked.permute(2, 0, 3, 1, 4).unbind()  # (B, heads, N, C/heads)
        found = functional.scaled_dot_product_attention(q, k, v)
        y: Tensor = self.proj(found.transpose(1, 2).reshape(B, N, C))
        return y


class Mlp(nn.Module):
    """Each token by itself, four times as wide in between."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.fc2(functional.gelu(self.fc1(x)))
        return y


class Block(nn.Module):
    """Attention, then the token by itself; both beside a shortcut, normed before."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=EPS)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=EPS)
        self.mlp = Mlp(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        y: Tensor = x + self.mlp(self.norm2(x))
        return y


class AsMaps(nn.Module):
    """The patches' last states as square maps, the class token left out."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=EPS)

    def forward(self, x: Tensor) -> Tensor:
        """Return maps, shape (B, C, h, h)."""
        patches = self.norm(x)[:, 1:].transpose(1, 2)  # (B, C, h*h)
        side = int(patches.shape[-1] ** 0.5)
        y: Tensor = patches.reshape(*patches.shape[:2], side, side)
        return y


def placed(embedding: Tensor, *, rows: int, columns: int) -> Tensor:
    """Return places learned for one grid, stretched to another.

    Args:
        embedding: Shape (1, 1 + h*h, C), that of the class token first.
        rows: Of the grid wanted.
        columns: Likewise.

    Returns:
        Shape (1, 1 + rows*columns, C).
    """
    first, places = embedding[:, :1], embedding[:, 1:]
    side = int(places.shape[1] ** 0.5)
    if (rows, columns) == (side, side):
        return embedding
    square = places.transpose(1, 2).reshape(1, -1, side, side)
    stretched = functional.interpolate(
        square, (rows, columns), mode="bicubic", align_corners=False
    )
    return torch.cat([first, stretched.flatten(2).transpose(1, 2)], dim=1)
