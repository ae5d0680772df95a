"""What a list of measurements says."""

import statistics
from collections.abc import Sequence
from pathlib import Path

import psutil

QUANTILES = 100


def quantile(values: Sequence[float], percent: int) -> float:
    """Return the percentile of at least one value, linearly interpolated."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=QUANTILES, method="inclusive")[percent - 1]


def resident_mb(root: int) -> float:
    """Return the proportional memory of a process and all its children, in MB.

    Shared pages are counted once in the sum (PSS), so workers forked from one parent
    are not charged for it several times.
    """
    process = psutil.Process(root)
    family = [process, *process.children(recursive=True)]
    return sum(_pss_kb(member.pid) for member in family) / 1024


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
