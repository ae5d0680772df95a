"""Turns the clauses of a profile into the rules of an instance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scheduling.solver.instance import Contract, Instance, Person
from scheduling.solver.laws.clauses import (
    AverageHours,
    Clause,
    DailyHours,
    DailyRest,
    ForwardRotation,
    LawError,
    LongestRun,
    OffAfterNights,
    Overtime,
    ShiftLength,
    WeeklyHours,
    WeeklyRest,
)
from scheduling.solver.laws.habits import (
    forward_rotation,
    longest_run,
    off_after_nights,
)
from scheduling.solver.laws.hours import (
    DAYS_A_WEEK,
    NO_PAST,
    PastWork,
    average_hours,
    daily_hours,
    overtime,
    shift_length,
    week_begun,
    weekly_hours,
)
from scheduling.solver.laws.profile import LawProfile
from scheduling.solver.laws.rest import daily_rest, weekly_rest
from scheduling.solver.message import phrase
from scheduling.solver.rules import Rule

DAYS_A_MONTH = 31
LAW = "law:"  # before the id of a contract that a profile became


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRules:
    """What a profile asks in one horizon.

    Attributes:
        shared: Rules for everybody.
        personal: Further rules by person id: they know leave and past work.
        unjudged: Shifts without times, whose rest nobody can judge.
    """

    shared: tuple[Rule, ...]
    personal: Mapping[str, tuple[Rule, ...]]
    unjudged: tuple[str, ...] = ()


def rules_for(
    profile: LawProfile,
    instance: Instance,
    *,
    past: Mapping[str, PastWork] | None = None,
    asked: Iterable[str] = (),
) -> LawRules:
    """Return the rules that a profile becomes for these shifts, dates and time zone.

    Args:
        profile: The law, or the hospital's own rules.
        instance: Where they shall hold.
        past: What each person worked in the reference period so far, by id.
        asked: Names of optional clauses that shall count too.

    Raises:
        LawError: The profile is not in force on the first day.
    """
    if not profile.in_force(instance.start):
        message = phrase(
            "%(title)s is not in force on %(start)s.",
            title=profile.title,
            start=str(instance.start),
        )
        raise LawError(message)
    named = frozenset(asked)
    clauses = [
        clause
        for clause in profile.clauses
        if clause.in_force(instance.start)
        and (not clause.is_optional or clause.name in named)
    ]
    known = past or {}
    return LawRules(
        shared=tuple(rule for one in clauses for rule in _shared(one, instance)),
        personal={
            person.id: tuple(
                rule
                for one in clauses
                for rule in _personal(
                    one, instance, person, known.get(person.id, NO_PAST)
                )
            )
            for person in instance.people
        },
        unjudged=tuple(
            shift.id
            for shift in instance.shift_types
            if shift.start_minute is None and shift.on_call != "home"
        ),
    )


def under_law(
    instance: Instance,
    profile: LawProfile,
    *,
    past: Mapping[str, PastWork] | None = None,
    asked: Iterable[str] = (),
) -> Instance:
    """Return the instance with a profile's rules on everybody, as contracts of its own.

    What an earlier profile asked is taken away first.
    """
    instance = without_law(instance)
    law = rules_for(profile, instance, past=past, asked=asked)
    shared = Contract(id=f"{LAW}{profile.id}", rules=law.shared)
    personal = {
        person: Contract(id=f"{shared.id}:{person}", rules=rules)
        for person, rules in law.personal.items()
        if rules
    }
    people = tuple(
        replace(
            person,
            contracts=(
                *person.contracts,
                shared.id,
                *(one.id for one in [personal.get(person.id)] if one),
            ),
        )
        for person in instance.people
    )
    contracts = (*instance.contracts, shared, *personal.values())
    return replace(instance, people=people, contracts=contracts)


def without_law(instance: Instance) -> Instance:
    """Return the instance without what a law profile asked."""
    people = tuple(
        replace(person, contracts=tuple(c for c in person.contracts if not is_law(c)))
        for person in instance.people
    )
    contracts = tuple(one for one in instance.contracts if not is_law(one.id))
    return replace(instance, people=people, contracts=contracts)


def days_of_reference(profile: LawProfile) -> int:
    """Return how many days before a roster the clauses of a profile look at, at most."""
    return max((_reach(clause) for clause in profile.clauses), default=0)


def _reach(clause: Clause) -> int:
    match clause:
        case AverageHours():
            return clause.weeks * DAYS_A_WEEK
        case Overtime():
            return DAYS_A_MONTH
        case WeeklyHours():
            return DAYS_A_WEEK
        case _:
            return 0


def law_in(instance: Instance) -> str:
    """Return the id of the profile whose rules an instance has; empty for none."""
    laws = (one.id for one in instance.contracts if is_law(one.id))
    return next(laws, "").removeprefix(LAW).partition(":")[0]


def law_rules(instance: Instance) -> frozenset[str]:
    """Return the names of the rules that the law in force became."""
    return frozenset(
        rule.name
        for contract in instance.contracts
        if is_law(contract.id)
        for rule in contract.rules
    )


def is_law(contract: str) -> bool:
    """Whether a contract is one that a law profile became."""
    return contract.startswith(LAW)


def _shared(clause: Clause, instance: Instance) -> tuple[Rule, ...]:
    """Return what a clause asks of everybody alike."""
    match clause:
        case DailyRest():
            return daily_rest(clause, instance)
        case WeeklyRest():
            return weekly_rest(clause, instance)
        case ShiftLength():
            return shift_length(clause, instance)
        case WeeklyHours():
            return weekly_hours(clause, instance)
        case DailyHours():
            return daily_hours(clause, instance)
        case _:
            return _habits(clause, instance)


def _habits(clause: Clause, instance: Instance) -> tuple[Rule, ...]:
    match clause:
        case LongestRun():
            return longest_run(clause, instance)
        case OffAfterNights():
            return off_after_nights(clause, instance)
        case ForwardRotation():
            return forward_rotation(clause, instance)
        case _:
            return ()


def _personal(
    clause: Clause, instance: Instance, person: Person, past: PastWork
) -> tuple[Rule, ...]:
    """Return what a clause asks of one person, by their leave and past."""
    match clause:
        case AverageHours():
            return average_hours(clause, instance, person=person, past=past)
        case Overtime():
            return overtime(clause, instance, person=person, past=past)
        case WeeklyHours():
            return week_begun(clause, instance, past=past)
        case _:
            return ()
