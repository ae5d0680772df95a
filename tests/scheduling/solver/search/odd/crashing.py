"""Dies at once, as a solver out of memory does."""

import os

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    os.abort()
