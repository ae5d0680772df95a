"""The engines that a worker keeps open: few, warm before they are needed, shared by jobs."""

import threading
from collections import OrderedDict

import numpy as np

from diagnosis.inference.engines import SIZES, Engine, has_gpu, open_engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.gathering import GatheringEngine
from diagnosis.inference.predict import BATCH

# A GPU computes 32 slices in little more time than 8, a CPU core takes four times as
# long: only a GPU gathers what several jobs ask. The wait is far below a slice's decoding.
GATHER_S = 0.004


class OpenEngines:
    """Opens each entry's engine once, and keeps those that were asked for last.

    Args:
        most: How many models may lie in memory at a time.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._open: OrderedDict[str, Engine] = OrderedDict()  # by the entry's digest
        self._lock = threading.Lock()  # two jobs that begin together open one

    def of(self, entry: ModelEntry) -> Engine:
        """Return the engine of an entry, warm."""
        with self._lock:
            engine = self._open.pop(entry.digest, None)
            if engine is None:
                while len(self._open) >= self._most:
                    self._open.popitem(last=False)
                engine = warm_engine(entry)
            self._open[entry.digest] = engine
            return engine

    def __len__(self) -> int:
        return len(self._open)


def warm_engine(entry: ModelEntry) -> Engine:
    """Open an engine as it serves here, and have it compute each size of batch once."""
    engine = open_engine(entry)
    is_shared = has_gpu()
    side = entry.preprocessing.size
    for size in SIZES if is_shared else (BATCH,):
        engine.run(np.zeros((size, entry.shape.slices, side, side), dtype=np.float32))
    if is_shared:
        return GatheringEngine(engine, largest=SIZES[-1], wait_s=GATHER_S)
    return engine
