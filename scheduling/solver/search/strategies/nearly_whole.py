"""Instances whose relaxation comes out nearly whole: branching ends them soonest."""

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.highs import LinearAnswer, solve_relaxed
from scheduling.solver.search.strategies.program import solve_to_the_end

# Measured: 4 to 8 % on the instances of INRC 2010, 13 to 30 % on those of Curtois and Qu,
# where branching has no roster worth the name within minutes.
MOST_HALVED = 0.1  # of the variables
RELAXED_SHARE = 0.15  # of the time: a first bound within seconds, or not at all
WHOLE = 1e-6  # as far as HiGHS lets a whole variable be from a whole number


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Tell the relaxation's bound; solve the program too where few variables are halved."""
    del start, seed  # a linear program begins nowhere and takes no chances
    model = build(instance)
    seconds = exchange.seconds_left() * RELAXED_SHARE
    relaxed = solve_relaxed(model.linear, seconds=seconds)
    if relaxed.status == "infeasible":
        exchange.prove_infeasible()
    if relaxed.status != "optimal" or relaxed.bound is None:
        return
    exchange.bound(relaxed.bound)
    if _halved(relaxed) <= MOST_HALVED:
        solve_to_the_end(model, exchange=exchange)


def _halved(relaxed: LinearAnswer) -> float:
    """Return the share of the variables that have no whole value."""
    values = relaxed.values or ()
    halved = sum(abs(value - round(value)) > WHOLE for value in values)
    return halved / max(len(values), 1)
