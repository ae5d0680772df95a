"""Everything that changes while a network learns, kept so that a cut costs one epoch."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from diagnosis.training.examples import Examples
from diagnosis.training.watch import Watch


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that changes while a network learns."""

    network: nn.Module
    average: AveragedModel
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    generator: torch.Generator
    watch: Watch | None = None

    def keep(self, path: Path, mark: str, *, epoch: int) -> None:
        """Write where the run stands; the file is whole, or the one before."""
        state = {
            "mark": mark,
            "epoch": epoch,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "generator": self.generator.get_state(),
            "chance": _chance(),
            "watch": self.watch.state() if self.watch else None,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        torch.save(state, draft)
        draft.replace(path)

    def resumed(self, path: Path | None, mark: str, *, device: str) -> int:
        """Return the last epoch of a run that was cut off, 0 without one."""
        if path is None or not path.is_file():
            return 0
        state = torch.load(path, map_location=device, weights_only=True)
        if state["mark"] != mark:
            return 0
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.generator.set_state(state["generator"].cpu())
        _go_on_by(state["chance"])
        if self.watch:
            self.watch.restore(state["watch"])
        return int(state["epoch"])


def _chance() -> list[Tensor]:
    """Return where torch's own chance stands: the CPU's, and a GPU's where one is used.

    Layers that leave out part of what they see draw from it, on the device they are on.
    """
    on_gpu = [torch.cuda.get_rng_state()] if torch.cuda.is_initialized() else []
    return [torch.get_rng_state(), *on_gpu]


def _go_on_by(chance: list[Tensor]) -> None:
    """Put torch's own chance where `_chance` found it."""
    torch.set_rng_state(chance[0].cpu())
    if len(chance) > 1:
        torch.cuda.set_rng_state(chance[1].cpu())


def fingerprint(
    examples: Examples, choices: object, *starts: Mapping[str, Tensor] | None
) -> str:
    """Return what tells one run from another: its images, choices and first weights."""
    digest = hashlib.sha256(repr((choices, torch.__version__)).encode())
    digest.update(repr(examples.groups).encode())
    digest.update(examples.labels.tobytes())
    digest.update(np.ascontiguousarray(examples.squares).tobytes())
    for bag in examples.bags:
        digest.update(bag.tobytes())
    for start in starts:
        for value in (start or {}).values():
            digest.update(value.cpu().numpy().tobytes())
    return digest.hexdigest()
