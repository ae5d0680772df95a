"""What encoder and causal model share: a base on disk, an adapter on it, the fitting loop.

LoRA adds a product of two thin matrices to chosen layers; AdaLoRA begins with more of them
and keeps those that matter. The base never changes and is never copied into an entry.

References:
    Hu et al., LoRA, arXiv:2106.09685. Zhang et al., AdaLoRA, arXiv:2303.10512.
"""

import hashlib
import random
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar  # Any: transformers and peft are loosely typed

import torch
from peft import AdaLoraConfig, LoraConfig, PeftModel, get_peft_model
from transformers.utils.logging import disable_progress_bar

from consult.learning.errors import LearningError

Method = Literal["lora", "adalora"]
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
CLIP = 1.0
WARM_SHARE = 0.1  # of the steps until the full learning rate
ALPHA_PER_RANK = 2
START_PER_RANK = 1.5  # AdaLoRA begins so much wider
Item = TypeVar("Item")
Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class FitConfig:
    """How an adapter is fitted."""

    method: Method = "lora"
    epochs: int = 10
    batch: int = 32
    learning_rate: float = 1e-3
    rank: int = 8
    seed: int = 0
    threads: int = 2
    device: str = "cpu"

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 1 or self.rank < 1 or self.threads < 1:
            message = "epochs, batch, rank and threads are at least 1"
            raise LearningError(message)


def base_digest(base: Path) -> str:
    """Return sha256 over a base's weights: an adapter fits these alone.

    Raises:
        LearningError: The folder holds no model of transformers with safetensors.
    """
    weights = sorted(base.glob("*.safetensors"))
    if not (base / "config.json").is_file() or not weights:
        message = (
            f"{base} holds no model: a folder with config.json, a tokenizer and "
            "*.safetensors is needed"
        )
        raise LearningError(message)
    digest = hashlib.sha256()
    for path in weights:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def adapted(model: Any, config: FitConfig, *, layers: Any, steps: int) -> Any:
    """Return the base with a fresh adapter of which alone the weights are free."""
    shared = {"target_modules": layers, "lora_alpha": ALPHA_PER_RANK * config.rank}
    if any("pooler" in name for name, _ in model.named_modules()):
        shared["exclude_modules"] = ".*pooler.*"  # nothing of it is read
    if config.method == "lora":
        with quiet():
            return get_peft_model(
                model, LoraConfig(r=config.rank, lora_dropout=0.05, **shared)
            )
    start = max(config.rank + 1, int(config.rank * START_PER_RANK))
    adaptive = AdaLoraConfig(
        init_r=start,
        target_r=config.rank,
        tinit=max(1, steps // 10),
        tfinal=max(1, steps // 3),
        deltaT=1,
        total_step=max(steps, 4),
        **shared,
    )
    with quiet():
        return get_peft_model(model, adaptive)


def save_adapter(model: Any, folder: Path, *, base_name: str) -> None:
    """Write the adapter in the format of PEFT, naming its base and no path."""
    for settings in model.peft_config.values():
        settings.base_model_name_or_path = base_name
    # False: it would else ask a hub for the base's configuration.
    model.save_pretrained(folder, save_embedding_layers=False)
    for path in folder.iterdir():
        if path.name == "README.md":
            path.unlink()


def with_adapter(model: Any, folder: Path) -> Any:
    """Return a base with the adapter of an entry, its product folded in for speed."""
    with quiet():
        return PeftModel.from_pretrained(model, folder).merge_and_unload().eval()


def fit(
    model: Any,
    examples: Sequence[Item],
    loss_of: Callable[[Sequence[Item]], torch.Tensor],
    *,
    size: Callable[[Item], int],
    free: Sequence[torch.nn.Parameter],
    config: FitConfig,
    told: Told,
) -> list[float]:
    """Fit the free weights; return the mean loss of each epoch.

    Args:
        model: A model of PEFT; AdaLoRA's budget is kept as its paper says.
        examples: Drawn in a new order each epoch.
        loss_of: The mean loss of a batch.
        size: By which like is put with like, so that little is padded.
        free: What changes.
        config: How.
        told: Hears what is done, and its share.

    Raises:
        LearningError: The loss is no number: the learning rate is too high.
    """
    optimizer = torch.optim.AdamW(free, lr=config.learning_rate, weight_decay=0.01)
    steps = steps_of(len(examples), config)
    order = list(examples)
    shuffle = random.Random(config.seed)  # noqa: S311 (an order, no secret)
    losses, step = [], 0
    for epoch in range(1, config.epochs + 1):
        total = 0.0
        for batch in _batches(order, size, config.batch, shuffle):
            for group in optimizer.param_groups:
                group["lr"] = config.learning_rate * _warmth(step, steps)
            loss = loss_of(batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(free, CLIP)
            optimizer.step()
            if config.method == "adalora":
                model.base_model.update_and_allocate(step)
            optimizer.zero_grad()
            total += float(loss.detach()) * len(batch)
            step += 1
            told(f"epoch {epoch} of {config.epochs}", 0.9 * step / steps)
        losses.append(total / len(order))
        if not losses[-1] < float("inf"):
            message = "the loss is no number any more: take a lower --learning-rate"
            raise LearningError(message)
    return losses


def _batches(
    order: list[Item], size: Callable[[Item], int], count: int, shuffle: random.Random
) -> list[list[Item]]:
    """Return batches in a new order, each of examples about as long."""
    shuffle.shuffle(order)
    by_size = sorted(order, key=lambda each: (size(each), shuffle.random()))
    batches = [by_size[at : at + count] for at in range(0, len(by_size), count)]
    shuffle.shuffle(batches)
    return batches


def steps_of(count: int, config: FitConfig) -> int:
    """Return how often the weights change."""
    return config.epochs * -(-count // config.batch)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what libraries say of each other, and their own bars, from people."""
    disable_progress_bar()  # type: ignore[no-untyped-call]  # theirs has no types
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        yield


@contextmanager
def seeded(config: FitConfig) -> Iterator[None]:
    """Let everything random begin at the seed, on so many threads, and hand threads back."""
    before = torch.get_num_threads()
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _warmth(step: int, steps: int) -> float:
    """Return the learning rate's share: up at first, then down in a line."""
    warm = max(1, int(steps * WARM_SHARE))
    return min((step + 1) / warm, max(0.02, (steps - step) / max(1, steps - warm)))
