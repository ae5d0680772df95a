"""Several processes, one device each, that learn one network together.

`torchrun` starts them and says by the environment which is which. Every process does the
same with the same chance, but takes its own part of each batch; gradients are averaged,
and what the first process has is what all have after each epoch. It alone writes.

References:
    Li et al., PyTorch distributed, VLDB 2020.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True, slots=True)
class Team:
    """Which process this is, and of how many."""

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def part(self, batch: Tensor) -> Tensor:
        """Return this process's part of a batch; every part is as large."""
        return batch[self.rank : len(batch) // self.size * self.size : self.size]

    def spread(self, network: nn.Module) -> nn.Module:
        """Return the network with gradients averaged over the team."""
        return DistributedDataParallel(network) if self.size > 1 else network

    def agree(self, *modules: nn.Module) -> None:
        """Give every process what the first one has."""
        if self.size > 1:
            for module in modules:
                for value in module.state_dict().values():
                    distributed.broadcast(value, src=0)

    def mean(self, value: float, *, device: str) -> float:
        """Return the mean of every process's value."""
        if self.size == 1:
            return value
        total = torch.tensor(value, device=device)
        distributed.all_reduce(total)
        return float(total) / self.size

    def wait(self) -> None:
        """Return when every process has come so far."""
        if self.size > 1:
            distributed.barrier()


def team_of() -> Team:
    """Return the team that this process belongs to, itself alone where there is none."""
    if not distributed.is_available() or not distributed.is_initialized():
        return Team()
    return Team(distributed.get_rank(), distributed.get_world_size())


@contextmanager
def as_started(device: str) -> Iterator[Team]:
    """Join the team that `torchrun` started; alone where it did not.

    Args:
        device: `cuda` takes the GPU of the process's own number.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield Team()
        return
    if device == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    distributed.init_process_group("nccl" if device == "cuda" else "gloo")
    try:
        yield team_of()
    finally:
        distributed.destroy_process_group()
