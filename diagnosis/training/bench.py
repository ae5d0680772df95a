"""How fast the serving engine is beside plain eager torch, in turns, in one run."""

import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.calibrate import calibrated
from diagnosis.inference.engines import Engine, Scores
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.preprocess import network_input
from diagnosis.training.metrics import auroc

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BatchSpeed:
    """Images a second of both engines at one batch size."""

    batch: int
    engine_images_per_s: float
    eager_images_per_s: float


@dataclass(frozen=True, slots=True)
class ViewsCost:
    """What averaging several views of a slice gives and costs, by eager torch.

    Attributes:
        auroc_gain: With them less without; None where nobody knows the labels.
        slowdown: Time with them over time without, at the first batch size.
    """

    count: int
    auroc_gain: float | None
    slowdown: float


@dataclass(frozen=True, slots=True)
class Bench:
    """What `bench_ct` answers."""

    batches: tuple[BatchSpeed, ...]
    engine: str
    max_probability_difference: float
    p99_probability_difference: float
    auroc_difference: float | None
    peak_rss_mb: float
    views: ViewsCost | None = None


def compare(
    entry: ModelEntry,
    *,
    engine: Engine,
    eager: Engine,
    squares: FloatArray,
    is_positive: NDArray[np.bool_] | None,
    sizes: Sequence[int],
    one_view: Engine | None = None,
    seconds: float = 1.0,
) -> Bench:
    """Return speeds and agreement of two engines on the same images.

    Args:
        entry: The model.
        engine: The one that serves.
        eager: Plain torch, fp32.
        squares: Shape (N, S, S), in [0, 1].
        is_positive: Shape (N,), or None where nobody knows.
        sizes: Batch sizes.
        one_view: Eager torch looking once at each slice, where the model does so oftener.
        seconds: For each engine at each size, in short turns.
    """
    x = network_input(squares, entry.preprocessing)
    p = [_positive(each, x, entry) for each in (engine, eager)]
    moved = np.abs(p[0] - p[1])
    views = None
    if one_view:
        once = _positive(one_view, x, entry)
        speed = _speed(x, one_view, eager, sizes[0], seconds)
        views = ViewsCost(
            len(entry.views.each),
            _area_gained(p[1], once, is_positive),
            speed.engine_images_per_s / speed.eager_images_per_s,
        )
    return Bench(
        batches=tuple(_speed(x, engine, eager, size, seconds) for size in sizes),
        engine=engine.name,
        max_probability_difference=float(moved.max()),
        p99_probability_difference=float(np.quantile(moved, 0.99)),
        auroc_difference=_area_gained(p[0], p[1], is_positive),
        peak_rss_mb=_peak_rss_mb(),
        views=views,
    )


def generated_squares(count: int, *, size: int, seed: int = 0) -> FloatArray:
    """Return smooth random images, for machines without any data."""
    generator = np.random.default_rng(seed)
    coarse = generator.random((count, 8, 8), dtype=np.float32)
    fine = coarse.repeat(-(-size // 8), axis=1).repeat(-(-size // 8), axis=2)
    noise = generator.random((count, size, size), dtype=np.float32)
    return (0.9 * fine[:, :size, :size] + 0.1 * noise).astype(np.float32)


def _area_gained(
    p: NDArray[np.float64],
    against: NDArray[np.float64],
    is_positive: NDArray[np.bool_] | None,
) -> float | None:
    if is_positive is None:
        return None
    area, other = auroc(p, is_positive), auroc(against, is_positive)
    return None if area is None or other is None else area - other


def _positive(engine: Engine, x: FloatArray, entry: ModelEntry) -> NDArray[np.float64]:
    logits = np.concatenate(
        [engine.run(x[start : start + 8]).logits for start in range(0, len(x), 8)]
    )
    return calibrated(logits, entry.calibration)[:, entry.positive_index]


def _speed(
    x: FloatArray, engine: Engine, eager: Engine, size: int, seconds: float
) -> BatchSpeed:
    batch = np.resize(x, (size, *x.shape[1:]))
    spent, done = [0.0, 0.0], [0, 0]
    for each in (engine, eager):
        _ = each.run(batch)  # the first run prepares memory
    while min(spent) < seconds:
        for index, each in enumerate((engine, eager)):
            started = time.perf_counter()
            _answer: Scores = each.run(batch)
            spent[index] += time.perf_counter() - started
            done[index] += size
    return BatchSpeed(size, done[0] / spent[0], done[1] / spent[1])


def _peak_rss_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024
