"""Wards with one conflict planted in each, and the exact members that it has.

The ward itself has a roster that keeps every hard rule. Each planting adds a few facts
to people and days drawn by a seed, so that exactly these and the rule they meet cannot
hold together.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from scheduling.solver.explain import Member
from scheduling.solver.instance import HeldSkill, Instance, Person, ShiftType
from scheduling.solver.rules import (
    OFF,
    Count,
    Demand,
    Mix,
    Pair,
    Pattern,
    Request,
    Run,
    Weekends,
)

DAYS = 28
WEEK = 7
PEOPLE = 12
LONGEST = 5
ALL_DAYS = tuple(range(DAYS))
WEEKENDS = tuple(day for day in ALL_DAYS if day % WEEK in {5, 6})
EVERYTHING = frozenset("ELN")


@dataclass(frozen=True)
class Planted:
    """An instance, and the conflict in it."""

    kind: str
    instance: Instance
    conflict: frozenset[Member]


def ward() -> Instance:
    """Return a ward of twelve that has a roster; cover costs and is never hard."""
    rules = (
        Count(name="most shifts", at_most=20),
        Count(name="most hours", unit="minutes", at_most=20 * 480),
        Count(name="fewest hours", unit="minutes", at_least=12 * 480),
        Run(name="most days in a row", at_most=LONGEST),
        Run(name="fewest days in a row", at_least=2),
        Run(name="fewest days off in a row", of="off", at_least=2),
        Pattern(name="N before E", days=(frozenset("N"), frozenset("E"))),
        Pattern(name="N before L", days=(frozenset("N"), frozenset("L"))),
        Pattern(name="L before E", days=(frozenset("L"), frozenset("E"))),
        Weekends(name="most weekends", at_most=2),
    )
    shifts = tuple(
        ShiftType(
            id=name,
            start_minute=start * 60,
            end_minute=(start + 8) * 60,
            minutes=480,
            is_night=name == "N",
        )
        for name, start in (("E", 6), ("L", 14), ("N", 22))
    )
    demands = tuple(
        Demand(
            day=day,
            shifts=frozenset(shift),
            at_least=2,
            under_weight=100,
            over_weight=1,
        )
        for day in ALL_DAYS
        for shift in "ELN"
    )
    return Instance(
        name="ward",
        start=date(2026, 6, 1),  # a Monday
        days=DAYS,
        shift_types=shifts,
        people=tuple(Person(id=f"p{one}", rules=rules) for one in range(PEOPLE)),
        demands=demands,
    )


def planted(kind: str, seed: int) -> Planted:
    """Return the ward with one conflict of a kind."""
    chance = Random(f"{kind} {seed}")  # noqa: S311 (a ward, no secret)
    instance, members = KINDS[kind](ward(), chance)
    return Planted(kind, instance, frozenset(members))


def changed(instance: Instance, person: str, **facts: object) -> Instance:
    """Return the ward in which one person differs."""
    return replace(
        instance,
        people=tuple(
            replace(one, **facts) if one.id == person else one
            for one in instance.people
        ),
    )


def rules_with(instance: Instance, rule) -> tuple:
    """Return the ward's rules with one put in place of its namesake."""
    rules = instance.people[0].rules
    return (*(one for one in rules if one.name != rule.name), rule)


def somebody(chance: Random) -> str:
    return f"p{chance.randrange(PEOPLE)}"


def minutes_above_shifts(ward: Instance, chance: Random):
    """Fewest minutes of more shifts than may be worked."""
    who, most = somebody(chance), chance.randint(3, 11)
    instance = changed(
        ward, who, rules=rules_with(ward, Count(name="most shifts", at_most=most))
    )
    return instance, [
        Member(who, "most shifts", ALL_DAYS),
        Member(who, "fewest hours", ALL_DAYS),
    ]


def week_above_leave(ward: Instance, chance: Random):
    """More shifts in a week than leave leaves days."""
    who, week = somebody(chance), chance.randrange(4)
    days = tuple(range(week * WEEK, week * WEEK + WEEK))
    leave = tuple(sorted(chance.sample(days, 4)))
    rule = Count(name="fewest in that week", days=days, at_least=4)
    instance = changed(ward, who, rules=rules_with(ward, rule), leave=frozenset(leave))
    loose = relaxed(instance, who, "fewest days off in a row", "fewest days in a row")
    loose = relaxed(loose, who, "most weekends")
    return loose, [Member(who, rule.name, days), Member(who, "leave", leave)]


def week_above_requests(ward: Instance, chance: Random):
    """More shifts in a week than promised free days leave."""
    who, week = somebody(chance), chance.randrange(4)
    days = tuple(range(week * WEEK, week * WEEK + WEEK))
    free = tuple(sorted(chance.sample(days, 3)))
    rule = Count(name="fewest in that week", days=days, at_least=5)
    instance = changed(ward, who, rules=rules_with(ward, rule))
    instance = relaxed(
        instance,
        who,
        "fewest days off in a row",
        "fewest days in a row",
        "most weekends",
    )
    requests = tuple(
        Request(person=who, day=day, shifts=EVERYTHING, is_on=False, weight=None)
        for day in free
    )
    return replace(instance, requests=requests), [
        Member(who, rule.name, days),
        Member(who, "requests", free),
    ]


def relaxed(instance: Instance, person: str, *names: str) -> Instance:
    """Return the ward in which somebody is spared some rules."""
    one = instance.people[instance.person_index[person]]
    rules = tuple(rule for rule in one.rules if rule.name not in names)
    return changed(instance, person, rules=rules)


def pins_beyond_run(ward: Instance, chance: Random):
    """One more fixed day in a row than may be worked."""
    who, first = somebody(chance), chance.randrange(DAYS - LONGEST)
    days = tuple(range(first, first + LONGEST + 1))
    instance = changed(ward, who, pinned=tuple((day, "E") for day in days))
    return instance, [
        Member(who, "pinned", days),
        Member(who, "most days in a row", days),
    ]


def pins_that_follow(ward: Instance, chance: Random):
    """An early shift fixed after a night."""
    who, day = somebody(chance), chance.randrange(DAYS - 1)
    instance = changed(ward, who, pinned=((day, "N"), (day + 1, "E")))
    return instance, [
        Member(who, "pinned", (day, day + 1)),
        Member(who, "N before E", (day, day + 1)),
    ]


def request_on_leave(ward: Instance, chance: Random):
    """A promised shift on a day of leave."""
    who, day = somebody(chance), chance.randrange(DAYS)
    instance = changed(ward, who, leave=frozenset({day}))
    return promised(instance, who, day, "L"), [
        Member(who, "leave", (day,)),
        Member(who, "requests", (day,)),
    ]


def request_barred(ward: Instance, chance: Random):
    """A promised night of somebody who works none."""
    who, day = somebody(chance), chance.randrange(DAYS)
    instance = changed(ward, who, barred=frozenset("N"))
    return promised(instance, who, day, "N"), [
        Member(who, "barred", (day,)),
        Member(who, "requests", (day,)),
    ]


def request_unskilled(ward: Instance, chance: Random):
    """A promised shift whose skill ran out the day before."""
    who, day = somebody(chance), chance.randrange(1, DAYS)
    shifts = tuple(
        replace(one, skill="night" if one.id == "N" else "") for one in ward.shift_types
    )
    people = tuple(
        replace(
            one,
            skills=(
                HeldSkill(skill="night", until=day - 1 if one.id == who else None),
            ),
        )
        for one in ward.people
    )
    instance = replace(ward, shift_types=shifts, people=people)
    return promised(instance, who, day, "N"), [
        Member(who, "skill", (day,)),
        Member(who, "requests", (day,)),
    ]


def promised(instance: Instance, who: str, day: int, shift: str) -> Instance:
    wish = Request(
        person=who, day=day, shifts=frozenset(shift), is_on=True, weight=None
    )
    return replace(instance, requests=(wish,))


def pins_beyond_weekends(ward: Instance, chance: Random):
    """Work fixed on three weekends of two."""
    who = somebody(chance)
    chosen = sorted(chance.sample(range(4), 3))
    days = tuple(week * WEEK + chance.choice((5, 6)) for week in chosen)
    instance = changed(ward, who, pinned=tuple((day, "L") for day in days))
    return instance, [
        Member(who, "pinned", days),
        Member(who, "most weekends", WEEKENDS),
    ]


def pinned_day_alone(ward: Instance, chance: Random):
    """One day worked between two that are fixed as free."""
    who, day = somebody(chance), chance.randrange(1, DAYS - 1)
    pins = ((day - 1, OFF), (day, "E"), (day + 1, OFF))
    return changed(ward, who, pinned=pins), [
        Member(who, "pinned", (day - 1, day, day + 1)),
        Member(who, "fewest days in a row", (day, day + 1)),
    ]


def pinned_day_off_alone(ward: Instance, chance: Random):
    """One free day between two that are fixed as worked."""
    who, day = somebody(chance), chance.randrange(1, DAYS - 1)
    pins = ((day - 1, "E"), (day, OFF), (day + 1, "E"))
    return changed(ward, who, pinned=pins), [
        Member(who, "pinned", (day - 1, day, day + 1)),
        Member(who, "fewest days off in a row", (day, day + 1)),
    ]


def demand_above_staff(ward: Instance, chance: Random):
    """A day that needs ten, of whom three in twelve are on leave."""
    day = chance.randrange(DAYS)
    away = sorted(f"p{one}" for one in chance.sample(range(PEOPLE), 3))
    instance = ward
    for who in away:
        instance = changed(instance, who, leave=frozenset({day}))
    need = Demand(day=day, shifts=EVERYTHING, at_least=10, name="everybody at work")
    return replace(instance, demands=(*ward.demands, need)), [
        Member("", need.name, (day,)),
        *(Member(who, "leave", (day,)) for who in away),
    ]


def pair_that_meets(ward: Instance, chance: Random):
    """Two fixed to one shift who must not meet."""
    first, second = (f"p{one}" for one in chance.sample(range(PEOPLE), 2))
    day = chance.randrange(DAYS)
    instance = changed(ward, first, pinned=((day, "L"),))
    instance = changed(instance, second, pinned=((day, "L"),))
    pair = Pair(name="apart", first=first, second=second, is_together=False)
    return replace(instance, pairs=(pair,)), [
        Member(first, "apart", (day,)),
        Member(first, "pinned", (day,)),
        Member(second, "pinned", (day,)),
    ]


def junior_alone(ward: Instance, chance: Random):
    """A junior fixed to a night, with the only senior on leave."""
    senior, junior = (f"p{one}" for one in chance.sample(range(PEOPLE), 2))
    day = chance.randrange(DAYS)
    people = tuple(
        replace(
            one, skills=(HeldSkill(skill="senior" if one.id == senior else "junior"),)
        )
        for one in ward.people
    )
    mix = Mix(
        name="a senior at night",
        day=day,
        shifts=frozenset("N"),
        skill="senior",
        other="junior",
        per=3,
    )
    instance = replace(ward, people=people, mixes=(mix,))
    instance = changed(instance, senior, leave=frozenset({day}))
    return changed(instance, junior, pinned=((day, "N"),)), [
        Member("", mix.name, (day,)),
        Member(senior, "leave", (day,)),
        Member(junior, "pinned", (day,)),
    ]


def run_from_before(ward: Instance, chance: Random):
    """The first day fixed after as many days as may be worked in a row."""
    who = somebody(chance)
    instance = changed(ward, who, history=("E",) * LONGEST, pinned=((0, "E"),))
    return instance, [
        Member(who, "pinned", (0,)),
        Member(who, "most days in a row", (0,)),
    ]


Plant = Callable[[Instance, Random], tuple[Instance, list[Member]]]

KINDS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        minutes_above_shifts,
        week_above_leave,
        week_above_requests,
        pins_beyond_run,
        pins_that_follow,
        request_on_leave,
        request_barred,
        request_unskilled,
        pins_beyond_weekends,
        pinned_day_alone,
        pinned_day_off_alone,
        demand_above_staff,
        pair_that_meets,
        junior_alone,
        run_from_before,
    )
}
