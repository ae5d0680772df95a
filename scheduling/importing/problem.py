"""A ward to a problem: contracts become rules, and cover is elastic."""

import math
from collections.abc import Iterator
from dataclasses import replace

from scheduling.importing.headings import CHARGE
from scheduling.importing.moments import Times, moments_of, name_of
from scheduling.importing.ward import (
    Need,
    Pairing,
    Period,
    SkillMix,
    Staff,
    Terms,
    Ward,
    Wish,
)
from scheduling.solver.instance import (
    Contract,
    HeldSkill,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.laws import under_law
from scheduling.solver.rules import (
    Count,
    Demand,
    Mix,
    Pair,
    Request,
    Rule,
    Run,
    Weekends,
)

# A cost for each unit; none is without end, so that a roster always comes out.
UNDER_COVER = 1_000  # a person missing: dearer than a shift beyond the contract
NO_SKILL = 600  # nobody with the skill that a shift needs
OVER_COVER = 80  # a person more than the most: cheaper than hours that are owed
A_MINUTE = 1  # beyond, or short of, the hours of a contract
A_WEEKEND = 300
A_DAY_OFF = 150  # a day off that stands alone
A_WISH_OFF, A_WISH_ON = 100, 60
A_MEETING = 300  # of two who should not meet: before a skill is missing, after wishes
A_DAY_PARTED = 30  # of two who should share shifts: it counts on most of their days

TOGETHER, APART = "pairs together", "pairs apart"
COVER = "cover"

CONTRACT_HOURS = "hours of the contract"
DAYS_WORKED = "days worked in a row"
MOST_NIGHTS = "most nights in a row"
DAYS_OFF = "days off in a row"
HOURS_IN_DAYS = "most hours in some days"
WEEKENDS = "weekends"
MINUTES_AN_HOUR = 60
DAYS_A_WEEK = 7
WORKING_DAYS = 5  # of a week, each a fifth of its hours
FOUR_WEEKS = 28


def problem_of(ward: Ward, period: Period) -> Instance:
    """Return the problem of a ward whose tables have no error.

    Raises:
        LawError: The law is not in force on the first day.
        InstanceError: There is more than can be rostered at once.
    """
    nights = frozenset(shift.id for shift in ward.shifts if shift.is_night)
    terms = {one.id: one for one in ward.contracts}
    instance = Instance(
        name=period.name,
        start=period.start,
        days=period.days,
        timezone=period.timezone,
        holidays=period.holidays,
        shift_types=ward.shifts,
        contracts=tuple(
            Contract(id=one.id, rules=tuple(_rules(one, nights, period)))
            for one in ward.contracts
        ),
        people=tuple(
            _person(one, terms[one.contract], ward, period) for one in ward.staff
        ),
        demands=tuple(
            demand for need in ward.needs for demand in _demands(need, ward, period)
        ),
        requests=tuple(_request(wish) for wish in ward.wishes),
        mixes=tuple(_mix(mix) for mix in ward.mixes),
        pairs=tuple(_pair(pair) for pair in ward.pairs),
    )
    instance = with_leave_counted(instance)
    return under_law(instance, period.law) if period.law else instance


def with_leave_counted(instance: Instance) -> Instance:
    """Return the problem in which leave counts as worked in the hours of a contract.

    A working day of leave, Monday to Friday, is a fifth of the week's hours.
    """
    slack = slack_minutes(instance.shift_types)

    def counted(rule: Rule, person: Person) -> Rule:
        if not isinstance(rule, Count) or rule.name != CONTRACT_HOURS:
            return rule
        weekly = weekly_minutes(rule, days=instance.days, slack=slack)
        working = sum(instance.weekday(day) < WORKING_DAYS for day in person.leave)
        return replace(rule, before=round(weekly * working / WORKING_DAYS))

    people = tuple(
        replace(person, rules=tuple(counted(rule, person) for rule in person.rules))
        for person in instance.people
    )
    return replace(instance, people=people)


def slack_minutes(shifts: tuple[ShiftType, ...]) -> int:
    """Return by how much hours may miss a contract: half of the longest shift."""
    return max((shift.minutes for shift in shifts), default=0) // 2


def hours_rule(weekly_minutes: float, *, days: int, slack: int) -> Count:
    """Return the rule that asks for a contract's hours, of somebody without leave."""
    target = round(weekly_minutes * days / DAYS_A_WEEK)
    return Count(
        name=CONTRACT_HOURS,
        unit="minutes",
        at_least=max(0, target - slack),
        at_most=target + slack,
        weight=A_MINUTE,
    )


def weekly_minutes(rule: Count, *, days: int, slack: int) -> float:
    """Return the weekly minutes that `hours_rule` made a rule of."""
    return ((rule.at_most or 0) - slack) * DAYS_A_WEEK / days


def _rules(terms: Terms, nights: frozenset[str], period: Period) -> Iterator[Rule]:
    if terms.days is not None:
        yield Run(name=DAYS_WORKED, at_most=terms.days)
    if terms.nights is not None and nights:
        yield Run(name=MOST_NIGHTS, of="shifts", shifts=nights, at_most=terms.nights)
    if terms.rest is not None:
        yield Run(name=DAYS_OFF, of="off", at_least=terms.rest, weight=A_DAY_OFF)
    if terms.weekends is not None:
        most = math.ceil(terms.weekends * period.days / FOUR_WEEKS)
        yield Weekends(name=WEEKENDS, at_most=most, weight=A_WEEKEND, tier="fairness")
    for minutes, days in terms.limits:
        yield Count(name=HOURS_IN_DAYS, window=days, unit="minutes", at_most=minutes)


def _person(staff: Staff, terms: Terms, ward: Ward, period: Period) -> Person:
    person = Person(
        id=staff.number,
        name=staff.name,
        contracts=(terms.id,),
        skills=tuple(
            HeldSkill(
                skill=skill,
                until=None if until is None else (until - period.start).days,
            )
            for skill, until in staff.skills
        ),
        leave=ward.leave.get(staff.number, frozenset()),
        barred=staff.barred | terms.barred,
        fte=staff.share,
    )
    if terms.hours is None:
        return person
    weekly = terms.hours * MINUTES_AN_HOUR * staff.share / terms.share
    slack = slack_minutes(ward.shifts)
    return replace(person, rules=(hours_rule(weekly, days=period.days, slack=slack),))


def _demands(need: Need, ward: Ward, period: Period) -> Iterator[Demand]:
    if need.times is None:
        name = CHARGE if need.skill == CHARGE else COVER
        demand = _demand(need, name=name, shifts=frozenset({need.shift}))
        yield replace(demand, at_least=need.least, at_most=need.most)
    else:
        yield from _throughout(need, need.times, ward, period)


def _throughout(
    need: Need, times: Times, ward: Ward, period: Period
) -> Iterator[Demand]:
    """Yield what a time of day asks for at the moments that decide it.

    Who is missing while few shifts serve is not missed again while others do as well.
    """
    moments = {
        (one.days_after, one.serving): one for one in moments_of(times, ward.shifts)
    }
    for (after, serving), moment in moments.items():
        others = [other for later, other in moments if later == after]
        demand = replace(
            _demand(
                need,
                name=name_of(times),
                shifts=moment.shifts,
                shifts_before=moment.shifts_before,
            ),
            day=need.day + after,
            at_least=0 if any(other < serving for other in others) else need.least,
            at_most=None if any(other > serving for other in others) else need.most,
        )
        is_asked = demand.at_least or demand.at_most is not None
        if is_asked and demand.day < period.days:
            yield demand


def _demand(
    need: Need,
    *,
    name: str,
    shifts: frozenset[str],
    shifts_before: frozenset[str] = frozenset(),
) -> Demand:
    """Return a demand of a need's day and skill, without its numbers."""
    return Demand(
        day=need.day,
        shifts=shifts,
        shifts_before=shifts_before,
        skill=need.skill,
        under_weight=NO_SKILL if need.skill else UNDER_COVER,
        over_weight=OVER_COVER if need.most is not None else 0,
        name=name,
    )


def _request(wish: Wish) -> Request:
    usual = A_WISH_ON if wish.is_on else A_WISH_OFF
    return Request(
        person=wish.number,
        day=wish.day,
        shifts=wish.shifts,
        is_on=wish.is_on,
        weight=usual if wish.weight is None else wish.weight,
    )


def _mix(mix: SkillMix) -> Mix:
    return Mix(
        name=f"{mix.shift} {mix.skill}:{mix.other} {mix.of}:{mix.per}",
        day=mix.day,
        shifts=frozenset({mix.shift}),
        skill=mix.skill,
        other=mix.other,
        of=mix.of,
        per=mix.per,
        weight=NO_SKILL,
    )


def _pair(pair: Pairing) -> Pair:
    return Pair(
        name=TOGETHER if pair.is_together else APART,
        first=pair.first,
        second=pair.second,
        is_together=pair.is_together,
        shifts=pair.shifts,
        weight=A_DAY_PARTED if pair.is_together else A_MEETING,
    )
