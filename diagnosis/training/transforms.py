"""Changes of torchvision (v2) that a recipe names: one image at a time, repeatable."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torchvision.transforms import v2

from diagnosis.training.trainconfig import TRANSFORMS

HIGHEST_SEED = 2**63 - 1
# In the order of TRANSFORMS, as strong as a scanner or a printer may be.
MADE: tuple[Callable[[], v2.Transform], ...] = (
    v2.RandomHorizontalFlip,
    lambda: v2.RandomAffine(15, translate=(0.1, 0.1), scale=(0.75, 1.1)),
    lambda: v2.RandomPerspective(0.2),
    lambda: v2.GaussianBlur(5, (0.1, 1.5)),
    lambda: v2.GaussianNoise(sigma=0.04),
    lambda: v2.RandomErasing(0.5, (0.02, 0.1)),
)


def transformed(x: Tensor, names: Sequence[str], generator: torch.Generator) -> Tensor:
    """Return a changed copy of a batch, each image changed by a chance of its own.

    Args:
        x: Shape (B, C, H, W), in [0, 1].
        names: Some of TRANSFORMS, in the order they are applied.
        generator: The only source of chance, so a seed repeats the batch.

    Returns:
        Shape (B, C, H, W), in [0, 1].
    """
    made = dict(zip(TRANSFORMS, MADE, strict=True))
    change = v2.Compose([made[name]() for name in names])
    seed = int(torch.randint(HIGHEST_SEED, (1,), generator=generator).item())
    with torch.random.fork_rng(devices=[]):  # torchvision draws from the global chance
        torch.manual_seed(seed)
        return torch.stack([change(image) for image in x]).clamp(0.0, 1.0)
