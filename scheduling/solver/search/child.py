"""A process that runs one strategy: `python -m scheduling.solver.search.child FD PARENT`.

It is told what to do through the pipe it was born with, and dies with its coordinator.
"""

import ctypes
import importlib
import os
import resource
import signal
import sys
from multiprocessing.connection import Connection

from scheduling.solver.search.exchange import DONE, ChildExchange, Codec
from scheduling.solver.search.orders import Orders

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Receive orders, carry them out, say that they are done."""
    pipe = Connection(int(sys.argv[1]))
    _die_with(int(sys.argv[2]))
    orders: Orders = pipe.recv()
    _limit_memory(orders.memory_bytes)
    exchange = ChildExchange(
        pipe,
        instance=orders.instance,
        deadline=orders.sent + orders.seconds,
        work=orders.work,
    )
    start = orders.start
    importlib.import_module(orders.module).run(
        orders.instance,
        start=None if start is None else Codec(orders.instance).unpack(start),
        seed=orders.seed,
        exchange=exchange,
    )
    exchange.send(DONE, None)


def _die_with(parent: int) -> None:
    """Have the kernel end this process with its coordinator, however that ends.

    The end of the pipe tells it, too, but only to a thread that gets its turn: a solver
    that computes without giving up the interpreter would go on to its time limit.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        sys.exit(1)


def _limit_memory(most: int) -> None:
    """Make this process fail rather than the machine swap."""
    resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
