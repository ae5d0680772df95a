"""Column generation, where the rows of an instance can be priced one at a time."""

from dataclasses import replace

from scheduling.solver import columns
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.strategies import relaxation


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Search whole rows while that gains; where it cannot, tell the relaxation's bound.

    Pairs and mixes that merely cost bind several rows at once, so they are left to the
    others: rosters without them are legal all the same, and what no roster costs less
    than without their costs, none does with them.
    """
    single = replace(
        instance,
        pairs=tuple(one for one in instance.pairs if one.weight is None),
        mixes=tuple(one for one in instance.mixes if one.weight is None),
    )
    if columns.supports(single):
        columns.run(single, start=start, seed=seed, exchange=exchange)
    else:
        relaxation.run(instance, start=start, seed=seed, exchange=exchange)
