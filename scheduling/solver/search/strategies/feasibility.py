"""Whether any roster is legal at all: the hard rules alone, costs left out."""

from dataclasses import replace

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.verify import verify

MOST_CELLS = (
    20_000  # beyond, rosters come from the search that takes the rules one by one
)


def run(
    instance: Instance, *, start: Roster | None, seed: int, exchange: Exchange
) -> None:
    """Find a legal roster whatever it costs, or prove that there is none."""
    is_answered = exchange.best() is not None or (
        start is not None and verify(instance, start).is_legal
    )
    if is_answered or len(instance.people) * instance.days > MOST_CELLS:
        return
    model = build(without_costs(instance))
    model.weigh(lambda _term: 0)
    model.linear.cost.clear()
    budget = Budget(seconds=exchange.seconds_left(), seed=seed, first_only=True)
    answer = solve_cpsat(model.linear, budget=budget)
    if answer.status == "infeasible":
        exchange.prove_infeasible()
    if answer.values is not None:
        exchange.offer(model.roster(answer.values))


def without_costs(instance: Instance) -> Instance:
    """Return the instance without wishes and demands that only cost."""
    return replace(
        instance,
        requests=tuple(one for one in instance.requests if one.weight is None),
        demands=tuple(
            one
            for one in instance.demands
            if one.under_weight is None or one.over_weight is None
        ),
        pairs=tuple(one for one in instance.pairs if one.weight is None),
        mixes=tuple(one for one in instance.mixes if one.weight is None),
    )
