"""The encoder of BERT, written out: its class in transformers spends a third on itself.

The numbers are the same to the sixth place; only the way to them is shorter: the three
projections of the attention are one, and nothing is asked of a configuration on the way.

References:
    J. Devlin et al., BERT, NAACL 2019.
"""

from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, slots=True)
class Affine:
    """A weight and a bias, of a projection or of a normalization."""

    weight: Tensor
    bias: Tensor

    @classmethod
    def of(cls, *modules: Any) -> Self:  # Any: linear layers or layer norms
        """Return the modules as one, their outputs side by side."""
        return cls(
            torch.cat([each.weight for each in modules]).detach(),
            torch.cat([each.bias for each in modules]).detach(),
        )

    def project(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)

    def normalize(self, x: Tensor, eps: float) -> Tensor:
        return F.layer_norm(x, self.bias.shape, self.weight, self.bias, eps)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: attention, then a network for each token."""

    attention: Affine
    joined: Affine
    attended: Affine
    wide: Affine
    narrow: Affine
    out: Affine

    @classmethod
    def of(cls, layer: Any) -> Self:  # Any: a BertLayer
        asked, joined = layer.attention.self, layer.attention.output
        return cls(
            attention=Affine.of(asked.query, asked.key, asked.value),
            joined=Affine.of(joined.dense),
            attended=Affine.of(joined.LayerNorm),
            wide=Affine.of(layer.intermediate.dense),
            narrow=Affine.of(layer.output.dense),
            out=Affine.of(layer.output.LayerNorm),
        )


class Bert:
    """The network of a BertModel without dropout, its states after the last layer."""

    def __init__(self, model: Any) -> None:  # Any: a BertModel
        """Take the weights of a model whose activation is the exact GELU."""
        embeddings = model.embeddings
        self._words: Tensor = embeddings.word_embeddings.weight.detach()
        self._places: Tensor = (
            embeddings.position_embeddings.weight
            + embeddings.token_type_embeddings.weight[0]
        ).detach()
        self._first = Affine.of(embeddings.LayerNorm)
        self._layers = [Layer.of(layer) for layer in model.encoder.layer]
        self._heads: int = model.config.num_attention_heads
        self._eps: float = model.config.layer_norm_eps

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return what each token has become.

        Args:
            ids: Shape (B, L).
            mask: Shape (B, L); zero for what fills a short text up.

        Returns:
            Shape (B, L, H).
        """
        B, L = ids.shape
        seen = None if bool(mask.all()) else mask[:, None, None, :].bool()
        x = self._first.normalize(self._words[ids] + self._places[:L], self._eps)
        for layer in self._layers:
            parts = layer.attention.project(x).view(B, L, 3, self._heads, -1)
            q, k, v = parts.permute(2, 0, 3, 1, 4)  # (B, heads, L, H / heads) each
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
            y = layer.joined.project(y.transpose(1, 2).reshape(B, L, -1))
            x = layer.attended.normalize(x + y, self._eps)
            y = layer.narrow.project(F.gelu(layer.wide.project(x)))
            x = layer.out.normalize(x + y, self._eps)
        return x
