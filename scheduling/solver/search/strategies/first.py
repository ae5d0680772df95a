"""A first roster: one person after another, each row the best beside those before."""

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import Scope, build, possible
from scheduling.solver.search.model.cpsat import Answer, Budget, solve_cpsat
from scheduling.solver.search.model.roster_model import RosterModel

GOOD_ENOUGH = 0.02  # of a row's cost: the search that follows improves it anyway
WORK_A_ROW = (0.02, 0.3, 10.0)  # a fair row soon; where there is none yet, any row


def first_roster(instance: Instance, *, seed: int, exchange: Exchange) -> Roster | None:
    """Return a roster in which every row is legal on its own; None without one.

    Somebody who has no legal row at all is proof that nothing can be rostered, and is
    told to the exchange.
    """
    roster = Roster.empty(instance)
    choices = possible(instance)
    for person in range(len(instance.people)):
        free = {(person, day) for day in range(instance.days)}
        scope = Scope(around=roster, free=free)
        model = build(instance, choices=choices, scope=scope)
        answer = _row(model, seed=seed, exchange=exchange)
        if answer is None or answer.values is None:
            return None
        roster = model.roster(answer.values)
    return roster


def _row(model: RosterModel, *, seed: int, exchange: Exchange) -> Answer | None:
    """Return a row for the one person whose cells are open; None when time is up."""
    answer = None
    for work in WORK_A_ROW:
        if exchange.is_over():
            return None
        budget = Budget(
            seconds=exchange.seconds_left(),
            work=work,
            seed=seed,
            gap=GOOD_ENOUGH,
            is_small=True,
        )
        answer = solve_cpsat(model.linear, budget=budget)
        exchange.spend(answer.work)
        if answer.status == "infeasible":
            exchange.prove_infeasible()
        if answer.status != "unknown":
            return answer
    return answer
