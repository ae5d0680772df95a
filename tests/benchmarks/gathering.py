"""Batches across jobs: studies read one by one, side by side, and side by side but gathered.

Each job asks for eight slices at a time, as a reading does. `make bench BENCH=gathering` takes
a GPU where there is one; `BENCH="gathering --device cpu --jobs 2"` chooses.
"""

import argparse
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from diagnosis.inference.engines import SIZES, Engine, has_gpu, open_engine
from diagnosis.inference.gathering import GatheringEngine
from diagnosis.inference.predict import BATCH
from diagnosis.inference.serving import GATHER_S
from diagnosis.inference.store import load_entry
from hospital.core.sealed import resolve
from tests.benchmarks.figures import quantile
from tests.running import ROOT


def measure(arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Return slices a second and the 95th percentile of a request, in milliseconds."""
    parser = argparse.ArgumentParser(prog="make bench BENCH=gathering")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each way")
    options = parser.parse_args(list(arguments))
    entry = load_entry(ROOT / "models", *resolve(ROOT / "models"))
    engine = open_engine(entry, device=options.device)
    side = entry.preprocessing.size
    for size in SIZES:
        engine.run(np.zeros((size, 1, side, side), dtype=np.float32))
    gathered = GatheringEngine(engine, largest=SIZES[-1], wait_s=GATHER_S)
    ways: dict[str, tuple[Engine, int]] = {
        "one_by_one": (engine, 1),
        "side_by_side": (engine, options.jobs),
        "gathered": (gathered, options.jobs),
    }
    if options.device != "cpu" and has_gpu():
        del ways["side_by_side"]  # a GPU's graphs are for one thread at a time
    return {
        "model": entry.reference,
        "engine": engine.name,
        "jobs": options.jobs,
        **{
            name: _asked(way, threads, side, options.seconds)
            for name, (way, threads) in ways.items()
        },
    }


def _asked(engine: Engine, jobs: int, side: int, seconds: float) -> dict[str, float]:
    """Return what so many threads get of an engine in some seconds."""
    together = threading.Barrier(jobs)
    x = np.random.default_rng(0).normal(size=(BATCH, 1, side, side))

    def ask(batch: np.ndarray) -> list[float]:
        together.wait()
        ends = time.perf_counter() + seconds
        taken = []
        while (began := time.perf_counter()) < ends:
            engine.run(batch)
            taken.append(time.perf_counter() - began)
        return taken

    with ThreadPoolExecutor(jobs) as threads:
        done = list(threads.map(ask, [x.astype(np.float32)] * jobs))
    requests = [each for taken in done for each in taken]
    return {
        "slices_per_s": round(len(requests) * BATCH / seconds, 1),
        "request_ms_p95": round(quantile(requests, 95) * 1000, 1),
    }
