"""What is wrong with an instance at a glance, in plain words, before anything is solved."""

from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.solver.explain import words
from scheduling.solver.instance import Instance, Person
from scheduling.solver.message import Message, hours, message
from scheduling.solver.rules import OFF, Count, Demand, Pattern


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that cannot be had.

    Attributes:
        person: Whom it concerns; empty for no one person.
        is_fatal: No roster can exist with it; otherwise it costs.
    """

    person: str
    days: tuple[int, ...]
    is_fatal: bool
    message: Message


def findings(instance: Instance) -> tuple[Finding, ...]:
    """Return everything that can be seen to be impossible without solving."""
    return (
        *(one for demand in instance.demands for one in _demand(instance, demand)),
        *(one for day in range(instance.days) for one in _day(instance, day)),
        *(one for person in instance.people for one in _person(instance, person)),
    )


def _demand(instance: Instance, demand: Demand) -> Iterator[Finding]:
    """Yield a demand that nobody, or too few, can serve."""
    if demand.shifts_before or not demand.at_least:
        return
    holders = [
        person
        for person in instance.people
        if not demand.skill or person.holds(demand.skill, day=demand.day)
    ]
    able = sum(
        bool(instance.allowed(person, demand.day) & demand.shifts) for person in holders
    )
    if able >= demand.at_least:
        return
    template, code = words.TOO_FEW_ABLE, "too_few_able"
    if demand.skill:
        template, code = words.TOO_FEW_SKILLED, "too_few_skilled"
    if not holders:
        template, code = words.SKILL_NOT_HELD, "skill_not_held"
    told = message(
        code,
        template,
        needed=demand.at_least,
        able=able,
        skill=demand.skill,
        shifts=", ".join(sorted(demand.shifts)),
        date=_date(instance, demand.day),
    )
    yield Finding("", (demand.day,), demand.under_weight is None, told)


def _day(instance: Instance, day: int) -> Iterator[Finding]:
    """Yield a day that needs more people, over all its shifts, than can work."""
    needed, is_hard = _needed(instance, day)
    if not needed:
        return
    able = sum(instance.allowed(person, day) != {OFF} for person in instance.people)
    if able >= needed:
        return
    is_leave = not able and all(day in person.leave for person in instance.people)
    told = message(
        "all_on_leave" if is_leave else "too_few_that_day",
        words.ALL_ON_LEAVE if is_leave else words.TOO_FEW_THAT_DAY,
        needed=needed,
        able=able,
        date=_date(instance, day),
    )
    yield Finding("", (day,), is_hard, told)


def _needed(instance: Instance, day: int) -> tuple[int, bool]:
    """Return how many people the day's demands of different shifts need together."""
    needed, taken, is_hard = 0, set[str](), True
    for demand in instance.demands:
        is_own = demand.day == day and not demand.shifts_before
        if is_own and not demand.skill and not demand.shifts & taken:
            needed += demand.at_least
            taken |= demand.shifts
            is_hard = is_hard and demand.under_weight is None
    return needed, is_hard


def _person(instance: Instance, person: Person) -> Iterator[Finding]:
    yield from _pinned_cells(instance, person)
    yield from _pinned_runs(instance, person)
    counts = [rule for rule in instance.rules_of(person) if isinstance(rule, Count)]
    hard = [rule for rule in counts if rule.weight is None and not rule.window]
    for rule in hard:
        yield from _room(instance, person, rule)
        yield from _pinned_beyond(instance, person, rule)
        for other in hard:
            yield from _contradiction(instance, person, rule, other)


def _pinned_cells(instance: Instance, person: Person) -> Iterator[Finding]:
    """Yield what is fixed against leave, bars and skills: the fixed cell wins."""
    for day, shift in person.pinned:
        if shift == OFF:
            continue
        skill = instance.shift_by_id[shift].skill
        if day in person.leave:
            template, code = words.PINNED_ON_LEAVE, "pinned_on_leave"
        elif shift in person.barred:
            template, code = words.PINNED_BARRED, "pinned_barred"
        elif skill and not person.holds(skill, day=day):
            template, code = words.PINNED_UNSKILLED, "pinned_unskilled"
        else:
            continue
        told = message(
            code,
            template,
            person=_name(person),
            shift=shift,
            skill=skill,
            date=_date(instance, day),
        )
        yield Finding(person.id, (day,), is_fatal=False, message=told)


def _pinned_runs(instance: Instance, person: Person) -> Iterator[Finding]:
    """Yield fixed days that follow each other as a hard rule forbids."""
    pinned = dict(person.pinned)
    for rule in instance.rules_of(person):
        if not isinstance(rule, Pattern) or rule.weight is not None:
            continue
        for first in sorted(pinned):
            days = tuple(range(first, first + len(rule.days)))
            is_meant = (
                not rule.weekdays or instance.weekday(first) in rule.weekdays
            ) and (not rule.start_days or first in rule.start_days)
            if is_meant and all(
                day in pinned and pinned[day] in shifts
                for day, shifts in zip(days, rule.days, strict=True)
            ):
                told = message(
                    "pins_follow",
                    words.PINS_FOLLOW,
                    person=_name(person),
                    rule=rule.name,
                    date=_date(instance, first),
                )
                yield Finding(person.id, days, is_fatal=True, message=told)


def _room(instance: Instance, person: Person, rule: Count) -> Iterator[Finding]:
    """Yield a minimum above what leave and fixed days leave room for."""
    if rule.at_least is None:
        return
    horizon = range(instance.days)
    days = [day for day in rule.days or horizon if day in horizon]
    most = rule.before + sum(_most(instance, person, rule, day) for day in days)
    if most < rule.at_least:
        is_hours = rule.unit == "minutes"
        told = message(
            "above_what_leave_leaves",
            words.HOURS_ABOVE_WHAT_LEAVE_LEAVES
            if is_hours
            else words.ABOVE_WHAT_LEAVE_LEAVES,
            person=_name(person),
            rule=rule.name,
            least=hours(rule.at_least) if is_hours else rule.at_least,
            most=hours(most) if is_hours else most,
        )
        yield Finding(person.id, tuple(days), is_fatal=True, message=told)


def _pinned_beyond(
    instance: Instance, person: Person, rule: Count
) -> Iterator[Finding]:
    """Yield more fixed shifts than a maximum allows."""
    if rule.at_most is None or rule.unit != "shifts":
        return
    days = frozenset(rule.days or range(instance.days))
    pins = tuple(
        day
        for day, shift in person.pinned
        if day in days and shift != OFF and (not rule.shifts or shift in rule.shifts)
    )
    if len(pins) + rule.before > rule.at_most:
        told = message(
            "pins_above_limit",
            words.PINS_ABOVE_LIMIT,
            person=_name(person),
            rule=rule.name,
            count=len(pins) + rule.before,
            limit=rule.at_most,
        )
        yield Finding(person.id, pins, is_fatal=True, message=told)


def _contradiction(
    instance: Instance, person: Person, rule: Count, other: Count
) -> Iterator[Finding]:
    """Yield hours to be worked in more shifts than there may be."""
    is_pair = rule.unit == "minutes" and other.unit == "shifts"
    if rule.at_least is None or other.at_most is None or not is_pair:
        return
    counted = rule.shifts or instance.all_shifts
    if rule.days != other.days or (other.shifts and not counted <= other.shifts):
        return
    days = rule.days or tuple(range(instance.days))
    longest = max(
        (
            instance.minutes(one, day=day, beyond=rule.beyond)
            for one in counted
            for day in days
        ),
        default=0,
    )
    most = rule.before + max(other.at_most - other.before, 0) * longest
    if most < rule.at_least:
        told = message(
            "limits_contradict",
            words.LIMITS_CONTRADICT,
            person=_name(person),
            rule=rule.name,
            other_rule=other.name,
            least=hours(rule.at_least),
            most=hours(most),
        )
        yield Finding(person.id, days, is_fatal=True, message=told)


def _most(instance: Instance, person: Person, rule: Count, day: int) -> int:
    """Return the most that a day can add to a count."""
    able = instance.allowed(person, day) - {OFF}
    counted = able & rule.shifts if rule.shifts else able
    if rule.unit == "shifts":
        return int(bool(counted))
    return max(
        (instance.minutes(one, day=day, beyond=rule.beyond) for one in counted),
        default=0,
    )


def _name(person: Person) -> str:
    return person.name or person.id


def _date(instance: Instance, day: int) -> str:
    return instance.date_of(day).isoformat()
