"""Column generation, where the rows of an instance can be priced one at a time."""

from scheduling.solver import columns
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.strategies import relaxation


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Search whole rows while that gains; where it cannot, tell the relaxation's bound."""
    strategy = columns.run if columns.supports(instance) else relaxation.run
    strategy(instance, start=start, seed=seed, exchange=exchange)
