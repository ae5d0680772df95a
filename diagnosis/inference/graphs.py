"""A network told to the GPU once for each batch size, then started as a whole.

Small batches spend most of their time in telling: a hundred kernels for one slice.

References:
    CUDA C++ programming guide, CUDA graphs; PyTorch, torch.cuda.graph.
"""

import logging
from collections.abc import Callable
from typing import Any  # Any: torch's graphs have no types

import torch
from torch import Tensor

WARM_UP_RUNS = 3  # libraries choose their kernels in the first

logger = logging.getLogger(__name__)


class Graphs:
    """Runs a function of one batch by graphs, or plainly where none can be captured.

    Args:
        compute: Shape out depends on the shape in alone; one thread at a time calls it.
    """

    def __init__(self, compute: Callable[[Tensor], Tensor]) -> None:
        self._compute = compute
        self._kept: dict[int, tuple[Any, Tensor, Tensor]] = {}
        self._is_refused = False

    def __call__(self, batch: Tensor) -> Tensor:
        """Return what is computed of a batch in pinned memory; it holds until the next call."""
        if self._is_refused:
            return self._compute(batch.cuda(non_blocking=True))
        if len(batch) not in self._kept:
            try:
                self._kept[len(batch)] = self._captured(batch.cuda())
            except RuntimeError as error:
                logger.warning("no CUDA graph, computing plainly: %s", error)
                self._is_refused = True
                return self._compute(batch.cuda())
        graph, kept, output = self._kept[len(batch)]
        kept.copy_(batch, non_blocking=True)
        graph.replay()
        return output

    def _captured(self, kept: Tensor) -> tuple[Any, Tensor, Tensor]:
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(WARM_UP_RUNS):
                self._compute(kept)
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            output = self._compute(kept)
        return graph, kept, output
