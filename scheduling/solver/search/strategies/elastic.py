"""An instance whose rules that bind several people can be broken, at a high price."""

from collections.abc import Collection
from dataclasses import replace

from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import MAX_WEIGHT, Weight

# A unit of what must be kept costs as much as this many of the dearest wishes.
TIMES_THE_DEAREST = 20


def binds_several(instance: Instance) -> bool:
    """Whether some hard rule binds several people: no row then is legal on its own."""
    return any(
        weight is None
        for weight in (
            *(demand.under_weight for demand in instance.demands if demand.at_least),
            *(
                demand.over_weight
                for demand in instance.demands
                if demand.at_most is not None
            ),
            *(pair.weight for pair in instance.pairs),
            *(mix.weight for mix in instance.mixes),
        )
    )


def elastic(instance: Instance, *, without_row: Collection[str] = ()) -> Instance:
    """Return the instance with a price on each hard rule that binds several people.

    Args:
        instance: What is to be bent.
        without_row: People who have no legal row: their own hard rules have the price too.
    """
    price = min(MAX_WEIGHT, TIMES_THE_DEAREST * max(_weights(instance)))

    def bent(weight: Weight) -> int:
        return price if weight is None else weight

    def freed(person: Person) -> Person:
        shared = (instance.contract_by_id[name].rules for name in person.contracts)
        rules = (*(rule for rules in shared for rule in rules), *person.rules)
        bent_rules = tuple(replace(rule, weight=bent(rule.weight)) for rule in rules)
        return replace(person, contracts=(), rules=bent_rules)

    return replace(
        instance,
        people=tuple(
            freed(person) if person.id in without_row else person
            for person in instance.people
        ),
        requests=tuple(
            replace(request, weight=bent(request.weight))
            if request.person in without_row
            else request
            for request in instance.requests
        ),
        demands=tuple(
            replace(
                demand,
                under_weight=bent(demand.under_weight),
                over_weight=bent(demand.over_weight),
            )
            for demand in instance.demands
        ),
        pairs=tuple(replace(pair, weight=bent(pair.weight)) for pair in instance.pairs),
        mixes=tuple(replace(mix, weight=bent(mix.weight)) for mix in instance.mixes),
    )


def _weights(instance: Instance) -> list[int]:
    """Return every weight of a soft rule, and 1."""
    rules = [rule for person in instance.people for rule in instance.rules_of(person)]
    weights: list[Weight] = [
        *(rule.weight for rule in rules),
        *(request.weight for request in instance.requests),
        *(demand.under_weight for demand in instance.demands),
        *(demand.over_weight for demand in instance.demands),
    ]
    return [1, *(weight for weight in weights if weight is not None)]
