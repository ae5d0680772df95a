"""Fair shares: what each person should bear next, given what all bore before."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduling.solver.fairness.burden import (
    KINDS,
    SATURDAY_AND_SUNDAY,
    Burden,
    FairnessError,
    Kind,
)
from scheduling.solver.instance import Instance, Person
from scheduling.solver.message import phrase
from scheduling.solver.rules import OFF, RESERVE, Count, Rule, Weekends
from scheduling.solver.verify import weekends_of

STEPS = 60  # halvings: more than a float can tell apart
DEFAULT_WEIGHT = 10  # for each night, weekend or shift off a fair share


@dataclass(frozen=True, slots=True, kw_only=True)
class FairShare:
    """What one person bore of one kind, and what would have been fair.

    Attributes:
        target: What is fair by their share of posts and time.
        per_post: What they bore per full-time post; 0 for no share.
    """

    person: str
    kind: Kind
    count: int
    target: float
    per_post: float

    @property
    def deviation(self) -> float:
        """How much more they bore than is fair; negative for less."""
        return self.count - self.target


def fairness_report(ledger: Iterable[Burden]) -> tuple[FairShare, ...]:
    """Return everybody's share of every kind over all periods of a ledger."""
    counts, shares = _totals(ledger)
    report = []
    for kind in KINDS:
        people = [person for person, of in counts if of == kind]
        total = sum(counts[person, kind] for person in people)
        posts = sum(shares[person, kind] for person in people)
        for person in people:
            count, share = counts[person, kind], shares[person, kind]
            report.append(
                FairShare(
                    person=person,
                    kind=kind,
                    count=count,
                    target=total * share / posts if posts else 0.0,
                    per_post=count / share if share else 0.0,
                )
            )
    return tuple(report)


def fair_targets(
    instance: Instance,
    ledger: Iterable[Burden],
    *,
    unpopular: Iterable[str] = (),
) -> dict[tuple[str, Kind], float]:
    """Return what each person should bear of each kind in the coming horizon.

    Whoever bore more than others per full-time post bears less now. People who cannot
    bear a kind (they never work nights, say) have no target for it.
    """
    counts, shares = _totals(ledger)
    disliked = frozenset(unpopular)
    targets: dict[tuple[str, Kind], float] = {}
    for kind in KINDS:
        total = needed(instance, kind, disliked=disliked)
        room = {
            person.id: most
            for person in instance.people
            if (most := _room(instance, person, kind, disliked))
        }
        past = [counts.get((person, kind), 0) for person in room]
        posts = [
            shares.get((person, kind), 0.0) + _share(instance, person)
            for person in room
        ]
        fair = _levelled(total, posts, past, list(room.values()))
        targets.update(
            {(person, kind): one for person, one in zip(room, fair, strict=True)}
        )
    return targets


def with_fair_shares(
    instance: Instance,
    targets: Mapping[tuple[str, Kind], float],
    *,
    unpopular: Iterable[str] = (),
    weights: Mapping[Kind, int] | None = None,
) -> Instance:
    """Return the instance in which straying from a fair share costs."""
    disliked = frozenset(unpopular)
    chosen = dict.fromkeys(KINDS, DEFAULT_WEIGHT) | dict(weights or {})
    unknown = {person for person, _kind in targets} - set(instance.person_index)
    if unknown:
        message = phrase(
            "There is a fair share for the unknown person %(unknown)s.",
            unknown=min(unknown),
        )
        raise FairnessError(message)
    people = tuple(
        replace(
            person,
            rules=(
                *person.rules,
                *(
                    _rule(instance, kind, targets[person.id, kind], chosen, disliked)
                    for kind in KINDS
                    if (person.id, kind) in targets
                ),
            ),
        )
        for person in instance.people
    )
    return replace(instance, people=people)


def needed(instance: Instance, kind: Kind, *, disliked: frozenset[str]) -> int:
    """Return how much of a kind the demands of the horizon hold."""
    if kind == "weekends":
        return sum(
            max(_needed_on(instance, day, instance.all_shifts) for day in weekend)
            for weekend in weekends_of(instance, SATURDAY_AND_SUNDAY)
        )
    shifts = _shifts(instance, kind, disliked)
    days = instance.holidays if kind == "holidays" else range(instance.days)
    return sum(_needed_on(instance, day, shifts) for day in days)


def _needed_on(instance: Instance, day: int, shifts: frozenset[str]) -> int:
    """Return how many people the shifts of a day need.

    A skill's demand is part of all, and all are part of a reserve.
    """
    asked: dict[frozenset[str], dict[str, int]] = {}
    for demand in instance.demands:
        if demand.day == day and demand.shifts <= shifts and not demand.shifts_before:
            kinds = asked.setdefault(demand.shifts, {})
            kind = (
                RESERVE if demand.name == RESERVE else "skill" if demand.skill else ""
            )
            kinds[kind] = kinds.get(kind, 0) + demand.at_least
    return sum(max(kinds.values()) for kinds in asked.values())


def _shifts(instance: Instance, kind: Kind, disliked: frozenset[str]) -> frozenset[str]:
    if kind == "nights":
        return frozenset(one.id for one in instance.shift_types if one.is_night)
    return disliked if kind == "unpopular" else instance.all_shifts


def _room(
    instance: Instance, person: Person, kind: Kind, disliked: frozenset[str]
) -> int:
    """Return how much of a kind somebody could bear at most."""
    shifts = _shifts(instance, kind, disliked)

    def can(day: int) -> bool:
        return bool((instance.allowed(person, day) - {OFF}) & shifts)

    if kind == "weekends":
        weekends = weekends_of(instance, SATURDAY_AND_SUNDAY)
        return sum(any(can(day) for day in weekend) for weekend in weekends)
    days = instance.holidays if kind == "holidays" else range(instance.days)
    return sum(can(day) for day in days)


def _share(instance: Instance, person: str) -> float:
    one = instance.people[instance.person_index[person]]
    return one.fte * (1 - len(one.leave) / instance.days)


def _levelled(
    total: int, posts: Sequence[float], past: Sequence[int], room: Sequence[int]
) -> list[float]:
    """Return what each bears of a total so that past and future per post are level."""
    total = min(total, sum(room))

    def borne(level: float) -> list[float]:
        return [
            min(max(level * post - before, 0.0), float(most))
            for post, before, most in zip(posts, past, room, strict=True)
        ]

    low, high = 0.0, 1.0
    while sum(borne(high)) < total and high < sum(past) + total + 1e6:
        high *= 2
    for _ in range(STEPS):
        middle = (low + high) / 2
        if sum(borne(middle)) < total:
            low = middle
        else:
            high = middle
    return borne(high)


def _rule(
    instance: Instance,
    kind: Kind,
    target: float,
    weights: Mapping[Kind, int],
    disliked: frozenset[str],
) -> Rule:
    """Return the rule that keeps somebody within a whole number of the target."""
    # A target that is whole but for the last bit of a float is whole.
    least, most = math.floor(target + 1e-6), math.ceil(target - 1e-6)
    name = f"fair {kind}"
    if kind == "weekends":
        return Weekends(
            name=name,
            weekdays=SATURDAY_AND_SUNDAY,
            at_least=least,
            at_most=most,
            weight=weights[kind],
            tier="fairness",
        )
    return Count(
        name=name,
        shifts=_shifts(instance, kind, disliked) if kind != "holidays" else frozenset(),
        days=tuple(sorted(instance.holidays)) if kind == "holidays" else (),
        at_least=least,
        at_most=most,
        weight=weights[kind],
        tier="fairness",
    )


def _totals(
    ledger: Iterable[Burden],
) -> tuple[dict[tuple[str, Kind], int], dict[tuple[str, Kind], float]]:
    counts: dict[tuple[str, Kind], int] = {}
    shares: dict[tuple[str, Kind], float] = {}
    for one in ledger:
        key = (one.person, one.kind)
        counts[key] = counts.get(key, 0) + one.count
        shares[key] = shares.get(key, 0.0) + one.share
    return counts, shares
