"""Offers one roster, tells its process id by the file named as the instance, and stays."""

import os
import time
from pathlib import Path

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    Path(instance.name).write_text(str(os.getpid()))
    exchange.offer(Roster.empty(instance))
    while True:
        time.sleep(1)
