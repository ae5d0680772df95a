"""What a list of measurements says."""

import statistics
import threading
from collections.abc import Sequence
from pathlib import Path

import psutil

QUANTILES = 100
SAMPLE_S = 0.5  # apart; a solver fills its memory over seconds


def quantile(values: Sequence[float], percent: int) -> float:
    """Return the percentile of at least one value, linearly interpolated."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=QUANTILES, method="inclusive")[percent - 1]


class PeakMemory:
    """Looks on at a process and its children until it is told to end."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._peak_mb = 0.0
        self._is_over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def end(self) -> float:
        """Return the most that they took together at one time, in MB."""
        self._is_over.set()
        self._watch.join()
        return self._peak_mb

    def _look(self) -> None:
        while not self._is_over.wait(SAMPLE_S):
            try:
                self._peak_mb = max(self._peak_mb, resident_mb(self._root))
            except psutil.NoSuchProcess:
                return


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
