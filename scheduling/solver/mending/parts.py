"""Parts of an instance: its hard rules alone, one person alone."""

from collections.abc import Callable
from dataclasses import replace

from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import Demand


def hard_part(instance: Instance) -> Instance:
    """Return the instance without what merely costs, each person with own rules only."""
    people = tuple(
        replace(
            person,
            contracts=(),
            rules=tuple(
                rule for rule in instance.rules_of(person) if rule.weight is None
            ),
        )
        for person in instance.people
    )
    hard = (_hard_demand(demand) for demand in instance.demands)
    return replace(
        instance,
        people=people,
        contracts=(),
        demands=tuple(demand for demand in hard if demand is not None),
        requests=tuple(one for one in instance.requests if one.weight is None),
        pairs=tuple(one for one in instance.pairs if one.weight is None),
        mixes=tuple(one for one in instance.mixes if one.weight is None),
        offset=0,
    )


def _hard_demand(demand: Demand) -> Demand | None:
    """Return the demand's hard sides; None where it has none."""
    least = demand.at_least if demand.under_weight is None else 0
    most = demand.at_most if demand.over_weight is None else None
    if least == 0 and most is None:
        return None
    return replace(
        demand, at_least=least, at_most=most, under_weight=None, over_weight=None
    )


def alone(instance: Instance, person: Person) -> Instance:
    """Return the instance of one person, free of everything that binds several."""
    return replace(
        instance,
        people=(person,),
        demands=(),
        pairs=(),
        mixes=(),
        requests=tuple(one for one in instance.requests if one.person == person.id),
    )


def binds_several(instance: Instance) -> bool:
    """Whether anything in it binds more than one person's row."""
    return bool(instance.demands or instance.pairs or instance.mixes)


def with_person(
    instance: Instance, person: str, change: Callable[[Person], Person]
) -> Instance:
    """Return the instance with one person changed."""
    return replace(
        instance,
        people=tuple(
            change(one) if one.id == person else one for one in instance.people
        ),
    )


def name_of(instance: Instance, person: str) -> str:
    """Return how somebody is called."""
    return instance.people[instance.person_index[person]].name or person
