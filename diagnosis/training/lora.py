"""Few weights learn beside many that stay: thin products next to a backbone's layers.

Convolutions and linear layers keep their weights and get a product of two thin layers
beside them, folded in once it has learned: what serves is the plain network. Norms and
the last layer learn as they are, they are few.

References:
    Hu et al., LoRA, ICLR 2022.
"""

from collections.abc import Mapping
from typing import Any  # Any: peft is loosely typed

from torch import Tensor, nn

from diagnosis.inference.entry import NetworkShape
from diagnosis.inference.network import SliceNetwork

ALPHA_PER_RANK = 2
HEAD = "head"


def adapted(network: SliceNetwork, *, rank: int) -> Any:  # Any: a model of peft
    """Return the network with thin layers beside its own, which alone are free."""
    from peft import LoraConfig, get_peft_model  # noqa: PLC0415 (seconds to import)

    beside = [
        name for name, module in network.named_modules() if _is_wide(name, module)
    ]
    config = LoraConfig(r=rank, lora_alpha=ALPHA_PER_RANK * rank, target_modules=beside)
    model = get_peft_model(network, config)
    for name, module in network.named_modules():
        if name == HEAD or isinstance(module, nn.BatchNorm2d | nn.LayerNorm):
            module.requires_grad_(requires_grad=True)
    return model


def folded(
    state: Mapping[str, Tensor], shape: NetworkShape, *, rank: int
) -> SliceNetwork:
    """Return the plain network that answers as the adapted one of this state does."""
    model = adapted(SliceNetwork(shape), rank=rank)
    model.load_state_dict(dict(state))
    network: SliceNetwork = model.merge_and_unload()
    return network.requires_grad_(requires_grad=True)


def _is_wide(name: str, module: nn.Module) -> bool:
    """Whether a product beside a layer would be thinner than the layer."""
    if isinstance(module, nn.Conv2d):
        return module.groups == 1
    return isinstance(module, nn.Linear) and name != HEAD
