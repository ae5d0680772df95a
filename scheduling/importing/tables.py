"""A problem back to the tables of its ward, as they can be read again.

What those tables have no column for (patterns, costs of one's own) is left out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from scheduling.importing.headings import (
    CHARGE,
    CONTRACTS,
    DEMAND,
    LEAVE,
    PAIRS,
    PEOPLE,
    REQUESTS,
    SHIFTS,
    Tongue,
)
from scheduling.importing.moments import Times, moments_of, name_of, times_named
from scheduling.importing.problem import (
    CONTRACT_HOURS,
    DAYS_A_WEEK,
    FOUR_WEEKS,
    MINUTES_AN_HOUR,
    slack_minutes,
    weekly_minutes,
)
from scheduling.importing.table import RawTable
from scheduling.importing.terms import is_limit
from scheduling.importing.values import Value
from scheduling.importing.ward import Terms
from scheduling.solver.history import without_reserve
from scheduling.solver.instance import Duty, HeldSkill, Instance, Person
from scheduling.solver.laws import without_law
from scheduling.solver.rules import Count, Demand, Rule, Run, Weekends

WEEKDAYS = (
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
)
LONGEST_CONTRACT = 90  # with a number behind it
Row = list[Value]


@dataclass(frozen=True, slots=True)
class _Contracts:
    """Whose contract is which."""

    terms: dict[str, Terms]  # by name
    of: dict[str, str]  # by person id


def ward_tables(
    instance: Instance, *, accounts: Mapping[str, str], tongue: Tongue
) -> list[RawTable]:
    """Return the sheets of a ward.

    Args:
        instance: Its problem; what a law profile asks and what is kept in reserve is
            left out, both are chosen anew.
        accounts: User names by person id.
        tongue: The language of titles and headings.
    """
    plain = without_reserve(without_law(instance))
    contracts = _contracts(plain)
    return [
        table(PEOPLE, _people(plain, contracts, accounts, tongue), tongue),
        table(SHIFTS, _shifts(plain, tongue), tongue),
        table(CONTRACTS, _contracted(contracts, tongue), tongue),
        table(DEMAND, _demand(plain, tongue), tongue),
        table(LEAVE, _leave(plain), tongue),
        table(REQUESTS, _requests(plain, tongue), tongue),
        table(PAIRS, _pairs(plain, tongue), tongue),
    ]


def table(kind: str, rows: Iterator[Row], tongue: Tongue) -> RawTable:
    """Return a sheet of our own with its headings."""
    return RawTable(title=tongue.sheet(kind), rows=[tongue.headings(kind), *rows])


def yes_or_no(*, is_yes: bool, tongue: Tongue) -> str:
    return (("no", "yes"), ("否", "是"))[tongue.is_chinese][is_yes]


def wish(*, is_on: bool, tongue: Tongue) -> str:
    return (("off", "on"), ("休息", "上班"))[tongue.is_chinese][is_on]


def pairing(*, is_together: bool, tongue: Tongue) -> str:
    words = (("apart", "together"), ("分开", "同班"))
    return words[tongue.is_chinese][is_together]


def on_call(duty: Duty, *, tongue: Tongue) -> str:
    words = {"site": ("site", "在院"), "home": ("home", "在家")}
    return words[duty][tongue.is_chinese] if duty else ""


def limit(minutes: int, days: int, *, tongue: Tongue) -> str:
    hours = round(minutes / MINUTES_AN_HOUR, 4)
    return f"{hours:g}小时/{days}天" if tongue.is_chinese else f"{hours:g} in {days}"


def _people(
    instance: Instance,
    contracts: _Contracts,
    accounts: Mapping[str, str],
    tongue: Tongue,
) -> Iterator[Row]:
    charge = HeldSkill(skill=CHARGE)
    for person in instance.people:
        skills = [
            tongue.skill(held.skill)
            if held.until is None
            else f"{tongue.skill(held.skill)} ({instance.date_of(held.until)})"
            for held in person.skills
            if held != charge
        ]
        leads = charge in person.skills
        yield [
            person.id,
            person.name,
            accounts.get(person.id, ""),
            contracts.of[person.id],
            person.fte,
            ", ".join(skills),
            yes_or_no(is_yes=True, tongue=tongue) if leads else "",
            ", ".join(_in_order(instance, person.barred)),
        ]


def _in_order(instance: Instance, shifts: frozenset[str]) -> list[str]:
    return [shift.id for shift in instance.shift_types if shift.id in shifts]


def _shifts(instance: Instance, tongue: Tongue) -> Iterator[Row]:
    for shift in instance.shift_types:
        start, end = clock(shift.start_minute), clock(shift.end_minute)
        hours = shift.minutes / MINUTES_AN_HOUR
        night = yes_or_no(is_yes=shift.is_night, tongue=tongue)
        duty = on_call(shift.on_call, tongue=tongue)
        yield [shift.id, shift.name, start, end, round(hours, 4), night, duty]


def clock(minute: int | None) -> str:
    if minute is None:
        return ""
    hour, rest = divmod(minute, MINUTES_AN_HOUR)
    return f"{hour % 24:02d}:{rest:02d}"


def _contracted(contracts: _Contracts, tongue: Tongue) -> Iterator[Row]:
    for terms in contracts.terms.values():
        limits = [limit(minutes, days, tongue=tongue) for minutes, days in terms.limits]
        yield [
            terms.id,
            terms.hours,
            terms.share,
            terms.days,
            terms.nights,
            terms.rest,
            terms.weekends,
            ", ".join(limits),
        ]


def _contracts(instance: Instance) -> _Contracts:
    """Return what binds each person, as contracts: one for all whose terms are equal."""
    found = _Contracts({}, {})
    for person in instance.people:
        name = " + ".join(person.contracts)[:LONGEST_CONTRACT] or "1"
        terms = _terms(instance, person)
        number = 1
        while True:
            id_ = name if number == 1 else f"{name} {number}"
            known = found.terms.setdefault(id_, replace(terms, id=id_))
            if _agree(known, terms):
                break
            number += 1
        found.of[person.id] = id_
    return found


def _agree(known: Terms, terms: Terms) -> bool:
    """Whether two people can have one contract: their hours follow from their shares."""
    same = replace(terms, id=known.id, hours=known.hours, share=known.share)
    if known.hours is None or terms.hours is None:
        return same == known and known.hours == terms.hours
    expected = known.hours * terms.share / known.share
    return same == known and abs(expected - terms.hours) * MINUTES_AN_HOUR < 1


def _terms(instance: Instance, person: Person) -> Terms:
    """Return the terms that a person's rules tell."""
    rules = instance.rules_of(person)
    nights = frozenset(shift.id for shift in instance.shift_types if shift.is_night)
    runs = [rule for rule in rules if isinstance(rule, Run)]
    minutes = _weekly_minutes(rules, instance)
    weekends = [
        rule.at_most * FOUR_WEEKS // instance.days
        for rule in rules
        if isinstance(rule, Weekends)
        and rule.measure == "count"
        and rule.at_most is not None
    ]
    return Terms(
        id="",
        hours=None if minutes is None else round(minutes / MINUTES_AN_HOUR, 4),
        share=person.fte if 0 < person.fte <= 1 else 1.0,
        days=_least(one.at_most for one in runs if one.of == "work"),
        nights=_least(
            one.at_most for one in runs if one.of == "shifts" and one.shifts == nights
        ),
        rest=max((one.at_least or 0 for one in runs if one.of == "off"), default=0)
        or None,
        weekends=min(4, *weekends) if weekends else None,
        limits=tuple(_limits(rules)),
    )


def _limits(rules: Sequence[Rule]) -> Iterator[tuple[int, int]]:
    """Yield the minutes that must not be passed in any so many days in a row."""
    for rule in rules:
        if isinstance(rule, Count) and is_limit(rule) and rule.at_most is not None:
            yield rule.at_most, rule.window


def _least(limits: Iterator[int | None]) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)


def _weekly_minutes(rules: Sequence[Rule], instance: Instance) -> float | None:
    """Return the weekly minutes of the first rule on the whole period that tells them."""
    paid = {shift.minutes for shift in instance.shift_types}
    for rule in rules:
        if not isinstance(rule, Count) or rule.window or rule.days or rule.shifts:
            continue
        if rule.name == CONTRACT_HOURS:
            slack = slack_minutes(instance.shift_types)
            return weekly_minutes(rule, days=instance.days, slack=slack)
        limits = [one for one in (rule.at_least, rule.at_most) if one is not None]
        each = 1 if rule.unit == "minutes" else max(paid) if len(paid) == 1 else 0
        if limits and each:
            middle = sum(limits) / len(limits) * each
            return middle * DAYS_A_WEEK / instance.days
    return None


Asked = tuple[int, int | None]


def _demand(instance: Instance, tongue: Tongue) -> Iterator[Row]:
    needs: dict[tuple[str, str], dict[int, Asked]] = {}
    for demand in instance.demands:
        if times_named(demand.name) is None and _is_of_one_shift(demand):
            (shift,) = demand.shifts
            asked = (demand.at_least, demand.at_most)
            needs.setdefault((shift, demand.skill), {})[demand.day] = asked
    order = {shift.id: place for place, shift in enumerate(instance.shift_types)}
    for shift, skill in sorted(needs, key=lambda key: (order[key[0]], key[1])):
        named = tongue.skill(skill)
        for on, weekdays, asked in _by_weekday(instance, needs[shift, skill], tongue):
            yield [on, weekdays, shift, "", named, *asked, "", ""]
    yield from _times(instance, tongue)
    yield from _mixes(instance, order, tongue)


def _is_of_one_shift(demand: Demand) -> bool:
    return len(demand.shifts) == 1 and not demand.shifts_before


def _times(instance: Instance, tongue: Tongue) -> Iterator[Row]:
    """Yield what times of day ask for, from their moments before any midnight."""
    needs: dict[tuple[Times, str], dict[int, Asked]] = {}
    for demand in instance.demands:
        times = times_named(demand.name)
        if times and _begins(times, demand, instance):
            days = needs.setdefault((times, demand.skill), {})
            least, most = days.get(demand.day, (0, None))
            most = most if demand.at_most is None else demand.at_most
            days[demand.day] = (max(least, demand.at_least), most)
    for times, skill in sorted(needs):
        name, held = name_of(times), tongue.skill(skill)
        for on, weekdays, asked in _by_weekday(instance, needs[times, skill], tongue):
            yield [on, weekdays, "", name, held, *asked, "", ""]


def _begins(times: Times, demand: Demand, instance: Instance) -> bool:
    """Whether a demand is of the day that a time of day was asked for, not the next."""
    return any(
        moment.shifts == demand.shifts and moment.shifts_before == demand.shifts_before
        for moment in moments_of(times, instance.shift_types)
        if not moment.days_after
    )


def _mixes(
    instance: Instance, order: Mapping[str, int], tongue: Tongue
) -> Iterator[Row]:
    mixes: dict[tuple[str, str, str], dict[int, Asked]] = {}
    for mix in instance.mixes:
        if len(mix.shifts) == 1:
            (shift,) = mix.shifts
            key = (shift, mix.skill, mix.other)
            mixes.setdefault(key, {})[mix.day] = (mix.of, mix.per)
    for key in sorted(mixes, key=lambda one: (order[one[0]], one[1:])):
        shift, skill, other = (key[0], *map(tongue.skill, key[1:]))
        for on, weekdays, (of, per) in _by_weekday(instance, mixes[key], tongue):
            yield [on, weekdays, shift, "", skill, of, "", per, other]


def _by_weekday(
    instance: Instance, needs: Mapping[int, Asked], tongue: Tongue
) -> Iterator[tuple[str, str, Asked]]:
    """Yield what is asked on most days of each weekday, then by date what differs.

    A weekday on which a day asks for nothing is told by date alone.
    """
    usual: dict[int, Asked] = {}
    dated: list[tuple[date, Asked]] = []
    for weekday in range(DAYS_A_WEEK):
        days = [day for day in range(instance.days) if instance.weekday(day) == weekday]
        asked = {day: needs[day] for day in days if day in needs}
        if asked and len(asked) == len(days):
            usual[weekday] = Counter(asked.values()).most_common(1)[0][0]
        dated += [
            (instance.date_of(day), one)
            for day, one in asked.items()
            if one != usual.get(weekday)
        ]
    for one, weekdays in groupby(usual, key=lambda weekday: usual[weekday]):
        yield "", _named(list(weekdays), tongue), one
    for on, one in sorted(dated, key=_date):
        yield on.isoformat(), "", one


def _date(dated: tuple[date, Asked]) -> date:
    return dated[0]


def _named(weekdays: list[int], tongue: Tongue) -> str:
    """Return weekdays as a list; three or more in a row as a range."""
    names = WEEKDAYS[tongue.is_chinese]
    first, last = weekdays[0], weekdays[-1]
    if last - first == len(weekdays) - 1 >= 2:
        return f"{names[first]}-{names[last]}"
    return ", ".join(names[weekday] for weekday in weekdays)


def _leave(instance: Instance) -> Iterator[Row]:
    for person in instance.people:
        days = sorted(person.leave)
        stretches = groupby(enumerate(days), key=lambda one: one[1] - one[0])
        for _first, members in stretches:
            away = [day for _place, day in members]
            first, last = instance.date_of(away[0]), instance.date_of(away[-1])
            yield [person.id, first.isoformat(), last.isoformat()]


def _requests(instance: Instance, tongue: Tongue) -> Iterator[Row]:
    for request in instance.requests:
        on = instance.date_of(request.day).isoformat()
        word = wish(is_on=request.is_on, tongue=tongue)
        if request.shifts == instance.all_shifts:
            yield [request.person, on, "", word, "", request.weight]
        elif len(request.shifts) == 1:
            yield [request.person, on, "", word, *request.shifts, request.weight]


def _pairs(instance: Instance, tongue: Tongue) -> Iterator[Row]:
    for pair in instance.pairs:
        word = pairing(is_together=pair.is_together, tongue=tongue)
        shifts = ", ".join(_in_order(instance, pair.shifts))
        yield [pair.first, pair.second, word, shifts]


def next_monday(today: date) -> date:
    return today + timedelta(days=DAYS_A_WEEK - today.weekday())
