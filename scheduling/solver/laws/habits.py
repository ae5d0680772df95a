"""House rules that no law writes: runs, days off after nights, rotation."""

from collections.abc import Iterator

from scheduling.solver.instance import Instance
from scheduling.solver.laws.clauses import ForwardRotation, LongestRun, OffAfterNights
from scheduling.solver.laws.duty import counted_of, nights_of, rest_of, work_of
from scheduling.solver.rules import Pattern, Rule, Run


def longest_run(clause: LongestRun, instance: Instance) -> tuple[Rule, ...]:
    """Return the most days, or nights, in a row."""
    shifts = nights_of(instance) if clause.of == "nights" else counted_of(instance)
    if clause.of == "nights" and not shifts:
        return ()
    return (
        Run(
            name=clause.name,
            of="shifts" if shifts else "work",
            shifts=shifts,
            at_most=clause.days,
            weight=clause.weight,
        ),
    )


def off_after_nights(clause: OffAfterNights, instance: Instance) -> tuple[Rule, ...]:
    """Return too few free days between a night and the next other shift."""
    nights = nights_of(instance)
    if not nights:
        return ()
    others = work_of(instance) - nights
    free = rest_of(instance)
    return tuple(_too_few_off(clause, nights=nights, others=others, free=free))


def _too_few_off(
    clause: OffAfterNights,
    *,
    nights: frozenset[str],
    others: frozenset[str],
    free: frozenset[str],
) -> Iterator[Pattern]:
    for between in range(clause.days):
        # Straight after a night only another night may come, later anything is work.
        then = others if between == 0 else others | nights
        if then:
            yield Pattern(
                name=clause.name,
                days=(nights, *(free,) * between, then),
                weight=clause.weight,
            )


def forward_rotation(clause: ForwardRotation, instance: Instance) -> tuple[Rule, ...]:
    """Return each shift with those that start earlier on the next day."""
    earlier: dict[frozenset[str], set[str]] = {}
    working = [one for one in instance.shift_types if one.on_call != "home"]
    for shift in working:
        before = frozenset(
            other.id
            for other in working
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
