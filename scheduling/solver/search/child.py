"""A process that runs one strategy: `python -m scheduling.solver.search.child FD`.

It is told what to do through the pipe it was born with, and dies with its coordinator.
"""

import importlib
import resource
import sys
from multiprocessing.connection import Connection

from scheduling.solver.search.exchange import DONE, ChildExchange, Codec
from scheduling.solver.search.orders import Orders


def main() -> None:
    """Receive orders, carry them out, say that they are done."""
    pipe = Connection(int(sys.argv[1]))
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


def _limit_memory(most: int) -> None:
    """Make this process fail rather than the machine swap."""
    resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
