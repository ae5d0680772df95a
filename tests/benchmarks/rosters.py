"""Rosters: our search beside plain CP-SAT and plain HiGHS, same model, same cores.

`make bench BENCH=rosters` measures every published instance at its limits; a part of them,
or other limits: `BENCH="rosters --instances Instance8 Instance12 --seconds 60 300 --seeds 1"`.
Every way has the same seeds and as many cores; memory is the largest of all its processes
together. "over" is how far the slowest seed went beyond its wall limit: asked are 5 % at most.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hospital.core.supervisor import launch
from tests.benchmarks.data import needed
from tests.benchmarks.figures import PeakMemory
from tests.running import DATASETS_DIR, ROOT

FOLDER = DATASETS_DIR / "rostering"
WORKERS = 2
WITH_US = (sys.executable, "-IS", launch.__file__)  # ends a solver when we are killed
GRACE_S = 120.0  # what a plain solver may overrun before it is killed

# Seconds for each instance; the rest have the last figure.
SECONDS: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(("Instance1", "Instance2", "Instance3"), (10.0,)),
    **dict.fromkeys(
        ("Instance8", "Instance12", "Instance14", "Instance16"), (60.0, 300.0)
    ),
    "Instance20": (600.0,),
    "": (60.0,),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One way of solving one instance, the median of its seeds.

    Attributes:
        excess: (objective - best known) / best known.
        bound_short: How far the bound lies below the best known, as a share of it.
        over_limit: How far the slowest seed went beyond the limit, as a share of it; 0
            where all ended in time.
        peak_mb: The most memory that all processes of one seed took together.
    """

    way: str
    limit_s: float
    objective: float | None
    excess: float | None
    bound: float | None
    bound_short: float | None
    seconds: float
    over_limit: float
    first_feasible_s: float | None = None
    peak_mb: float | None = None


def measure(arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Return every result by instance; the table goes to standard error."""
    options = _options(arguments)
    known = best_known()
    names = options.instances or list(known)
    for name in names:
        needed(str(place_of(name).relative_to(DATASETS_DIR)))
    table: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        for seconds in options.seconds or SECONDS.get(name, SECONDS[""]):
            for way in options.ways:
                runs = [WAYS[way](name, seconds, seed) for seed in range(options.seeds)]
                result = _median(way, seconds, runs, known[name])
                table.setdefault(name, []).append(asdict(result))
                sys.stderr.write(_line(name, result) + "\n")
    return {"workers": WORKERS, "seeds": options.seeds, "instances": table}


def best_known() -> dict[str, float]:
    """Return the best known objective of each published instance that is here."""
    with needed("rostering/best_known.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["instance"]: float(row["best_known"])
        for row in rows
        if place_of(row["instance"]).is_file()
    }


def place_of(name: str) -> Path:
    """Return the file of an instance as the table names it."""
    return FOLDER / (f"{name}.txt" if "/" in name else f"curtois/{name}.txt")


def format_of(name: str) -> str:
    return name.partition("/")[0] if "/" in name else "curtois"


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench BENCH=rosters")
    parser.add_argument("--instances", nargs="+", metavar="NAME")
    parser.add_argument(
        "--seconds", type=float, nargs="+", metavar="S", help="for all of them"
    )
    parser.add_argument("--seeds", type=int, default=3, help="median of so many")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    return parser.parse_args(list(arguments))


def _ours(name: str, seconds: float, seed: int) -> dict[str, Any]:
    return _said(
        [
            "manage.py",
            "solve_roster",
            str(place_of(name)),
            f"--format={format_of(name)}",
            f"--time-limit={seconds}",
            f"--workers={WORKERS}",
            f"--seed={seed}",
            "--json",
        ],
        seconds,
    )


def _plain(solver: str) -> Callable[[str, float, int], dict[str, Any]]:
    def solve(name: str, seconds: float, seed: int) -> dict[str, Any]:
        words = ["-m", "tests.benchmarks.plain", solver, name, str(seconds), str(seed)]
        return _said(words, seconds)

    return solve


WAYS: dict[str, Callable[[str, float, int], dict[str, Any]]] = {
    "ours": _ours,
    "cp-sat": _plain("cp-sat"),
    "highs": _plain("highs"),
}


def _said(words: Sequence[str], seconds: float) -> dict[str, Any]:
    """Return the JSON document that a command of ours prints, and its memory."""
    with subprocess.Popen(
        [*WITH_US, str(os.getpid()), sys.executable, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as running:
        peaks = PeakMemory(running.pid)
        try:
            said, _nothing = running.communicate(timeout=seconds + GRACE_S)
        except subprocess.TimeoutExpired:
            running.kill()
            said = b'{"objective": null, "bound": null}'
        peak_mb = peaks.end()
    document: dict[str, Any] = {"wall_s": seconds + GRACE_S, **json.loads(said)}
    return {**document, "peak_mb": peak_mb}


def _median(
    way: str, limit_s: float, runs: list[dict[str, Any]], known: float
) -> Result:
    """Return the median of each figure over the runs that have it."""

    def middle(key: str) -> float | None:
        values = [run[key] for run in runs if run.get(key) is not None]
        return statistics.median(values) if values else None

    objective, bound = middle("objective"), middle("bound")
    return Result(
        way=way,
        limit_s=limit_s,
        objective=objective,
        excess=None if objective is None else (objective - known) / known,
        bound=bound,
        bound_short=None if bound is None else (known - bound) / known,
        seconds=middle("wall_s") or 0.0,
        over_limit=max(0.0, max(run["wall_s"] for run in runs) / limit_s - 1),
        first_feasible_s=middle("first_feasible_s"),
        peak_mb=max(run["peak_mb"] for run in runs),
    )


def _line(name: str, result: Result) -> str:
    def share(value: float | None) -> str:
        return "     -" if value is None else f"{value:6.1%}"

    first = result.first_feasible_s
    return (
        f"{name:16} {result.limit_s:5.0f} s {result.way:7} objective {result.objective or '-':>8} "
        f"excess {share(result.excess)}  bound {result.bound or 0.0:9.1f} "
        f"short {share(result.bound_short)}  {result.seconds:6.1f} s "
        f"over {share(result.over_limit)}  "
        f"first {'-' if first is None else f'{first:.2f} s':8} "
        f"{result.peak_mb or 0.0:6.0f} MB"
    )
