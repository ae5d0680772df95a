"""An instance whose rules that bind several people can be broken, at a high price."""

from collections.abc import Collection
from dataclasses import replace

from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import MAX_WEIGHT, Count, Rule, Weight

# A unit of what must be kept costs as much as one shift against so many of the dearest
# wishes.
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
    price = min(MAX_WEIGHT, TIMES_THE_DEAREST * max(_prices(instance)))

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


def _prices(instance: Instance) -> list[int]:
    """Return what one shift can cost by each soft rule, and 1."""
    longest = max((shift.minutes for shift in instance.shift_types), default=0)

    def units(rule: Rule) -> int:
        in_minutes = isinstance(rule, Count) and rule.unit == "minutes"
        return max(longest, 1) if in_minutes else 1

    rules = [rule for person in instance.people for rule in instance.rules_of(person)]
    priced: list[tuple[Weight, int]] = [
        *((rule.weight, units(rule)) for rule in rules),
        *((request.weight, 1) for request in instance.requests),
        *((demand.under_weight, 1) for demand in instance.demands),
        *((demand.over_weight, 1) for demand in instance.demands),
        *((pair.weight, 1) for pair in instance.pairs),
        *((mix.weight, 1) for mix in instance.mixes),
    ]
    return [1, *(weight * count for weight, count in priced if weight is not None)]
