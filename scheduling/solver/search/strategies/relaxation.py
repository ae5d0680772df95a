"""Bounds by linear programming: what a roster costs if people could be halved."""

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.highs import solve_relaxed

MOST_RELAXED = 40_000  # variables: what a simplex solves within minutes


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Tell the bound of the relaxation, and offer no roster."""
    del start, seed  # a linear program begins nowhere and takes no chances
    if len(instance.people) * instance.days > MOST_RELAXED:
        return
    model = build(instance)
    if len(model.linear.lower) > MOST_RELAXED:
        return
    answer = solve_relaxed(model.linear, seconds=exchange.seconds_left())
    if answer.status == "infeasible":
        exchange.prove_infeasible()
    if answer.status == "optimal" and answer.bound is not None:
        exchange.bound(answer.bound)
