"""Small instances solved to the end as whole linear programs."""

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.highs import solve_whole

MOST_WHOLE = 1_000  # variables: what branching solves within a minute
KEPT_BACK = 0.05  # of the time: HiGHS looks at the clock only now and then


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Offer the best roster and its bound, if the instance is small enough."""
    del start, seed  # a linear program begins nowhere and takes no chances
    if len(instance.people) * instance.days > MOST_WHOLE:
        return
    model = build(instance)
    if len(model.linear.lower) > MOST_WHOLE:
        return
    seconds = exchange.seconds_left() * (1 - KEPT_BACK)
    answer = solve_whole(model.linear, seconds=seconds)
    if answer.status == "infeasible":
        exchange.prove_infeasible()
    if answer.values is not None:
        exchange.offer(model.roster([round(value) for value in answer.values]))
    if answer.bound is not None:
        exchange.bound(answer.bound)
