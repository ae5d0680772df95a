"""A first roster: one person after another, each row the best beside those before."""

import math
from collections.abc import Sequence

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.exchange import Exchange
from scheduling.solver.search.model.build import Scope, build, possible
from scheduling.solver.search.model.cpsat import Answer, Budget, solve_cpsat
from scheduling.solver.search.model.roster_model import RosterModel
from scheduling.solver.verify import Judge

GOOD_ENOUGH = 0.02  # of a row's cost: the search that follows improves it anyway
WORK_A_ROW = (0.02, 0.3, 10.0)  # a fair row soon; where there is none yet, any row
MOST_STEPS = 250  # of very many people, several rows at once: each step builds a model


def first_roster(instance: Instance, *, seed: int, exchange: Exchange) -> Roster | None:
    """Return a roster in which every row is legal on its own; None without one.

    Where somebody else has a roster meanwhile, that one is returned. Those who have no
    legal row at all are proof that nothing can be rostered, and are told to the exchange.
    """
    everybody = range(len(instance.people))
    return _filled(
        instance,
        Roster.empty(instance),
        everybody,
        seed=seed,
        exchange=exchange,
        takes_best=True,
    )


def mended(
    instance: Instance, roster: Roster, *, seed: int, exchange: Exchange
) -> Roster | None:
    """Return the roster with a new row for everybody whose row is not legal."""
    broken = {one.person for one in Judge(instance).judge(roster).verdict.hard}
    people = [instance.person_index[person] for person in sorted(broken) if person]
    return _filled(instance, roster, people, seed=seed, exchange=exchange)


def _filled(
    instance: Instance,
    roster: Roster,
    people: Sequence[int],
    *,
    seed: int,
    exchange: Exchange,
    takes_best: bool = False,
) -> Roster | None:
    """Return the roster with these people's rows made anew, one after another.

    With `takes_best`, return the best of everybody as soon as there is one.
    """
    choices = possible(instance)
    without_row: list[str] = []
    is_whole = True
    at_once = max(1, math.ceil(len(people) / MOST_STEPS))
    for first in range(0, len(people), at_once):
        best = exchange.best() if takes_best else None
        if best is not None:
            return best
        some = people[first : first + at_once]
        free = {(person, day) for person in some for day in range(instance.days)}
        scope = Scope(around=roster, free=free)
        model = build(instance, choices=choices, scope=scope)
        answer = _rows(model, at_once, seed=seed, exchange=exchange)
        is_whole = answer is not None and answer.status != "unknown"
        if answer is None or not is_whole:
            break
        if answer.values is None:
            without_row += [instance.people[person].id for person in some]
        else:
            roster = model.roster(answer.values)
    if without_row:
        exchange.prove_infeasible(without_row)
    return roster if is_whole and not without_row else None


def _rows(
    model: RosterModel, count: int, *, seed: int, exchange: Exchange
) -> Answer | None:
    """Return rows for those whose cells are open; None when time is up."""
    answer = None
    for work in WORK_A_ROW:
        if exchange.is_over():
            return None
        budget = Budget(
            seconds=exchange.seconds_left(),
            work=work * count,
            seed=seed,
            gap=GOOD_ENOUGH,
            is_small=True,
            is_rough=True,
        )
        answer = solve_cpsat(model.linear, budget=budget)
        exchange.spend(answer.work)
        if answer.status != "unknown":
            return answer
    return answer
