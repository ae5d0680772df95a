"""A network learns what images look like before anybody has labelled one.

Two changed copies of an image go through two networks: one learns to foresee what the
other, its own slow average, makes of the other copy. No label and no other image is
asked for, so small batches serve.

References:
    Grill et al., Bootstrap your own latent, NeurIPS 2020.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.augment import augment, cropped
from diagnosis.training.checkpoint import Run, fingerprint
from diagnosis.training.examples import Examples
from diagnosis.training.manifest import ManifestError

FloatArray = NDArray[np.float32]
WARM_SHARE = 0.1  # of the steps until the full learning rate
COLLAPSED = 0.05  # of the spread that directions drawn by chance have


@dataclass(frozen=True, slots=True)
class PretrainConfig:
    """Every choice of pre-training.

    Attributes:
        width: Of the space in which copies are compared.
        crop: Smallest share of the image that a copy shows.
        average_decay: How slowly the second network follows the first.
        slices: At most so many of a series.
        initial: First weights, as `initial.begin` reads them; empty for chance.
    """

    epochs: int = 100
    batch_size: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    width: int = 128
    crop: float = 0.4
    average_decay: float = 0.99
    slices: int = 16
    initial: str = ""
    seed: int = 0
    device: str = "cpu"
    threads: int = 2

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 2 or self.slices < 1:
            message = (
                "pretraining.epochs and slices are 1 at least, batch_size 2 at least"
            )
            raise ValueError(message)
        if not 0 < self.crop <= 1 or self.width < 8:
            message = "pretraining.crop is above 0 and at most 1, width 8 at least"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Pretrained:
    """A network that has seen images.

    Attributes:
        loss: At the end: 0 where every copy was foreseen, 4 where none was.
        spread: How far images lie apart, from 0, all the same, to about 1.
    """

    network: SliceNetwork
    loss: float
    spread: float


class Foreseeing(nn.Module):
    """A slice network, the space in which copies are compared, and the guess in it."""

    def __init__(self, network: SliceNetwork, width: int) -> None:
        super().__init__()
        self.network = network
        self.projector = _layers(network.head.in_features, width)
        self.predictor = _layers(width, width)

    def projected(self, x: Tensor) -> Tensor:
        """Return where images lie, shape (B, width)."""
        pooled = self.network(x)[1].mean(dim=(2, 3))  # (B, C)
        y: Tensor = self.projector(pooled)
        return y

    def forward(self, x: Tensor) -> Tensor:
        """Return where their other copies should lie, shape (B, width)."""
        y: Tensor = self.predictor(self.projected(x))
        return y


def pretrain(
    squares: FloatArray,
    network: SliceNetwork,
    *,
    preprocessing: Preprocessing,
    config: PretrainConfig,
    report: Callable[[int, float], None] = lambda _number, _loss: None,
    checkpoint: Path | None = None,
) -> Pretrained:
    """Return the network after it has seen the images, in evaluation mode.

    Args:
        squares: Shape (N, S, S), in [0, 1].
        network: With its first weights; its last layer plays no part.
        preprocessing: Mean and deviation of the images' grey values.
        config: How to learn.
        report: Told number and loss after every epoch.
        checkpoint: Kept up to date; the same run goes on from there.

    Raises:
        ManifestError: There are too few images, or all came to look the same.
    """
    if len(squares) < config.batch_size:
        message = (
            f"{len(squares)} images are fewer than a batch of {config.batch_size}: "
            "bring more, or lower pretraining.batch_size"
        )
        raise ManifestError(message)
    mark = fingerprint(
        Examples(squares, np.zeros(len(squares), dtype=np.int64)),
        (preprocessing, config),
        network.state_dict(),
    )
    run = _run(network, config, steps=len(squares) // config.batch_size * config.epochs)
    first = run.resumed(checkpoint, mark, device=config.device) + 1
    for number in range(first, config.epochs + 1):
        loss = _epoch(run, squares, preprocessing, config)
        if checkpoint is not None:
            run.keep(checkpoint, mark, epoch=number)
        report(number, loss)
    loss, spread = _judged(run, squares, preprocessing, config)
    if spread < COLLAPSED:
        message = (
            "every image came to look the same to the network: lower "
            "pretraining.learning_rate, or raise average_decay"
        )
        raise ManifestError(message)
    return Pretrained(network.cpu().eval(), loss, spread)


def _run(network: SliceNetwork, config: PretrainConfig, *, steps: int) -> Run:
    torch.manual_seed(config.seed)
    torch.use_deterministic_algorithms(mode=True, warn_only=config.device != "cpu")
    if config.device == "cpu":
        torch.set_num_threads(config.threads)
    whole = Foreseeing(network, config.width).to(config.device)
    average = AveragedModel(
        whole, multi_avg_fn=get_ema_multi_avg_fn(config.average_decay), use_buffers=True
    )
    optimizer = torch.optim.AdamW(
        whole.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, config.learning_rate, total_steps=steps, pct_start=WARM_SHARE
    )
    generator = torch.Generator().manual_seed(config.seed)
    return Run(whole, average, optimizer, schedule, generator)


def _epoch(
    run: Run,
    squares: FloatArray,
    preprocessing: Preprocessing,
    config: PretrainConfig,
) -> float:
    """See every image twice; return the mean loss."""
    run.network.train()
    run.average.train()
    losses = []
    for first, second in _copies(squares, preprocessing, config, run.generator):
        with torch.no_grad():
            targets = [_space(run.average.module)(x) for x in (second, first)]
        guesses = [run.network(x) for x in (first, second)]
        loss = torch.stack(
            [_apart(g, t) for g, t in zip(guesses, targets, strict=True)]
        ).mean()
        run.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        run.optimizer.step()
        run.schedule.step()
        run.average.update_parameters(run.network)
        losses.append(loss.item())
    return float(np.mean(losses))


def _copies(
    squares: FloatArray,
    preprocessing: Preprocessing,
    config: PretrainConfig,
    generator: torch.Generator,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield two changed copies of each image, batch by batch, in a new order."""
    order = torch.randperm(len(squares), generator=generator)
    mean, deviation = preprocessing.mean, preprocessing.standard_deviation
    for chosen in order.split(config.batch_size):
        if len(chosen) < config.batch_size:
            continue
        x = torch.from_numpy(squares[chosen.numpy()]).unsqueeze(1)
        changed = [
            augment(
                cropped(x, least=config.crop, generator=generator), generator=generator
            )
            for _ in range(2)
        ]
        one, other = (((c - mean) / deviation).to(config.device) for c in changed)
        yield one, other


def _apart(guess: Tensor, target: Tensor) -> Tensor:
    """Return the mean squared distance of two directions, from 0 to 4."""
    return 2 - 2 * functional.cosine_similarity(guess, target, dim=1).mean()


def _judged(
    run: Run,
    squares: FloatArray,
    preprocessing: Preprocessing,
    config: PretrainConfig,
) -> tuple[float, float]:
    """Return how well one batch is foreseen, and how far its images lie apart.

    The spread is over that of directions drawn by chance.
    """
    kept = {k: v.clone() for k, v in run.network.state_dict().items()}
    run.network.train()  # by the statistics of the batch, as when it learned
    generator = torch.Generator().manual_seed(config.seed)
    first, second = next(_copies(squares, preprocessing, config, generator))
    with torch.no_grad():
        loss = float(_apart(run.network(first), _space(run.average.module)(second)))
        lying = functional.normalize(_space(run.network)(first), dim=1)
    run.network.load_state_dict(kept)
    return loss, float(lying.std(dim=0).mean() * math.sqrt(lying.shape[1]))


def _space(module: nn.Module) -> Callable[[Tensor], Tensor]:
    """Return what lays images into the space in which they are compared."""
    if not isinstance(module, Foreseeing):
        message = f"{type(module).__name__} foresees nothing"
        raise TypeError(message)
    return module.projected


def _layers(inward: int, width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inward, 2 * width, bias=False),
        nn.BatchNorm1d(2 * width),
        nn.ReLU(),
        nn.Linear(2 * width, width),
    )
