"""A ward of nobody real: twenty people, four weeks, drawn by a seeded program."""

from collections.abc import Iterator
from datetime import date
from random import Random

from scheduling.solver.instance import (
    Contract,
    HeldSkill,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.rules import (
    OFF,
    Count,
    Demand,
    Pattern,
    Request,
    Rule,
    Run,
    Weekends,
)

DAYS = 28
SEED = 20
EARLY, LATE, NIGHT = "E", "L", "N"
WORKED = frozenset({EARLY, LATE, NIGHT})
SENIOR = "senior"
HOUR = 60
PAID_MINUTES = 8 * HOUR
WEEKEND = (5, 6)
# Needed on a weekday, needed at a weekend.
NEEDED = {EARLY: (5, 3), LATE: (4, 3), NIGHT: (2, 2)}
UNDER_COVER, OVER_COVER, NO_SENIOR = 100, 8, 60  # a person missing, beyond, a senior

# name, contract, whether they may lead a shift
PEOPLE = (
    ("Nora Ito", "full", True),
    ("Amara Diallo", "full", True),
    ("Björn Lund", "full", False),
    ("Chiara Rossi", "half", False),
    ("David Okafor", "full", False),
    ("Elif Yılmaz", "full", True),
    ("Fatima Haddad", "half", False),
    ("Grace Chen", "full", True),
    ("Hugo Martin", "full", False),
    ("Irina Petrova", "full", False),
    ("Jonas Weber", "full", True),
    ("Kofi Mensah", "half", True),
    ("Lucía Torres", "full", False),
    ("Mei Lin", "full", True),
    ("Nadia Haas", "half", False),
    ("Omar Saleh", "full", False),
    ("Priya Nair", "full", True),
    ("Quentin Roy", "half", False),
    ("Rosa Silva", "full", False),
    ("Sven Berg", "half", True),
)
NO_NIGHTS = frozenset({"P07", "P15"})

SHIFT_TYPES = (
    ShiftType(
        id=EARLY,
        name="Early · 早班",
        start_minute=7 * HOUR,
        end_minute=15 * HOUR + 30,
        minutes=PAID_MINUTES,
    ),
    ShiftType(
        id=LATE,
        name="Late · 晚班",
        start_minute=14 * HOUR,
        end_minute=22 * HOUR + 30,
        minutes=PAID_MINUTES,
    ),
    ShiftType(
        id=NIGHT,
        name="Night · 夜班",
        start_minute=22 * HOUR,
        end_minute=31 * HOUR,
        minutes=PAID_MINUTES,
        is_night=True,
    ),
)
# A by-hand pattern of two weeks that keeps every hard rule, from whichever day it starts.
ROTATION = (
    *(EARLY, EARLY, LATE, LATE, OFF, OFF),
    *(EARLY, LATE, NIGHT, NIGHT, OFF, OFF, LATE, OFF),
)


def ward(start: date, *, name: str, timezone: str) -> Instance:
    """Return the ward's problem for the four weeks from a Monday."""
    draw = Random(SEED + start.toordinal())  # noqa: S311 (a demo, no secret)
    people = tuple(_people(draw))
    return Instance(
        name=name,
        start=start,
        days=DAYS,
        timezone=timezone,
        shift_types=SHIFT_TYPES,
        contracts=(
            Contract(id="full", rules=_rules(least=17, most=20, weekends=2)),
            Contract(id="half", rules=_rules(least=8, most=10, weekends=2)),
        ),
        people=people,
        demands=tuple(_demands()),
        requests=tuple(_requests(people, draw)),
    )


def by_hand(instance: Instance) -> dict[tuple[str, int], str]:
    """Return the worked cells of the rotation that the ward used to write by hand."""
    cells = {}
    for index, person in enumerate(instance.people):
        step = 1 if "full" in person.contracts else 2
        for day in range(instance.days):
            shift = ROTATION[(day + index * 5) % len(ROTATION)]
            week = (day + index) // 7
            is_off = day in person.leave or shift in person.barred or week % step
            if shift != OFF and not is_off:
                cells[person.id, day] = shift
    return cells


def _people(draw: Random) -> Iterator[Person]:
    for number, (name, contract, is_senior) in enumerate(PEOPLE, start=1):
        id_ = f"P{number:02d}"
        away = draw.randrange(DAYS - 6) if number % 6 == 0 else None
        yield Person(
            id=id_,
            name=name,
            contracts=(contract,),
            skills=(HeldSkill(skill=SENIOR),) if is_senior else (),
            leave=frozenset(range(away, away + 5)) if away is not None else frozenset(),
            barred=frozenset({NIGHT}) if id_ in NO_NIGHTS else frozenset(),
            fte=1.0 if contract == "full" else 0.5,
        )


def _rules(*, least: int, most: int, weekends: int) -> tuple[Rule, ...]:
    return (
        Count(name="shifts of the period", at_least=least, at_most=most, weight=20),
        Count(name="shifts in seven days", window=7, at_most=5),
        Run(name="days worked in a row", at_most=5),
        Run(name="days off in a row", of="off", at_least=2, weight=15),
        Run(
            name="nights in a row",
            of="shifts",
            shifts=frozenset({NIGHT}),
            at_least=2,
            weight=15,
        ),
        Run(
            name="most nights in a row",
            of="shifts",
            shifts=frozenset({NIGHT}),
            at_most=4,
        ),
        _rest(LATE, EARLY),
        _rest(NIGHT, EARLY),
        _rest(NIGHT, LATE),
        Weekends(name="weekends", at_most=weekends, weight=30, tier="fairness"),
        Weekends(name="whole weekends", measure="complete", weight=10),
    )


def _rest(first: str, then: str) -> Pattern:
    """Return the pattern that leaves less than eleven hours between two shifts."""
    return Pattern(name="daily rest", days=(frozenset({first}), frozenset({then})))


def _demands() -> Iterator[Demand]:
    for day in range(DAYS):
        for shift, needed in NEEDED.items():
            count = needed[day % 7 in WEEKEND]
            yield Demand(
                day=day,
                shifts=frozenset({shift}),
                at_least=count,
                at_most=count,
                under_weight=UNDER_COVER,
                over_weight=OVER_COVER,
            )
            yield Demand(
                name="a senior in each shift",
                day=day,
                shifts=frozenset({shift}),
                skill=SENIOR,
                at_least=1,
                under_weight=NO_SENIOR,
                over_weight=0,
            )


def _requests(people: tuple[Person, ...], draw: Random) -> Iterator[Request]:
    """Yield two wishes a person: a day off, and a shift they would like."""
    for person in people:
        off, on = draw.sample(range(DAYS), 2)
        yield Request(person=person.id, day=off, shifts=WORKED, is_on=False, weight=12)
        liked = draw.choice([EARLY, LATE])
        if on not in person.leave:
            yield Request(
                person=person.id,
                day=on,
                shifts=frozenset({liked}),
                is_on=True,
                weight=6,
            )
