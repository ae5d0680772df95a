"""Models what binds several people: demand, mixes of skill, pairs; and single wishes."""

from scheduling.solver.instance import Instance
from scheduling.solver.rules import OFF, Demand, Mix, Pair, Request
from scheduling.solver.search.model.linear import Linear
from scheduling.solver.search.model.roster_model import Reason, RosterModel


def keep_request(model: RosterModel, request: Request) -> None:
    """Grant a wish, or charge it."""
    person = model.instance.person_index[request.person]
    is_had = model.cells.in_any(person, request.day, request.shifts)
    missed = is_had.complement() if request.is_on else is_had
    reason = Reason(request.person, request.name, (request.day,), request.tier)
    model.keep(missed, reason=reason, weight=request.weight, high=0)


def keep_demand(model: RosterModel, demand: Demand) -> None:
    """Hold the number of people at work within the range that is needed."""
    served = _served(model, demand)
    reason = Reason("", demand.name, (demand.day,), "cover")
    model.keep(served, reason=reason, weight=demand.under_weight, low=demand.at_least)
    model.keep(served, reason=reason, weight=demand.over_weight, high=demand.at_most)


def keep_mix(model: RosterModel, mix: Mix) -> None:
    """Hold enough people of one skill beside those of another."""
    instance = model.instance
    shifts = mix.shifts or instance.all_shifts
    wanted = _holders(instance, mix.skill, day=mix.day)
    others = [
        person
        for person in _holders(instance, mix.other, day=mix.day)
        if person not in set(wanted)
    ]
    have = model.cells.how_many(wanted, mix.day, shifts)
    led = model.cells.how_many(others, mix.day, shifts)
    groups = model.linear.variable(0, -(-len(others) // mix.per))
    model.linear.require(groups.times(mix.per) - led, low=0)
    model.keep(
        have - groups.times(mix.of),
        reason=Reason("", mix.name, (mix.day,), "cover"),
        weight=mix.weight,
        low=0,
    )


def keep_pair(model: RosterModel, pair: Pair) -> None:
    """Keep two people on the same shifts, or off each other's."""
    first, second = (
        model.instance.person_index[person] for person in (pair.first, pair.second)
    )
    for day in range(model.instance.days):
        _keep_pair_day(model, pair, (first, second), day)


def _keep_pair_day(
    model: RosterModel, pair: Pair, people: tuple[int, int], day: int
) -> None:
    reason = Reason(pair.first, pair.name, (day,), pair.tier)
    breaches: list[Linear] = []
    for shift in sorted(pair.shifts or model.instance.all_shifts):
        mine, theirs = (
            model.cells.in_any(person, day, frozenset({shift})) for person in people
        )
        if pair.is_together:
            breaches += [mine - theirs, theirs - mine]
        else:
            breaches.append((mine + theirs).plus(-1))
    model.keep_none(breaches, reason=reason, weight=pair.weight)


def _served(model: RosterModel, demand: Demand) -> Linear:
    """Return how many serve a demand: that day, and from the day before."""
    people = _holders(model.instance, demand.skill, day=demand.day)
    today = model.cells.how_many(people, demand.day, demand.shifts)
    if not demand.shifts_before:
        return today
    told = [
        person
        for person in people
        if demand.day > 0 or model.instance.people[person].history
    ]
    before = model.cells.how_many(told, demand.day - 1, demand.shifts_before)
    off_before = len(people) - len(told) if OFF in demand.shifts_before else 0
    return (today + before).plus(off_before)


def _holders(instance: Instance, skill: str, *, day: int) -> list[int]:
    return [
        index
        for index, person in enumerate(instance.people)
        if not skill or person.holds(skill, day=day)
    ]
