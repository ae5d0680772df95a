"""How heavy an entry will be, known before anything is learned."""

import torch

from diagnosis.inference.network import SliceNetwork
from diagnosis.training.manifest import ManifestError
from diagnosis.training.recipe import Recipe
from hospital.core.phrases import phrase

BYTES = 4 + 4 + 1  # a parameter in torch, in ONNX, and in eight bits
MEGABYTE = 1_000_000


def refuse_too_large(recipe: Recipe, labels: int) -> None:
    """Refuse a recipe whose weights would pass its own limit.

    Raises:
        ManifestError: They would.
    """
    if not recipe.max_mb:
        return
    with torch.device("meta"):  # shapes without numbers
        network = SliceNetwork(recipe.shape(labels))
    size = sum(p.numel() for p in network.parameters()) * BYTES / MEGABYTE
    if size > recipe.max_mb:
        message = phrase(
            "the weights would take %(size)d MB and max_mb is %(most)d: take a smaller "
            "architecture, keep = 'distil' in [ensemble], or raise max_mb",
            size=round(size),
            most=recipe.max_mb,
        )
        raise ManifestError(message)
