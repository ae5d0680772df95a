"""An instance with changes made, or with some rules merely costing their price."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from scheduling.solver.instance import HeldSkill, Instance, Person
from scheduling.solver.mending import prices
from scheduling.solver.mending.changes import Change
from scheduling.solver.mending.parts import with_person
from scheduling.solver.rules import Count, Demand, Request, Rule, Run, Weekends

OF_RULES = frozenset({"above", "below", "exception"})  # kinds that bend a rule


def mended(instance: Instance, changes: Iterable[Change]) -> Instance:
    """Return a whole instance with every change made; what merely costs stays.

    A contract binds others too: where one of its rules is bent for a person, they get
    its rules as their own in its place.
    """
    for change in changes:
        if change.person and change.kind in OF_RULES:
            instance = with_person(
                instance, change.person, partial(_with_own_rules, instance, change)
            )
        instance = _with_change(instance, change)
    return instance


def _with_own_rules(instance: Instance, change: Change, person: Person) -> Person:
    bent = [
        contract
        for contract in map(instance.contract_by_id.__getitem__, person.contracts)
        if any(
            rule.name == change.rule and rule.weight is None for rule in contract.rules
        )
    ]
    gone = {contract.id for contract in bent}
    return replace(
        person,
        contracts=tuple(one for one in person.contracts if one not in gone),
        rules=(*(rule for one in bent for rule in one.rules), *person.rules),
    )


def with_changes(hard: Instance, changes: Iterable[Change]) -> Instance:
    """Return the hard part of an instance with every change made."""
    for change in changes:
        hard = _with_change(hard, change)
    return hard


def _with_change(hard: Instance, change: Change) -> Instance:
    if change.kind == "request":
        kept = (
            one
            for one in hard.requests
            if (one.person, one.name) != (change.person, change.rule)
            or one.day not in change.days
            or one.weight is not None
        )
        return replace(hard, requests=tuple(kept))
    if not change.person:
        return _with_needs(hard, change)
    if change.kind in OF_RULES:
        pairs = tuple(
            replace(pair, weight=prices.PAIR)
            if (pair.first, pair.name) == (change.person, change.rule)
            and pair.weight is None
            else pair
            for pair in hard.pairs
        )
        hard = replace(hard, pairs=pairs)
    return with_person(hard, change.person, lambda one: _with_fact(one, hard, change))


def _with_needs(hard: Instance, change: Change) -> Instance:
    return replace(
        hard,
        demands=tuple(_moved_demand(one, change) for one in hard.demands),
        mixes=tuple(
            replace(mix, weight=prices.COVER)
            if mix.name == change.rule and mix.day in change.days and mix.weight is None
            else mix
            for mix in hard.mixes
        ),
    )


def _moved_demand(demand: Demand, change: Change) -> Demand:
    if demand.name != change.rule or demand.day not in change.days:
        return demand
    is_least, is_most = demand.under_weight is None, demand.over_weight is None
    if change.kind == "below" and is_least and demand.at_least == change.before:
        return replace(demand, at_least=change.after)
    if change.kind == "above" and is_most and demand.at_most == change.before:
        return replace(demand, at_most=change.after)
    return demand


def _with_fact(person: Person, hard: Instance, change: Change) -> Person:
    days = frozenset(change.days)
    match change.kind:
        case "leave":
            return replace(person, leave=person.leave - days)
        case "pinned":
            kept = ((day, one) for day, one in person.pinned if day not in days)
            return replace(person, pinned=tuple(kept))
        case "barred":
            return replace(person, barred=person.barred - change.shifts)
        case "skill":
            given = {hard.shift_by_id[shift].skill for shift in change.shifts} - {""}
            return replace(
                person, skills=(*person.skills, *(HeldSkill(skill=s) for s in given))
            )
        case _:
            rules = tuple(_moved(rule, change) for rule in person.rules)
            return replace(person, rules=rules)


def _moved(rule: Rule, change: Change) -> Rule:
    """Return a rule with its limit moved, or one that merely costs where it has none."""
    if rule.name != change.rule or rule.weight is not None:
        return rule
    if change.kind == "exception" or not isinstance(rule, Count | Run | Weekends):
        return replace(rule, weight=prices.price_of(rule))
    if change.kind == "above" and rule.at_most == change.before:
        return replace(rule, at_most=change.after)
    if change.kind == "below" and rule.at_least == change.before:
        return replace(rule, at_least=change.after)
    return rule


def softened(hard: Instance, members: Iterable[tuple[str, str]]) -> Instance:
    """Return the instance in which these rules, by person and name, cost their price."""
    soft = frozenset(members)
    people = tuple(
        replace(
            person,
            rules=tuple(
                replace(rule, weight=prices.price_of(rule))
                if (person.id, rule.name) in soft
                else rule
                for rule in person.rules
            ),
        )
        for person in hard.people
    )
    return replace(
        hard,
        people=people,
        requests=tuple(_soft_request(one, soft) for one in hard.requests),
        demands=tuple(
            replace(one, under_weight=prices.COVER, over_weight=prices.COVER)
            if ("", one.name) in soft
            else one
            for one in hard.demands
        ),
        mixes=tuple(
            replace(one, weight=prices.COVER) if ("", one.name) in soft else one
            for one in hard.mixes
        ),
        pairs=tuple(
            replace(one, weight=prices.PAIR) if (one.first, one.name) in soft else one
            for one in hard.pairs
        ),
    )


def _soft_request(request: Request, soft: frozenset[tuple[str, str]]) -> Request:
    if (request.person, request.name) in soft:
        return replace(request, weight=prices.REQUEST)
    return request
