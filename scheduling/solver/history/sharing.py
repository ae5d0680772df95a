"""Swap-away patterns that somebody accepted: what nobody likes is shared out.

That a ward's people give a shift of some weekday away says that it is disliked, not by
whom: names are not kept. Somebody has to work it, so a wish to have it off would be
everybody's, and would move nothing. What helps is that nobody bears more of it than
their share.
"""

import math
from collections.abc import Collection
from dataclasses import replace

from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import RESERVE, Count

SHARED = "shifts often swapped away"
Pattern = tuple[str, int]  # a shift and a weekday


def with_shared(
    instance: Instance, patterns: Collection[Pattern], *, weight: int
) -> Instance:
    """Return the instance in which more than one's share of these shifts costs.

    Only these are shared out: what was before goes. A share is of what is needed, by
    posts; who never works the shift has none.
    """
    plain = without_shared(instance)
    rules: dict[str, list[Count]] = {}
    for pattern in sorted(patterns):
        for person, most in _shares(plain, pattern).items():
            rules.setdefault(person, []).append(_rule(plain, pattern, most, weight))
    people = tuple(
        replace(person, rules=(*person.rules, *rules.get(person.id, ())))
        for person in plain.people
    )
    return replace(plain, people=people)


def without_shared(instance: Instance) -> Instance:
    """Return the instance without any of these rules."""
    people = tuple(
        replace(
            person, rules=tuple(rule for rule in person.rules if rule.name != SHARED)
        )
        for person in instance.people
    )
    return replace(instance, people=people)


def most_of(instance: Instance, pattern: Pattern) -> tuple[int, int]:
    """Return how many such shifts are needed, and how many a full post bears at most."""
    shares = _shares(instance, pattern)
    return _needed(instance, pattern), max(shares.values(), default=0)


def _shares(instance: Instance, pattern: Pattern) -> dict[str, int]:
    """Return how many of such shifts each bears at most; nobody where none is needed."""
    total = _needed(instance, pattern)
    able = [one for one in instance.people if pattern[0] not in one.barred]
    posts = sum(one.fte for one in able)
    if not total or not posts:
        return {}
    return {one.id: _most(total, one, posts) for one in able}


def _most(total: int, person: Person, posts: float) -> int:
    # A share that is whole but for the last bit of a float is whole.
    return math.ceil(total * person.fte / posts - 1e-6)


def _needed(instance: Instance, pattern: Pattern) -> int:
    shift, weekday = pattern
    return sum(
        demand.at_least
        for demand in instance.demands
        if demand.shifts == {shift}
        and not demand.skill
        and not demand.shifts_before
        and demand.name != RESERVE
        and instance.weekday(demand.day) == weekday
    )


def _rule(instance: Instance, pattern: Pattern, most: int, weight: int) -> Count:
    shift, weekday = pattern
    return Count(
        name=SHARED,
        shifts=frozenset({shift}),
        days=tuple(
            day for day in range(instance.days) if instance.weekday(day) == weekday
        ),
        at_most=most,
        weight=weight,
        tier="preference",
    )
