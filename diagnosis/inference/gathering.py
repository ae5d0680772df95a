"""Batches across jobs: what several threads ask of one device at a time, computed at once.

A device that computes 32 slices in little more time than 8 is used badly by studies that
each ask for 8. There is no thread of its own: whoever asks while nobody computes leads.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.engines import Engine, Scores

FloatArray = NDArray[np.float32]


@dataclass(slots=True, eq=False)
class Request:
    """What one thread asked, and what came of it."""

    x: FloatArray
    asked: float = field(default_factory=time.monotonic)
    scores: Scores | None = None
    error: Exception | None = None

    @property
    def is_answered(self) -> bool:
        return self.scores is not None or self.error is not None


class GatheringEngine:
    """One engine for several threads: their requests in one batch.

    Args:
        engine: What computes; one thread at a time asks it.
        largest: Images of a batch; a larger request goes alone.
        wait_s: How long a request waits at most for company, from when it was asked:
            while the engine computes others, or does nothing.
    """

    def __init__(self, engine: Engine, *, largest: int, wait_s: float) -> None:
        self.name = engine.name
        self._engine = engine
        self._largest = largest
        self._wait_s = wait_s
        self._waiting: deque[Request] = deque()
        self._changed = threading.Condition()
        self._is_led = False

    def run(self, x: FloatArray) -> Scores:
        """Return the scores of a batch of shape (B, slices, S, S)."""
        mine = Request(x)
        with self._changed:
            self._waiting.append(mine)
            self._changed.notify_all()
        while not mine.is_answered:
            self._lead_or_wait(mine)
        if mine.error:
            raise mine.error
        if mine.scores is None:
            raise RuntimeError("A request was answered with nothing.")
        return mine.scores

    def _lead_or_wait(self, mine: Request) -> None:
        with self._changed:
            self._changed.wait_for(lambda: mine.is_answered or not self._is_led)
            if mine.is_answered:
                return
            self._is_led = True
            left = self._waiting[0].asked + self._wait_s - time.monotonic()
            self._changed.wait_for(self._is_full, timeout=max(left, 0.0))
            batch = self._taken()
        try:
            self._answer(batch)
        finally:
            with self._changed:
                self._is_led = False
                self._changed.notify_all()

    def _is_full(self) -> bool:
        return sum(len(each.x) for each in self._waiting) >= self._largest

    def _taken(self) -> list[Request]:
        """Take the oldest requests that fit into a batch, one at least."""
        batch = [self._waiting.popleft()]
        room = self._largest - len(batch[0].x)
        while self._waiting and len(self._waiting[0].x) <= room:
            batch.append(self._waiting.popleft())
            room -= len(batch[-1].x)
        return batch

    def _answer(self, batch: list[Request]) -> None:
        try:
            scores = self._engine.run(np.concatenate([each.x for each in batch]))
        except Exception as error:  # noqa: BLE001 (each thread raises it for itself)
            for each in batch:
                each.error = error
            return
        start = 0
        for each in batch:
            inside = slice(start, start + len(each.x))
            each.scores = Scores(
                scores.logits[inside], scores.features[inside], scores.cams[inside]
            )
            start += len(each.x)
