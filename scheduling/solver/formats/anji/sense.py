"""What a document that comes in must not ask for; what was kept before is read as it is."""

from collections.abc import Iterable

from scheduling.solver.formats.anji.decode import refuse
from scheduling.solver.formats.source import endless
from scheduling.solver.instance import (
    MAX_DAYS,
    MAX_PEOPLE,
    MINUTES_A_DAY,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.message import MINUTES_AN_HOUR, phrase
from scheduling.solver.rules import (
    LONGEST_MINIMUM,
    MAX_WEIGHT,
    MOST_OF_A_MIX,
    Count,
    Rule,
    Run,
    Weekends,
)

LONGEST_SHIFT = 3 * MINUTES_A_DAY  # as much as it can be paid for
MOST_POSTS = 2
MOST_COUNTED = {"shifts": LONGEST_MINIMUM, "minutes": MAX_DAYS * LONGEST_SHIFT}
HEAVIEST = {"shifts": MAX_WEIGHT, "minutes": MAX_WEIGHT // 1_000}  # by unit of a count


def need_sense(instance: Instance) -> Instance:
    """Return the problem, which asks for nothing that no ward has.

    Raises:
        FormatError: It does; the message begins with the path to it.
    """
    for place, shift in enumerate(instance.shift_types):
        _need_times(shift, f"shift_types[{place}]")
    for place, contract in enumerate(instance.contracts):
        _need_rules(contract.rules, instance, f"contracts[{place}]")
    for place, person in enumerate(instance.people):
        _need_id(person, f"people[{place}].id")
        _need_share(person, f"people[{place}].fte")
        _need_rules(person.rules, instance, f"people[{place}]")
    for place, demand in enumerate(instance.demands):
        _need_within(demand.at_least, f"demands[{place}].at_least", most=MAX_PEOPLE)
    for place, mix in enumerate(instance.mixes):
        _need_within(mix.of, f"mixes[{place}].of", least=1, most=MOST_OF_A_MIX)
    _need_days(instance.holidays, instance, "holidays")
    return instance


def _need_times(shift: ShiftType, path: str) -> None:
    if shift.start_minute is None or shift.end_minute is None:
        return
    if shift.start_minute >= MINUTES_A_DAY:
        refuse(
            path,
            phrase(
                "Shift %(id)s begins %(count)s minutes after midnight, outside 0 to"
                " %(last)s: a shift begins on its own day.",
                id=shift.id,
                count=shift.start_minute,
                last=MINUTES_A_DAY - 1,
            ),
        )
    if shift.end_minute - shift.start_minute > LONGEST_SHIFT:
        refuse(
            path,
            phrase(
                "Shift %(id)s ends %(count)s minutes after the midnight before it: end"
                " it at most %(most)s h after its start.",
                id=shift.id,
                count=shift.end_minute,
                most=LONGEST_SHIFT // MINUTES_AN_HOUR,
            ),
        )


def _need_id(person: Person, path: str) -> None:
    if not person.id.strip():
        refuse(path, phrase("A person needs an id: give a number or a name."))


def _need_share(person: Person, path: str) -> None:
    if not 0 <= person.fte <= MOST_POSTS:
        refuse(
            path,
            phrase(
                "%(share)s of a full-time post cannot be: say 0 to %(most)s.",
                share=f"{person.fte:g}",
                most=MOST_POSTS,
            ),
        )


def _need_rules(rules: Iterable[Rule], instance: Instance, path: str) -> None:
    for place, rule in enumerate(rules):
        at = f"{path}.rules[{place}]"
        _need_end(rule, at)
        if isinstance(rule, Count):
            _need_days(rule.days, instance, f"{at}.days")
            _need_countable(rule, at)
        if isinstance(rule, Weekends):
            _need_within(rule.before, f"{at}.before", most=LONGEST_MINIMUM)


def _need_end(rule: Rule, path: str) -> None:
    if not isinstance(rule, Run | Weekends):
        return
    if (rule.at_least or 0) > LONGEST_MINIMUM:
        refuse(path, endless(rule.name, rule.at_least or 0))
    if isinstance(rule, Weekends) and rule.before > LONGEST_MINIMUM:
        refuse(
            path,
            phrase(
                "%(rule_name)s: %(count)s weekends before the first day are more than can"
                " count; say at most %(most)s.",
                rule_name=rule.name,
                count=rule.before,
                most=LONGEST_MINIMUM,
            ),
        )


def _need_countable(rule: Count, path: str) -> None:
    most = MOST_COUNTED[rule.unit]
    _need_within(rule.at_least or 0, f"{path}.at_least", most=most)
    _need_within(rule.before, f"{path}.before", most=most)
    _need_within(rule.weight or 0, f"{path}.weight", most=HEAVIEST[rule.unit])


def _need_within(number: int, path: str, *, most: int, least: int = 0) -> None:
    """Refuse what, at its weight, could cost more than is counted (see `MAX_WEIGHT`)."""
    if not least <= number <= most:
        refuse(
            path,
            phrase(
                "%(number)s cannot be: say %(least)s to %(most)s.",
                number=number,
                least=least,
                most=most,
            ),
        )


def _need_days(days: Iterable[int], instance: Instance, path: str) -> None:
    outside = [day for day in days if not 0 <= day < instance.days]
    if outside:
        refuse(
            path,
            phrase(
                "Day %(day)s lies outside 0 to %(last)s: leave it out.",
                day=min(outside),
                last=instance.days - 1,
            ),
        )
