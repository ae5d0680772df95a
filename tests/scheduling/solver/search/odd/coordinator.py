"""A coordinator with a deaf child, which waits to be killed."""

import signal
import time

from scheduling.solver.search.portfolio import Step
from scheduling.solver.search.worker import Worker
from tests.scheduling.solver.search.wards import small_ward


def main() -> None:
    """Start the child and stay."""
    worker = Worker(
        [Step(module="tests.scheduling.solver.search.odd.deaf")],
        small_ward(),
        deadline=time.monotonic() + 3600,
        memory_bytes=2**31,
    )
    worker.start_next(seed=0, best=None, has_any=False)
    signal.pause()


if __name__ == "__main__":
    main()
