"""Offers a roster in which everybody works every day."""

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    worked = instance.shift_types[0].id
    exchange.offer(Roster(tuple((worked,) * instance.days for _ in instance.people)))
