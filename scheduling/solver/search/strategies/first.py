"""A first roster: one person after another, each row the best beside those before."""

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import Scope, build, possible
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat

GOOD_ENOUGH = 0.02  # of a row's cost: the search that follows improves it anyway
MOST_WORK_A_ROW = 2.0
SECONDS_A_ROW = 10.0


def first_roster(instance: Instance, *, seed: int, exchange: Exchange) -> Roster | None:
    """Return a roster in which every row is legal on its own; None without one.

    Somebody who has no legal row at all is proof that nothing can be rostered, and is
    told to the exchange.
    """
    roster = Roster.empty(instance)
    choices = possible(instance)
    for person in range(len(instance.people)):
        if exchange.is_over():
            return None
        free = {(person, day) for day in range(instance.days)}
        model = build(instance, choices=choices, scope=Scope(around=roster, free=free))
        budget = Budget(
            seconds=min(SECONDS_A_ROW, exchange.seconds_left()),
            work=MOST_WORK_A_ROW,
            seed=seed,
            gap=GOOD_ENOUGH,
            is_small=True,
        )
        answer = solve_cpsat(model.linear, budget=budget)
        exchange.spend(answer.work)
        if answer.status == "infeasible":
            exchange.prove_infeasible()
        if answer.values is None:
            return None
        roster = model.roster(answer.values)
    return roster
