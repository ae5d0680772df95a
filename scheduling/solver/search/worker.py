"""One worker of a search: a child process for each turn, started, heard and killed."""

import logging
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any  # Any: messages are pickled tuples of a few kinds

from scheduling.solver.instance import Instance
from scheduling.solver.search.exchange import BEST, DONE
from scheduling.solver.search.orders import Orders
from scheduling.solver.search.portfolio import Step, Turns

ROOT = Path(__file__).parents[3]  # where `scheduling` is imported from
CRASHES_FORGIVEN = 3  # of one step, each with another seed

logger = logging.getLogger(__name__)


class Worker:
    """Runs its turns one after the other, each in a process of its own."""

    def __init__(
        self, turns: Turns, instance: Instance, *, deadline: float, memory_bytes: int
    ) -> None:
        """Make one; nothing runs before `start_next`.

        Args:
            turns: What to run.
            instance: What is searched.
            deadline: When time is up, on the monotonic clock.
            memory_bytes: What one process may take.
        """
        self._turns = list(turns)
        self._instance = instance
        self._began = time.monotonic()
        self._deadline = deadline
        self._memory_bytes = memory_bytes
        self._step: Step | None = None
        self._crashes = 0
        self._crashed: Step | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._is_done = False
        self.pipe: Connection | None = None

    @property
    def is_running(self) -> bool:
        return self.pipe is not None

    @property
    def has_more(self) -> bool:
        """Whether it runs, or has turns to run."""
        return self.is_running or bool(self._turns)

    def start_next(self, *, seed: int, best: bytes | None, has_any: bool) -> None:
        """Start the next turn, if there is one and time for it."""
        while self._turns:
            step = self._turns.pop(0)
            seconds = self._seconds_of(step, has_any=has_any)
            if seconds > 0:
                self._crashes = self._crashes if step is self._crashed else 0
                self._start(step, seconds, seed, best)
                return

    def tell_best(self, cells: bytes) -> None:
        """Tell the running strategy the best roster of everybody, if it wants to hear."""
        if self.pipe is None or self._step is None or not self._step.hears:
            return
        try:
            self.pipe.send((BEST, cells))
        except OSError:
            return  # it ended meanwhile: the next reading notices

    def messages(self) -> Iterator[tuple[str, Any]]:
        """Yield what the child said since; at its end, take the process down."""
        pipe = self.pipe
        try:
            while pipe is not None and pipe.poll():
                kind, content = pipe.recv()
                if kind == DONE:
                    self._is_done = True
                else:
                    yield kind, content
        except (EOFError, OSError):
            self._end()

    def end_overdue(self, *, has_any: bool) -> None:
        """Kill a turn whose share of the time is over.

        Args:
            has_any: Whether there is a roster, be it one that leaves needs uncovered.
        """
        step = self._step
        if step is not None and self._seconds_of(step, has_any=has_any) <= 0:
            self._is_done = True
            self._end()

    def kill(self) -> None:
        """End what runs, whatever it does."""
        self._turns.clear()
        self._is_done = True
        self._end()

    def _seconds_of(self, step: Step, *, has_any: bool) -> float:
        whole = self._deadline - self._began
        share = 1.0 if step.until_any and not has_any else step.share
        return self._began + share * whole - time.monotonic()

    def _start(self, step: Step, seconds: float, seed: int, best: bytes | None) -> None:
        ours, theirs = multiprocessing.Pipe()
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603  (our own module)
                [
                    sys.executable,
                    "-m",
                    "scheduling.solver.search.child",
                    str(theirs.fileno()),
                    str(os.getpid()),
                ],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self.pipe, self._step, self._is_done = ours, step, False
        ours.send(
            Orders(
                instance=self._instance,
                module=step.module,
                start=best,
                seed=seed + step.seed + self._crashes,
                seconds=seconds,
                sent=time.monotonic(),
                work=step.work,
                memory_bytes=self._memory_bytes,
            )
        )

    def _end(self) -> None:
        if self.pipe is None or self._child is None:
            return
        self.pipe.close()
        self._child.kill()
        self._child.wait()
        if not self._is_done and self._step is not None:
            self._forgive(self._step)
        self.pipe = self._child = self._step = None

    def _forgive(self, step: Step) -> None:
        """Have a crashed step done again, unless it keeps crashing."""
        logger.warning("%s ended before it was done", step.module)
        self._crashes += 1
        self._crashed = step
        if self._crashes <= CRASHES_FORGIVEN:
            self._turns.insert(0, step)
