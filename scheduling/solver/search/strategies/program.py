"""Small instances solved to the end as whole linear programs."""

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.highs import solve_whole
from scheduling.solver.search.model.roster_model import RosterModel

KEPT_BACK = 0.05  # of the time: HiGHS looks at the clock only now and then


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Offer the best roster and its bound: at the end, for HiGHS tells nothing before."""
    del start, seed  # a linear program begins nowhere and takes no chances
    solve_to_the_end(build(instance), exchange=exchange)


def solve_to_the_end(model: RosterModel, *, exchange: Exchange) -> None:
    """Have HiGHS branch on the whole model, and offer what it has when time is up."""
    seconds = exchange.seconds_left() * (1 - KEPT_BACK)
    answer = solve_whole(model.linear, seconds=seconds)
    if answer.status == "infeasible":
        exchange.prove_infeasible()
    if answer.values is not None:
        exchange.offer(model.roster([round(value) for value in answer.values]))
    if answer.bound is not None:
        exchange.bound(answer.bound)
