"""Small instances for the search: random ones of every rule, and ones worked by hand."""

import random
from datetime import date

from scheduling.solver.instance import Contract, HeldSkill, Instance, Person, ShiftType
from scheduling.solver.roster import Roster
from scheduling.solver.rules import (
    OFF,
    Count,
    Demand,
    Mix,
    Pair,
    Pattern,
    Request,
    Rule,
    Run,
    Weekends,
)

SHIFTS = ("E", "L", "N")


def random_instance(
    seed: int, *, hard: float, people: int = 4, days: int = 10
) -> Instance:
    """Return an instance with some of every kind of rule, a share of them hard."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    return Instance(
        name=f"random {seed}",
        start=date(2026, 3, 2 + seed % 7),
        days=days,
        shift_types=(
            ShiftType(id="E", minutes=480),
            ShiftType(id="L", minutes=450),
            ShiftType(id="N", minutes=600, is_night=True, skill="night"),
        ),
        contracts=(
            Contract(id="all", rules=tuple(_rules(chance, days, hard))),
            Contract(id="half", rules=tuple(_rules(chance, days, hard))),
        ),
        people=tuple(_person(chance, index, days) for index in range(people)),
        demands=tuple(_demand(chance, day) for day in range(days) for _ in range(2)),
        requests=tuple(
            Request(
                person=f"p{chance.randrange(people)}",
                day=chance.randrange(days),
                shifts=frozenset(chance.sample(SHIFTS, chance.randint(1, 3))),
                is_on=chance.random() < 0.5,
                weight=chance.randint(1, 9),
            )
            for _ in range(6)
        ),
        pairs=(
            Pair(name="pair", first="p0", second="p1", is_together=True, weight=3),
            Pair(
                name="avoid",
                first="p1",
                second="p2",
                is_together=False,
                shifts=frozenset("EN"),
                weight=_weight(chance, hard),
            ),
        ),
        mixes=(
            Mix(
                name="mix",
                day=chance.randrange(days),
                shifts=frozenset("EL"),
                skill="senior",
                other="night",
                of=1,
                per=2,
                weight=4,
            ),
        ),
        offset=chance.randrange(5),
    )


def random_roster(instance: Instance, seed: int) -> Roster:
    """Return a roster that keeps what single cells may hold, and nothing else."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    return Roster(
        tuple(
            tuple(
                chance.choice(sorted(instance.allowed(person, day)))
                for day in range(instance.days)
            )
            for person in instance.people
        )
    )


def _person(chance: random.Random, index: int, days: int) -> Person:
    skills = [HeldSkill(skill="night", until=chance.choice([None, days // 2]))]
    if index % 2:
        skills.append(HeldSkill(skill="senior"))
    history = tuple(chance.choice((OFF, *SHIFTS)) for _ in range(chance.randrange(5)))
    return Person(
        id=f"p{index}",
        contracts=("all",) if chance.random() < 0.5 else ("all", "half"),
        skills=tuple(skills),
        history=history,
        leave=frozenset(chance.sample(range(days), 1)),
        pinned=((chance.randrange(days), chance.choice((OFF, "E"))),),
        barred=frozenset("L") if chance.random() < 0.2 else frozenset(),
    )


def _demand(chance: random.Random, day: int) -> Demand:
    least = chance.randint(0, 2)
    return Demand(
        day=day,
        shifts=frozenset(chance.sample(SHIFTS, chance.randint(1, 2))),
        shifts_before=frozenset("N") if chance.random() < 0.3 else frozenset(),
        skill="senior" if chance.random() < 0.2 else "",
        at_least=least,
        at_most=chance.choice([None, least, least + 1]),
        under_weight=chance.randint(1, 20),
        over_weight=chance.randint(1, 5),
    )


def _weight(chance: random.Random, hard: float) -> int | None:
    return None if chance.random() < hard else chance.randint(0, 6)


def _rules(chance: random.Random, days: int, hard: float) -> list[Rule]:
    def some() -> frozenset[str]:
        return frozenset(chance.sample(SHIFTS, chance.randint(1, 2)))

    def either(chance_of: float = 0.5) -> bool:
        return chance.random() < chance_of

    return [
        Count(
            name="count",
            shifts=some(),
            at_least=2,
            at_most=5,
            weight=_weight(chance, hard),
        ),
        Count(name="hours", unit="minutes", at_most=2400, before=300, weight=1),
        Count(name="overtime", unit="minutes", beyond=460, at_most=150, weight=2),
        Count(
            name="window",
            window=chance.randint(2, 5),
            step=chance.randint(1, 3),
            days=tuple(chance.sample(range(days), 7)) if either() else (),
            at_least=1,
            at_most=3,
            weight=_weight(chance, hard),
        ),
        Run(
            name="work run",
            at_least=chance.randint(1, 4),
            at_most=chance.randint(4, 5),
            open_start=either(),
            open_end=either(),
            weight=_weight(chance, hard),
        ),
        Run(
            name="off run",
            of="off",
            at_least=chance.randint(1, 3),
            at_most=chance.choice([None, 3]),
            open_start=either(),
            open_end=either(),
            weight=_weight(chance, hard),
        ),
        Run(
            name="shift run",
            of="shifts",
            shifts=some(),
            at_least=2,
            at_most=3,
            weight=_weight(chance, hard),
        ),
        Pattern(
            name="late early",
            days=(frozenset("LN"), frozenset("E")),
            weight=_weight(chance, 2 * hard),
        ),
        Pattern(
            name="night off work",
            days=(frozenset("N"), frozenset({OFF}), some()),
            weekdays=frozenset({0, 2, 4}) if either() else frozenset(),
            uses_history=either(),
            weight=_weight(chance, hard),
        ),
        Pattern(
            name="alone", days=(frozenset("L"),), weekdays=frozenset({3}), weight=1
        ),
        Weekends(
            name="weekends",
            at_least=1,
            at_most=1,
            before=chance.randrange(2),
            weight=_weight(chance, hard),
        ),
        Weekends(
            name="weekend run",
            measure="run",
            weekdays=(4, 5, 6),
            at_least=2,
            at_most=2,
            before=chance.randrange(4),
            weight=_weight(chance, hard),
        ),
        Weekends(name="whole", measure="complete", weekdays=(4, 5, 6), weight=2),
        Weekends(name="alike", measure="identical", weight=_weight(chance, hard)),
    ]


def small_ward(name: str = "small", *, people: int = 3, needed: int = 2) -> Instance:
    """Return a week in which nobody works more than four days, of which two together.

    Two of three people are needed each day: 14 shifts for 12 that can be worked. The
    two that lack cost 10 each, and the wish of the first for a free Monday is granted.
    """
    rules = (
        Count(name="most days", at_most=4),
        Run(name="days together", at_least=2),
    )
    return Instance(
        name=name,
        start=date(2026, 3, 2),
        days=7,
        shift_types=(ShiftType(id="D", minutes=480),),
        contracts=(Contract(id="all", rules=rules),),
        people=tuple(
            Person(id=f"p{index}", contracts=("all",)) for index in range(people)
        ),
        demands=tuple(
            Demand(
                day=day,
                shifts=frozenset("D"),
                at_least=needed,
                at_most=needed,
                under_weight=10,
                over_weight=3,
            )
            for day in range(7)
        ),
        requests=(
            Request(person="p0", day=0, shifts=frozenset("D"), is_on=False, weight=4),
        ),
    )


SMALL_WARD_COSTS = 20
