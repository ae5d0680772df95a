"""The order in which rules matter, and solving in that order.

What a manager reads is a list of tiers, the first the most important. Rosters are
searched tier by tier; what one tier reached is kept while the next is improved.

Weights that make one unit of a tier dearer than everything below it would do in one
solve, but they do not fit: with forty people over four weeks the tiers below cover can
cost some 10^10, beyond any weight a solver adds up exactly. A sequence of solves needs
no such numbers, stops at any time with the tiers so far in order, and shows costs that
a manager knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduling.solver.fairness.burden import FairnessError
from scheduling.solver.instance import Instance, Person
from scheduling.solver.message import phrase
from scheduling.solver.roster import Roster
from scheduling.solver.rules import (
    MAX_WEIGHT,
    OFF,
    Demand,
    Mix,
    Pair,
    Request,
    Rule,
    Tier,
    Weight,
)
from scheduling.solver.verify import verify

DEFAULT_ORDER: tuple[Tier, ...] = ("cover", "contract", "fairness", "preference")
SolveStage = Callable[[Instance, Roster | None], Roster | None]
Weighted = Rule | Request | Pair | Mix


@dataclass(frozen=True, slots=True)
class TierOrder:
    """Tiers from the most important to the least.

    Raises:
        FairnessError: A tier is missing, or there twice.
    """

    tiers: tuple[Tier, ...] = DEFAULT_ORDER

    def __post_init__(self) -> None:
        if sorted(self.tiers) != sorted(DEFAULT_ORDER):
            message = phrase(
                "An order names each tier once: %(known)s.",
                known=", ".join(DEFAULT_ORDER),
            )
            raise FairnessError(message)


def tier_costs(instance: Instance, roster: Roster) -> dict[Tier, int]:
    """Return what a roster costs in each tier."""
    costs: dict[Tier, int] = dict.fromkeys(DEFAULT_ORDER, 0)
    for one in verify(instance, roster).costs:
        costs[one.tier] += one.cost
    return costs


def solve_in_order(
    instance: Instance,
    order: TierOrder,
    solve_stage: SolveStage,
    *,
    start: Roster | None = None,
) -> Roster | None:
    """Return a roster in which no tier was made worse for the sake of a later one.

    Args:
        instance: What to roster.
        order: What matters most.
        solve_stage: Solves one instance from a roster; None where it finds none.
        start: Where to begin.
    """
    best = None
    for place in range(len(order.tiers)):
        if best is not None and not _has(instance, order.tiers[place]):
            continue
        stage = stage_of(instance, order, place, reached=best)
        found = solve_stage(stage, best or start)
        if found is None:
            return best
        best = _better(instance, order.tiers[: place + 1], found, best)
    return best


def stage_of(
    instance: Instance, order: TierOrder, place: int, *, reached: Roster | None
) -> Instance:
    """Return the instance of one stage: earlier tiers kept, later ones without weight.

    A rule of an earlier tier that nobody breaks in `reached` becomes hard; one that is
    broken keeps its weight, raised above all that this tier's rules weigh together, as
    far as weights may go. Cover becomes hard at what is reached, day by day.
    """
    kept = frozenset(order.tiers[:place])
    wanted = order.tiers[place]
    broken = _broken(instance, reached)
    raised = 1 + _heaviest(instance, wanted)

    def weight(one: Weighted | Demand, tier: Tier, who: str, own: Weight) -> Weight:
        if own is None or tier == wanted:
            return own
        if tier not in kept or reached is None:
            return 0
        if (who, one.name) not in broken:
            return None
        return min(max(own, 1) * raised, MAX_WEIGHT)

    return replace(
        instance,
        contracts=(),
        people=tuple(
            _staged_person(instance, person, weight) for person in instance.people
        ),
        requests=tuple(
            replace(one, weight=weight(one, one.tier, one.person, one.weight))
            for one in instance.requests
        ),
        pairs=tuple(
            replace(one, weight=weight(one, one.tier, one.first, one.weight))
            for one in instance.pairs
        ),
        mixes=tuple(
            replace(one, weight=weight(one, "cover", "", one.weight))
            for one in instance.mixes
        ),
        demands=tuple(
            _staged_demand(instance, one, wanted, kept, reached)
            for one in instance.demands
        ),
    )


def _staged_person(
    instance: Instance,
    person: Person,
    weight: Callable[[Weighted | Demand, Tier, str, Weight], Weight],
) -> Person:
    rules = tuple(
        replace(rule, weight=weight(rule, rule.tier, person.id, rule.weight))
        for rule in instance.rules_of(person)
    )
    return replace(person, contracts=(), rules=rules)


def _staged_demand(
    instance: Instance,
    demand: Demand,
    wanted: Tier,
    kept: frozenset[Tier],
    reached: Roster | None,
) -> Demand:
    """Return a demand as a stage has it: free, weighed, or held at what was reached."""
    if wanted == "cover":
        return demand
    if "cover" not in kept or reached is None:
        return replace(
            demand,
            under_weight=None if demand.under_weight is None else 0,
            over_weight=None if demand.over_weight is None else 0,
        )
    served = _served(instance, demand, reached)
    return replace(
        demand,
        at_least=min(demand.at_least, served),
        at_most=None if demand.at_most is None else max(demand.at_most, served),
        under_weight=None,
        over_weight=None,
    )


def _served(instance: Instance, demand: Demand, roster: Roster) -> int:
    """Return how many serve a demand."""
    count = 0
    for person, row in zip(instance.people, roster.rows, strict=True):
        if demand.skill and not person.holds(demand.skill, day=demand.day):
            continue
        before = (*(person.history or (OFF,)), *row)[-len(row) - 1 + demand.day]
        count += row[demand.day] in demand.shifts
        count += before in demand.shifts_before
    return count


def _broken(instance: Instance, reached: Roster | None) -> set[tuple[str, str]]:
    if reached is None:
        return set()
    return {(one.person, one.rule) for one in verify(instance, reached).costs}


def _heaviest(instance: Instance, tier: Tier) -> int:
    """Return the sum of a tier's weights, each rule counted once a person."""
    rules = [rule for one in instance.people for rule in instance.rules_of(one)]
    wishes = [*rules, *instance.requests, *instance.pairs]
    weights = [one.weight or 0 for one in wishes if one.tier == tier]
    if tier == "cover":
        weights += [one.weight or 0 for one in instance.mixes]
        weights += [
            (one.under_weight or 0) + (one.over_weight or 0) for one in instance.demands
        ]
    return sum(weights)


def _has(instance: Instance, tier: Tier) -> bool:
    """Whether anything in a tier costs."""
    return _heaviest(instance, tier) > 0


def _better(
    instance: Instance, tiers: Sequence[Tier], found: Roster, best: Roster | None
) -> Roster:
    """Return the roster that comes first in the order, as far as it was solved."""
    if best is None:
        return found
    if verify(instance, found).hard:
        return best
    new, old = tier_costs(instance, found), tier_costs(instance, best)
    return found if [new[one] for one in tiers] <= [old[one] for one in tiers] else best
