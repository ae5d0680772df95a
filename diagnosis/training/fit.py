"""Fits a slice network.

Without patience the number of epochs is fixed before, and no epoch is picked: the weights
served are an average over the last steps, which stands in for that choice (Polyak and
Juditsky, 1992). With patience the choice is left to patients set aside for it, see
`watch`. Either way the validation split has no part in it.
"""

import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from diagnosis.inference.entry import NetworkShape, Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.checkpoint import Run, fingerprint
from diagnosis.training.distil import Teacher
from diagnosis.training.epochs import Epochs
from diagnosis.training.examples import Examples, set_aside
from diagnosis.training.lora import adapted, folded
from diagnosis.training.optimizing import optimizer_of
from diagnosis.training.team import team_of
from diagnosis.training.trainconfig import TrainConfig
from diagnosis.training.watch import Watch


@dataclass(frozen=True, slots=True)
class Epoch:
    """How training stands after an epoch.

    Attributes:
        watched: The figure on the patients set aside; None where none are.
    """

    number: int
    of: int
    loss: float
    seconds: float
    watched: float | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A network that learned.

    Attributes:
        network: On the CPU and in evaluation mode.
        epochs: How many it learned.
        kept: After which of them its weights were taken.
        watched: The figure that chose that one; None where none was chosen.
    """

    network: SliceNetwork
    epochs: int
    kept: int
    watched: float | None = None


def fit(
    examples: Examples,
    *,
    shape: NetworkShape,
    preprocessing: Preprocessing,
    config: TrainConfig,
    report: Callable[[Epoch], None] = lambda _: None,
    start: Mapping[str, Tensor] | None = None,
    checkpoint: Path | None = None,
    teacher: Teacher | None = None,
) -> Fitted:
    """Return a network fitted to the examples.

    Args:
        examples: To learn from.
        shape: Of the network.
        preprocessing: Mean and deviation of the images' grey values.
        config: How to learn.
        report: Told after every epoch.
        start: First weights; chance where none are given.
        checkpoint: Kept up to date after every epoch. Where it holds the same run, that
            run goes on from there, to the very weights it would have had uninterrupted.
        teacher: Whose answers count beside the labels.

    Raises:
        ManifestError: There are too few patients to set some aside.
    """
    mark = fingerprint(
        examples, (shape, preprocessing, config, teacher), start, _state(teacher)
    )
    generator = _seeded(config)
    learned, watch = _watched(examples, preprocessing, config)
    network = _begun(shape, config, start).to(config.device)
    average = AveragedModel(
        network,
        multi_avg_fn=get_ema_multi_avg_fn(config.average_decay),
        use_buffers=True,
    )
    optimizer = optimizer_of(network, config)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        config.learning_rate,
        total_steps=config.epochs * math.ceil(len(learned.labels) / config.batch_size),
        pct_start=0.2,
    )
    run = Run(network, average, optimizer, schedule, generator, watch)
    team = team_of()
    spread = team.spread(network)
    learn = Epochs(
        run, spread, learned, shape.labels, preprocessing, config, teacher, team
    )
    number = run.resumed(checkpoint, mark, device=config.device)
    while number < config.epochs and not (watch and watch.is_over(number)):
        number += 1
        started, loss = time.monotonic(), learn.one()
        watched = watch.look(average.module, epoch=number) if watch else None
        if checkpoint is not None and team.is_first:
            run.keep(checkpoint, mark, epoch=number)
        team.wait()
        seconds = time.monotonic() - started
        report(Epoch(number, config.epochs, loss, seconds, watched))
    state = watch.weights if watch else average.module.state_dict()
    return Fitted(
        _finished(state, shape, config),
        number,
        watch.epoch if watch else number,
        watch.best if watch else None,
    )


def _begun(
    shape: NetworkShape, config: TrainConfig, start: Mapping[str, Tensor] | None
) -> nn.Module:
    """Return the network before it learns, of which some weights may be fixed."""
    network = SliceNetwork(shape)
    if start is not None:
        network.load_state_dict(dict(start))
    if not config.lora_rank:
        return network
    begun: nn.Module = adapted(network, rank=config.lora_rank)
    return begun


def _finished(
    state: Mapping[str, Tensor], shape: NetworkShape, config: TrainConfig
) -> SliceNetwork:
    """Return the plain network of what was learned."""
    if config.lora_rank:
        return folded(state, shape, rank=config.lora_rank).eval()
    network = SliceNetwork(shape)
    network.load_state_dict(dict(state))
    return network.eval()


def _seeded(config: TrainConfig) -> torch.Generator:
    """Return the only source of chance in batches, with torch's own seeded too."""
    torch.manual_seed(config.seed)
    # Without it cuBLAS adds up in an order of its own (PyTorch notes on randomness).
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(mode=True, warn_only=config.device != "cpu")
    if config.device == "cpu":
        torch.set_num_threads(config.threads)
    return torch.Generator().manual_seed(config.seed)


def _watched(
    examples: Examples, preprocessing: Preprocessing, config: TrainConfig
) -> tuple[Examples, Watch | None]:
    """Return the examples to learn from, and those watched where any are."""
    if not config.patience:
        return examples, None
    learned, aside = set_aside(examples, share=config.watched_share, seed=config.seed)
    watch = Watch(aside, preprocessing, config.watch, config.patience, config.device)
    return learned, watch


def _state(teacher: Teacher | None) -> dict[str, Tensor] | None:
    return dict(teacher.network.state_dict()) if teacher else None
