"""Which cells to open next: ways of choosing, each with the share it has earned."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search.model.build import Cell
from scheduling.solver.verify import Verdict

FORGETTING = 0.8  # of a way's pace that stays after each try
LEAST_SHARE = 0.15  # of the best way's pace: no way is ever given up
LEAST_WORK = 0.01  # so that a try that was nothing is not infinitely good
LEAST_SIZE = 20
GROWTH, SHRINKAGE = 1.2, 0.85
EASY = 0.4  # of the work allowed: what was solved with less could have been larger


@dataclass(frozen=True, slots=True)
class Situation:
    """What a choice is made from."""

    instance: Instance
    roster: Roster
    verdict: Verdict
    chance: random.Random


Choose = Callable[[Situation, int], set[Cell]]


@dataclass(slots=True)
class Way:
    """One way of choosing cells, and how it has done.

    Attributes:
        size: About how many cells it opens; grows while that is easily solved.
        pace: What it gained of late for each unit of work; None before its first try.
    """

    name: str
    choose: Choose
    size: float
    pace: float | None = None

    def learn(self, *, gain: int, work: float, allowed: float, is_solved: bool) -> None:
        """Take in how a try went."""
        pace = gain / max(work, LEAST_WORK)
        before = pace if self.pace is None else self.pace
        self.pace = FORGETTING * before + (1 - FORGETTING) * pace
        if not is_solved:
            self.size = max(LEAST_SIZE, self.size * SHRINKAGE)
        elif work < EASY * allowed:
            self.size *= GROWTH


def some_people(situation: Situation, size: int) -> set[Cell]:
    """Open whole rows of people taken by chance."""
    days = situation.instance.days
    count = max(2, round(size / days))
    people = _sample(situation, range(len(situation.instance.people)), count)
    return _cells(people, range(days))


def costly_people(situation: Situation, size: int) -> set[Cell]:
    """Open whole rows: those that cost most, with some luck, and others beside them."""
    instance, chance = situation.instance, situation.chance
    count = max(2, round(size / instance.days))
    cost = dict.fromkeys(range(len(instance.people)), 0.0)
    for one in situation.verdict.costs:
        if one.person:
            cost[instance.person_index[one.person]] += one.cost
    ranked = sorted(cost, key=lambda person: -(cost[person] + 1) * chance.random())
    half = ranked[: math.ceil(count / 2)]
    rest = [person for person in ranked if person not in set(half)]
    return _cells(
        [*half, *_sample(situation, rest, count - len(half))], range(instance.days)
    )


def some_days(situation: Situation, size: int) -> set[Cell]:
    """Open a stretch of days of everybody."""
    people = range(len(situation.instance.people))
    first = situation.chance.randrange(situation.instance.days)
    return _cells(people, _stretch(situation, first, max(2, round(size / len(people)))))


def costly_days(situation: Situation, size: int) -> set[Cell]:
    """Open a stretch of days of everybody, around a day that costs much."""
    people = range(len(situation.instance.people))
    width = max(2, round(size / len(people)))
    day = _costly_day(situation)
    return _cells(people, _stretch(situation, day - width // 2, width))


def block(situation: Situation, size: int) -> set[Cell]:
    """Open some weeks of some people, around a day that costs much."""
    instance, chance = situation.instance, situation.chance
    share = math.sqrt(size / (instance.days * len(instance.people)))
    width = max(7, round(instance.days * min(1.0, share * chance.uniform(0.7, 1.4))))
    count = max(2, round(size / min(width, instance.days)))
    day = _costly_day(situation)
    people = _sample(situation, range(len(instance.people)), count)
    return _cells(people, _stretch(situation, day - width // 2, width))


def who_could_help(situation: Situation, size: int) -> set[Cell]:
    """Open a few costly days and the rows of people who could serve better there."""
    instance = situation.instance
    days = {_costly_day(situation) for _ in range(3)}
    count = max(2, round(size / instance.days))
    rows = situation.roster.rows
    free = [
        person
        for person in range(len(instance.people))
        if any(not rows[person][day] for day in days)
    ]
    people = _sample(situation, free, count)
    everybody = range(len(instance.people))
    return _cells(people, range(instance.days)) | _cells(everybody, sorted(days))


WAYS: tuple[tuple[str, Choose], ...] = (
    ("some people", some_people),
    ("costly people", costly_people),
    ("some days", some_days),
    ("costly days", costly_days),
    ("block", block),
    ("who could help", who_could_help),
)


@dataclass(slots=True)
class Ways:
    """All ways of choosing; those that gain are taken more often."""

    chance: random.Random
    ways: list[Way] = field(default_factory=list)

    @classmethod
    def at(cls, chance: random.Random, *, size: int) -> "Ways":
        return cls(chance, [Way(name, choose, size) for name, choose in WAYS])

    def next(self) -> Way:
        """Return an untried way, else one by chance, the likelier the faster it gains."""
        for way in self.ways:
            if way.pace is None:
                return way
        paces = [way.pace or 0.0 for way in self.ways]
        least = LEAST_SHARE * max(paces) or 1.0
        return self.chance.choices(self.ways, [least + pace for pace in paces])[0]


def _sample(situation: Situation, people: Sequence[int], count: int) -> list[int]:
    return situation.chance.sample(list(people), min(count, len(people)))


def _cells(people: Sequence[int], days: Sequence[int]) -> set[Cell]:
    return {(person, day) for person in people for day in days}


def _stretch(situation: Situation, first: int, width: int) -> range:
    days = situation.instance.days
    first = max(0, min(first, days - width))
    return range(first, min(days, first + width))


def _costly_day(situation: Situation) -> int:
    """Return a day, the likelier the more it costs."""
    cost = [1.0] * situation.instance.days
    for one in situation.verdict.costs:
        for day in one.days:
            if 0 <= day < len(cost):
                cost[day] += one.cost / len(one.days)
    return situation.chance.choices(range(len(cost)), cost)[0]
