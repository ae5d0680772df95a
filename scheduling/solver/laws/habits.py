"""House rules that no law writes: runs, days off after nights, rotation."""

from collections.abc import Iterator

from scheduling.solver.instance import Instance
from scheduling.solver.laws.clauses import ForwardRotation, LongestRun, OffAfterNights
from scheduling.solver.rules import OFF, Pattern, Rule, Run


def longest_run(clause: LongestRun, instance: Instance) -> tuple[Rule, ...]:
    """Return the most days, or nights, in a row."""
    nights = _nights(instance)
    if clause.of == "nights" and not nights:
        return ()
    return (
        Run(
            name=clause.name,
            of="work" if clause.of == "work" else "shifts",
            shifts=frozenset() if clause.of == "work" else nights,
            at_most=clause.days,
            weight=clause.weight,
        ),
    )


def off_after_nights(clause: OffAfterNights, instance: Instance) -> tuple[Rule, ...]:
    """Return too few free days between a night and the next other shift."""
    nights = _nights(instance)
    others = instance.all_shifts - nights
    if not nights:
        return ()
    return tuple(_too_few_off(clause, nights=nights, others=others))


def _too_few_off(
    clause: OffAfterNights, *, nights: frozenset[str], others: frozenset[str]
) -> Iterator[Pattern]:
    for free in range(clause.days):
        # Straight after a night only another night may come, later anything is work.
        then = others if free == 0 else others | nights
        if then:
            yield Pattern(
                name=clause.name,
                days=(nights, *(frozenset({OFF}),) * free, then),
                weight=clause.weight,
            )


def forward_rotation(clause: ForwardRotation, instance: Instance) -> tuple[Rule, ...]:
    """Return each shift with those that start earlier on the next day."""
    earlier: dict[frozenset[str], set[str]] = {}
    for shift in instance.shift_types:
        before = frozenset(
            other.id
            for other in instance.shift_types
            if shift.start_minute is not None
            and other.start_minute is not None
            and other.start_minute < shift.start_minute
        )
        if before:
            earlier.setdefault(before, set()).add(shift.id)
    return tuple(
        Pattern(name=clause.name, days=(frozenset(first), then), weight=clause.weight)
        for then, first in earlier.items()
    )


def _nights(instance: Instance) -> frozenset[str]:
    return frozenset(shift.id for shift in instance.shift_types if shift.is_night)
