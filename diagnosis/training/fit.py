"""Fits a slice network. The number of epochs is fixed before: no epoch is picked.

What is reported on the validation split is then not flattered by having chosen the best
moment on it. The weights served are an average over the last steps, which stands in for
that choice (Polyak and Juditsky, 1992).
"""

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from diagnosis.inference.entry import NetworkShape
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.augment import augment, mixed

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Every choice of a training run."""

    epochs: int = 75
    batch_size: int = 16
    learning_rate: float = 3e-3
    weight_decay: float = 0.1
    label_smoothing: float = 0.05
    mix_strength: float = 0.0
    average_decay: float = 0.99
    seed: int = 0
    device: str = "cpu"
    threads: int = 2
    is_augmented: bool = True
    clip_norm: float = 5.0
    is_half: bool = False  # bf16 where a layer allows it

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 2:
            message = "training takes one epoch and a batch of two at least"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Epoch:
    """How training stands after an epoch."""

    number: int
    of: int
    loss: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Examples:
    """Images and their labels.

    Attributes:
        squares: Shape (N, S, S), in [0, 1].
        labels: Shape (N,), index of the label.
    """

    squares: FloatArray
    labels: NDArray[np.int64]


def fit(
    examples: Examples,
    *,
    shape: NetworkShape,
    mean: float,
    standard_deviation: float,
    config: TrainConfig,
    report: Callable[[Epoch], None] = lambda _: None,
    start: Mapping[str, Tensor] | None = None,
    checkpoint: Path | None = None,
) -> SliceNetwork:
    """Return a network fitted to the examples, on the CPU and in evaluation mode.

    Args:
        examples: To learn from.
        shape: Of the network.
        mean: Of the images' grey values.
        standard_deviation: Likewise.
        config: How to learn.
        report: Told after every epoch.
        start: First weights; chance where none are given.
        checkpoint: Kept up to date after every epoch. Where it holds the same run, that
            run goes on from there, to the very weights it would have had uninterrupted.
    """
    torch.manual_seed(config.seed)
    torch.use_deterministic_algorithms(mode=True, warn_only=config.device != "cpu")
    if config.device == "cpu":
        torch.set_num_threads(config.threads)
    generator = torch.Generator().manual_seed(config.seed)
    network = SliceNetwork(shape)
    if start is not None:
        network.load_state_dict(dict(start))
    network = network.to(config.device)
    average = AveragedModel(
        network,
        multi_avg_fn=get_ema_multi_avg_fn(config.average_decay),
        use_buffers=True,
    )
    steps = config.epochs * math.ceil(len(examples.labels) / config.batch_size)
    optimizer = _optimizer(network, config)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, config.learning_rate, total_steps=steps, pct_start=0.2
    )
    weights = _class_weights(examples.labels, labels=shape.labels).to(config.device)
    run = Run(network, average, optimizer, schedule, generator)
    mark = _fingerprint(examples, shape, config, start)
    first = run.resumed(checkpoint, mark, device=config.device) + 1
    for number in range(first, config.epochs + 1):
        started, losses = time.monotonic(), []
        network.train()
        for x, targets in _batches(examples, shape.labels, config, generator):
            normalized = (x - mean) / standard_deviation
            with torch.autocast(
                torch.device(config.device).type, torch.bfloat16, enabled=config.is_half
            ):
                logits, _ = network(normalized.to(config.device))
            loss = _loss(logits.float(), targets.to(config.device), weights)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), config.clip_norm)
            optimizer.step()
            schedule.step()
            average.update_parameters(network)
            losses.append(loss.item())
        if checkpoint is not None:
            run.keep(checkpoint, mark, epoch=number)
        report(
            Epoch(
                number,
                config.epochs,
                float(np.mean(losses)),
                time.monotonic() - started,
            )
        )
    fitted = SliceNetwork(shape)
    fitted.load_state_dict(average.module.state_dict())
    return fitted.eval()


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that changes while a network learns."""

    network: nn.Module
    average: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    generator: torch.Generator

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
            "chance": torch.get_rng_state(),
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
        torch.set_rng_state(state["chance"].cpu())
        return int(state["epoch"])


def _fingerprint(
    examples: Examples,
    shape: NetworkShape,
    config: TrainConfig,
    start: Mapping[str, Tensor] | None,
) -> str:
    """Return what tells one run from another: its images, network and choices."""
    digest = hashlib.sha256(repr((shape, config, torch.__version__)).encode())
    digest.update(examples.labels.tobytes())
    digest.update(np.ascontiguousarray(examples.squares).tobytes())
    for value in (start or {}).values():
        digest.update(value.numpy().tobytes())
    return digest.hexdigest()


def _batches(
    examples: Examples, labels: int, config: TrainConfig, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield images in [0, 1] and target distributions, in a new order."""
    order = torch.randperm(len(examples.labels), generator=generator)
    for chosen in order.split(config.batch_size):
        if len(chosen) < 2:  # batch statistics need two
            continue
        indices = chosen.numpy()
        x = torch.from_numpy(examples.squares[indices]).unsqueeze(1)  # (B, 1, S, S)
        targets = functional.one_hot(
            torch.from_numpy(examples.labels[indices]), labels
        ).float()
        if config.is_augmented:
            x = augment(x, generator=generator)
            x, targets = mixed(
                x, targets, strength=config.mix_strength, generator=generator
            )
        smooth = config.label_smoothing
        yield x, targets * (1 - smooth) + smooth / labels


def _loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Return the class-weighted cross entropy with soft targets."""
    return -(targets * weights * logits.log_softmax(dim=1)).sum(dim=1).mean()


def _class_weights(indices: NDArray[np.int64], *, labels: int) -> Tensor:
    """Return weights that give every label the same say, mean 1 over the examples."""
    counts = np.bincount(indices, minlength=labels).clip(min=1)
    return torch.from_numpy(len(indices) / (labels * counts)).float()


def _optimizer(network: nn.Module, config: TrainConfig) -> torch.optim.AdamW:
    """Return AdamW; norms and biases do not decay."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
    )
