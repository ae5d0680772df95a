"""Several networks that differ in their seed, kept as one.

Side by side their logits are averaged in one exported network; or one more network learns
from them (`distil`) and serves alone.

References:
    Lakshminarayanan et al., Simple and scalable predictive uncertainty estimation using
    deep ensembles, NeurIPS 2017.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from diagnosis.inference.entry import MAX_MEMBERS, NetworkShape
from diagnosis.inference.network import SliceNetwork

KEPT = ("average", "distil")


@dataclass(frozen=True, slots=True)
class EnsembleConfig:
    """How many networks, and what is kept of them.

    Attributes:
        seeds: Networks, their seeds counted up from the recipe's.
        keep: `average`, all of them in one network, or `distil`, one that learned from
            their mean.
        temperature: Of distilling.
        teacher_share: Of the loss in distilling.
    """

    seeds: int = 5
    keep: str = "average"
    temperature: float = 2.0
    teacher_share: float = 0.7

    def __post_init__(self) -> None:
        if not 2 <= self.seeds <= MAX_MEMBERS:
            message = f"ensemble.seeds is 2 to {MAX_MEMBERS}"
            raise ValueError(message)
        if self.keep not in KEPT:
            message = f"ensemble.keep is none of: {', '.join(KEPT)}"
            raise ValueError(message)
        if self.temperature <= 0 or not 0 < self.teacher_share <= 1:
            message = (
                "ensemble.temperature is above 0, teacher_share above 0 and at most 1"
            )
            raise ValueError(message)

    @property
    def members(self) -> int:
        """Return how many networks serve."""
        return self.seeds if self.keep == "average" else 1


def joined(networks: Sequence[SliceNetwork], shape: NetworkShape) -> SliceNetwork:
    """Return one network whose logits are the mean of the networks' logits.

    Args:
        networks: Two or more of the shape.
        shape: Of each of them.
    """
    count = len(networks)
    whole = SliceNetwork(replace(shape, members=count))
    state = {
        f"stages.0.members.{number}.{name}": value
        for number, network in enumerate(networks)
        for name, value in network.state_dict().items()
        if not name.startswith("head.")
    }
    heads = [network.head for network in networks]
    state["head.weight"] = torch.cat(
        [head.weight.detach() / count for head in heads], 1
    )
    state["head.bias"] = torch.stack([head.bias.detach() for head in heads]).mean(0)
    whole.load_state_dict(state)
    return whole.eval()
