"""Rosters: our search beside plain CP-SAT and plain HiGHS, same model, same cores.

`make bench BENCH=rosters` measures every published instance at its limits; a part of them,
or other limits: `BENCH="rosters --instances Instance8 Instance12 --seconds 60 300 --seeds 1"`.
Every way has the same seeds and as many cores; memory is the largest of all its processes
together. Seconds are taken from outside, from the start of the command to its end; "over" is
how far the slowest seed went beyond its wall limit: asked are 5 % at most. A roster that
`verify` finds to break a hard rule counts as none, and a seed without one as the worst.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import time
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
        without_roster: Seeds that came to no roster, or to one that breaks a hard rule.
        excess: (objective - best known) / best known.
        bound_short: How far the bound lies below the best known, as a share of it.
        seconds: From the start of the command to its end.
        over_limit: How far the slowest seed went beyond the limit, as a share of it; 0
            where all ended in time.
        first_feasible_s: From the start of the search: the command's own start, half a
            second of the limit, is not in it.
        peak_mb: The most memory that all processes of one seed took together.
    """

    way: str
    limit_s: float
    without_roster: int
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
                result = median_of(way, seconds, runs, known[name])
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
    began = time.perf_counter()
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
        taken_s = time.perf_counter() - began
        peak_mb = peaks.end()
    return {**json.loads(said), "seconds": taken_s, "peak_mb": peak_mb}


def median_of(
    way: str, limit_s: float, runs: list[dict[str, Any]], known: float
) -> Result:
    """Return the median of each figure; a run that does not have it has the worst."""

    def middle(key: str, *, worst: float) -> float | None:
        values = [worst if run.get(key) is None else run[key] for run in runs]
        median = statistics.median(values)
        return median if math.isfinite(median) else None

    for run in runs:
        if run.get("hard_violations") != 0:
            run["objective"] = None
    objective = middle("objective", worst=math.inf)
    bound = middle("bound", worst=-math.inf)
    slowest_s = max(run["seconds"] for run in runs)
    return Result(
        way=way,
        limit_s=limit_s,
        without_roster=sum(run["objective"] is None for run in runs),
        objective=objective,
        excess=None if objective is None else (objective - known) / known,
        bound=bound,
        bound_short=None if bound is None else (known - bound) / known,
        seconds=statistics.median(run["seconds"] for run in runs),
        over_limit=max(0.0, slowest_s / limit_s - 1),
        first_feasible_s=middle("first_feasible_s", worst=math.inf),
        peak_mb=max(run["peak_mb"] for run in runs),
    )


def _line(name: str, result: Result) -> str:
    def share(value: float | None) -> str:
        return "     -" if value is None else f"{value:z6.1%}"

    first = result.first_feasible_s
    return (
        f"{name:16} {result.limit_s:5.0f} s {result.way:7} "
        f"without {result.without_roster} objective {result.objective or '-':>8} "
        f"excess {share(result.excess)}  bound {result.bound or 0.0:9.1f} "
        f"short {share(result.bound_short)}  {result.seconds:6.1f} s "
        f"over {share(result.over_limit)}  "
        f"first {'-' if first is None else f'{first:.2f} s':8} "
        f"{result.peak_mb or 0.0:6.0f} MB"
    )
