"""The contracts of the first nurse rostering competition, as rules.

Whether a flag is on and what it costs is read for each one; nothing is assumed. A shift
in a weekend that is worked throughout costs for each day that another shift differs from
it; a weekend of more than two days that is worked in part costs by how it is broken.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from scheduling.solver.formats.inrc1.patterns import WEEKDAYS
from scheduling.solver.formats.inrc1.terms import Terms
from scheduling.solver.instance import Contract, ShiftType
from scheduling.solver.rules import OFF, Count, Pattern, Rule, Run, Weekends


def contract(
    terms: Terms, *, patterns: Mapping[str, Pattern], shifts: Mapping[str, ShiftType]
) -> Contract:
    """Return the contract with a rule for each term that costs something."""
    nights = frozenset(shift.id for shift in shifts.values() if shift.is_night)
    rules = (
        *_limits(terms),
        *_weekend_limits(terms),
        *_broken_weekends(terms, frozenset(shifts)),
        *_mixed_weekends(terms, tuple(shifts)),
        *_after_nights(terms, nights, frozenset(shifts)),
        *(patterns[name] for name in terms.patterns),
    )
    kept = (rule for rule in rules if rule.weight)
    return Contract(id=terms.id, rules=tuple(kept))


def _limits(terms: Terms) -> Iterator[Rule]:
    most, fewest = terms.most_assignments, terms.fewest_assignments
    yield Count(name="most assignments", at_most=most.value, weight=most.weight)
    yield Count(name="fewest assignments", at_least=fewest.value, weight=fewest.weight)
    long, short = terms.longest_work, terms.shortest_work
    yield Run(
        name="most consecutive working days", at_most=long.value, weight=long.weight
    )
    yield Run(
        name="fewest consecutive working days",
        at_least=short.value,
        open_start=False,
        open_end=False,
        weight=short.weight,
    )
    long, short = terms.longest_rest, terms.shortest_rest
    yield Run(
        name="most consecutive free days",
        of="off",
        at_most=long.value,
        weight=long.weight,
    )
    yield Run(
        name="fewest consecutive free days",
        of="off",
        at_least=short.value,
        open_start=False,
        open_end=False,
        weight=short.weight,
    )


def _weekend_limits(terms: Terms) -> Iterator[Rule]:
    long, short = terms.most_weekends_in_a_row, terms.fewest_weekends_in_a_row
    yield Weekends(
        name="most consecutive working weekends",
        measure="run",
        weekdays=terms.weekend,
        at_most=long.value,
        weight=long.weight,
    )
    yield Weekends(
        name="fewest consecutive working weekends",
        measure="run",
        weekdays=terms.weekend,
        at_least=short.value,
        weight=short.weight,
    )
    yield Weekends(
        name="most working weekends",
        weekdays=terms.weekend,
        at_most=terms.most_weekends.value,
        weight=terms.most_weekends.weight,
    )


def _broken_weekends(terms: Terms, shifts: frozenset[str]) -> Iterator[Rule]:
    """Yield the cost of weekends worked in part.

    Each free day costs one, each of its days one more for every gap between worked days:
    what the competition's evaluator charges, in its tables for three and four days.
    """
    name, weight = "complete weekends", terms.complete_weekends.weight
    length = len(terms.weekend)
    if length == 2:
        yield Weekends(
            name=name, measure="complete", weekdays=terms.weekend, weight=weight
        )
        return
    for worked in product((True, False), repeat=length):
        units = _broken_units(worked)
        if units:
            yield Pattern(
                name=name,
                days=tuple(shifts if one else frozenset({OFF}) for one in worked),
                weekdays=frozenset({terms.weekend[0]}),
                weight=weight * units,
            )


def _broken_units(worked: tuple[bool, ...]) -> int:
    if all(worked) or not any(worked):
        return 0
    stretches = sum(
        one and not before
        for one, before in zip(worked, (False, *worked), strict=False)
    )
    return worked.count(False) + len(worked) * (stretches - 1)


def _mixed_weekends(terms: Terms, shifts: tuple[str, ...]) -> Iterator[Rule]:
    """Yield the cost of weekends worked throughout in more than one shift."""
    if not terms.identical_weekends.weight:
        return
    length = len(terms.weekend)
    for opening in product(shifts, repeat=length - 1):
        by_units: dict[int, set[str]] = {}
        for last in shifts:
            kinds = len({*opening, last})
            by_units.setdefault(length * (kinds - 1), set()).add(last)
        for units, lasts in by_units.items():
            if units:
                yield Pattern(
                    name="identical weekends",
                    days=(*(frozenset({one}) for one in opening), frozenset(lasts)),
                    weekdays=frozenset({terms.weekend[0]}),
                    weight=terms.identical_weekends.weight * units,
                )


def _after_nights(
    terms: Terms, nights: frozenset[str], shifts: frozenset[str]
) -> Iterator[Rule]:
    if not nights:
        return
    off = frozenset({OFF})
    yield Pattern(
        name="no night before a free weekend",
        days=(nights, *(off for _day in terms.weekend)),
        weekdays=frozenset({(terms.weekend[0] - 1) % len(WEEKDAYS)}),
        weight=terms.no_night_before_free_weekend.weight,
    )
    name, weight = "two free days after nights", terms.two_free_days_after_night.weight
    if shifts - nights:
        yield Pattern(name=name, days=(nights, shifts - nights), weight=weight)
    yield Pattern(name=name, days=(nights, off, shifts), weight=weight)
