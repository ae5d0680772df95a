"""Gives everybody free who has a shift in the roster it was handed; without one, nothing."""

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange


def run(
    instance: Instance,
    *,
    start: Roster | None,
    seed: int,
    exchange: Exchange,
) -> None:
    if start is not None and any(True for _cell in start.worked()):
        exchange.offer(Roster.empty(instance))
