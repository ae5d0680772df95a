"""Absence rates that somebody accepted: a reserve beside what is needed.

A reserve is a need of its own that counts the same people as the need that it stands
beside, asks for a few more, and weighs less: a missing reserve is told, and is never
filled at the price of a place that is needed.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from scheduling.solver.history.proposals import AbsenceRate, season_of
from scheduling.solver.instance import Instance, Person
from scheduling.solver.laws import is_law
from scheduling.solver.rules import OFF, RESERVE, Demand

Place = tuple[int, frozenset[str]]  # a day and the shifts that serve a need

HIGHEST_RATE = 0.5  # beyond which a ward needs other help than a reserve
PART_OF_NEED = 4  # at most one more for each four that are needed; one in any case
WEIGHS = 4  # a missing reserve costs a quarter of a missing person
WHERE_ALL_IS_HARD = 100  # what a missing person costs where nobody may be missing


def reserve_for(instance: Instance, rates: Iterable[AbsenceRate]) -> dict[Place, int]:
    """Return how many more to plan for each need, so that enough are expected to come.

    Of n people with the absence rate r, n (1 - r) come; what n / (1 - r) asks beyond n
    is rounded to whole people. Rates count on the days of their season, each by the
    share that its group has of the posts that can serve the need. Needs of a skill and
    needs that began the day before get none; of several for the same shifts the largest
    one counts.
    """
    by_season: dict[str, list[AbsenceRate]] = {}
    for rate in rates:
        by_season.setdefault(rate.season, []).append(rate)
    shares: dict[tuple[str, frozenset[str]], float] = {}
    found = {}
    for place, demand in _largest(instance).items():
        seasonal = by_season.get(season_of(instance.date_of(demand.day)), [])
        expected = 0.0
        for rate in seasonal:
            key = (rate.group, demand.shifts)
            if key not in shares:
                shares[key] = _share(instance, *key)
            expected += shares[key] * rate.rate
        if extra := _extra(demand.at_least, min(expected, HIGHEST_RATE)):
            found[place] = extra
    return found


def with_reserve(instance: Instance, extra: Mapping[Place, int]) -> Instance:
    """Return the instance with just this reserve beside its needs.

    What is too many is counted beyond the reserve from then on.
    """
    plain = without_reserve(instance)
    largest = _largest(plain)
    demands: list[Demand] = []
    for demand in plain.demands:
        place = (demand.day, demand.shifts)
        more = extra.get(place, 0) if largest.get(place) is demand else 0
        demands += _split(demand, more) if more else [demand]
    return replace(plain, demands=tuple(demands))


def without_reserve(instance: Instance) -> Instance:
    """Return the instance whose needs are what they were before any reserve."""
    reserves = {
        (one.day, one.shifts): one for one in instance.demands if one.name == RESERVE
    }
    if not reserves:
        return instance
    largest = _largest(instance)
    demands = []
    for demand in instance.demands:
        if demand.name == RESERVE:
            continue
        place = (demand.day, demand.shifts)
        reserve = reserves.get(place) if largest.get(place) is demand else None
        demands.append(demand if reserve is None else _merged(demand, reserve))
    return replace(instance, demands=tuple(demands))


def belongs(person: Person, group: str) -> bool:
    """Whether somebody is of a staff group: a contract, all of theirs, or a skill."""
    own = [name for name in person.contracts if not is_law(name)]
    skills = {held.skill for held in person.skills}
    return not group or group in {", ".join(own), *own, *skills}


def _largest(instance: Instance) -> dict[Place, Demand]:
    """Return the needs that a reserve may stand beside, of each place the largest."""
    found: dict[Place, Demand] = {}
    for demand in instance.demands:
        is_plain = not demand.skill and not demand.shifts_before
        if is_plain and demand.name != RESERVE and demand.at_least:
            place = (demand.day, demand.shifts)
            known = found.setdefault(place, demand)
            found[place] = demand if demand.at_least > known.at_least else known
    return found


def _share(instance: Instance, group: str, shifts: frozenset[str]) -> float:
    """Return which share of the posts that can work these shifts a group has."""
    able = [
        person
        for person in instance.people
        if any(shift not in person.barred for shift in shifts - {OFF})
    ]
    posts = sum(person.fte for person in able)
    own = sum(person.fte for person in able if belongs(person, group))
    return own / posts if posts else 0.0


def _extra(needed: int, rate: float) -> int:
    more = needed * rate / (1 - rate)
    return min(math.floor(more + 0.5), max(1, needed // PART_OF_NEED))


def _split(demand: Demand, more: int) -> Sequence[Demand]:
    """Return a need, and its reserve, which from now on says what is too many."""
    weight = demand.under_weight
    if weight is None:
        weight = WHERE_ALL_IS_HARD
    most = None if demand.at_most is None else demand.at_most + more
    reserve = replace(
        demand,
        name=RESERVE,
        at_least=demand.at_least + more,
        at_most=most,
        under_weight=-(-weight // WEIGHS),
    )
    return replace(demand, at_most=None), reserve


def _merged(demand: Demand, reserve: Demand) -> Demand:
    if reserve.at_most is None:
        return demand
    return replace(
        demand, at_most=reserve.at_most - (reserve.at_least - demand.at_least)
    )
