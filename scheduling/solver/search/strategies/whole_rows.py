"""Column generation, where the rows of an instance can be priced one at a time."""

from scheduling.solver import columns
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Search whole rows until time is up; leave the turn to others where it cannot."""
    if columns.supports(instance):
        columns.run(instance, start=start, seed=seed, exchange=exchange)
