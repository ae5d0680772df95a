"""The staff of the shift scheduling benchmarks: every rule of theirs is hard."""

from collections.abc import Iterator

from scheduling.solver.formats.source import Line
from scheduling.solver.message import phrase
from scheduling.solver.rules import Count, Rule, Run, Weekends


def shift_limits(most: dict[str, int]) -> Iterator[Rule]:
    """Yield the limits above zero; a shift limited to none is barred instead."""
    for shift, limit in most.items():
        if limit:
            yield Count(
                name=f"most {shift} shifts", shifts=frozenset({shift}), at_most=limit
            )


def person_rules(line: Line, numbers: list[str]) -> Iterator[Rule]:
    named = (
        "The most minutes",
        "The fewest minutes",
        "The most consecutive shifts",
        "The fewest consecutive shifts",
        "The fewest consecutive days off",
        "The most weekends",
    )
    most, fewest, longest, shortest, rest, weekends = (
        line.whole(text, what=what) for text, what in zip(numbers, named, strict=True)
    )
    if fewest > most:
        line.refuse(
            phrase(
                "At least %(fewest)s and at most %(most)s minutes cannot both be.",
                fewest=fewest,
                most=most,
            )
        )
    yield Count(name="most hours", unit="minutes", at_most=most)
    yield Count(name="fewest hours", unit="minutes", at_least=fewest)
    yield Run(name="most consecutive shifts", at_most=longest)
    yield Run(name="fewest consecutive shifts", at_least=shortest)
    yield Run(name="fewest consecutive days off", of="off", at_least=rest)
    yield Weekends(name="most weekends", at_most=weekends)
