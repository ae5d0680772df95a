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
    most = line.whole(numbers[0], what="The most minutes")
    fewest = line.whole(numbers[1], what="The fewest minutes")
    longest = line.whole(numbers[2], what="The most consecutive shifts")
    shortest = _fewest(line, numbers[3], what="The fewest consecutive shifts")
    rest = _fewest(line, numbers[4], what="The fewest consecutive days off")
    weekends = line.whole(numbers[5], what="The most weekends")
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


def _fewest(line: Line, text: str, *, what: str) -> int:
    return line.minimum(line.whole(text, what=what), what=what)
