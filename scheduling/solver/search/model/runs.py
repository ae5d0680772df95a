"""Models how long something goes on: days in a row, weekends in a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scheduling.solver.rules import Run, Weight
from scheduling.solver.search.model.linear import ONE, ZERO, Linear, total
from scheduling.solver.search.model.roster_model import Reason, RosterModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A sequence whose runs are limited.

    Attributes:
        steps: Whether each step counts, those of the past first.
        past: How many steps lie before the horizon; their own breaches are not charged.
        reason: Says why, for the steps from first to last (counted from the horizon).
    """

    steps: Sequence[Linear]
    past: int
    at_least: int | None
    at_most: int | None
    open_start: bool
    open_end: bool
    weight: Weight
    reason: Callable[[int, int], Reason]


def keep_run(model: RosterModel, person: int, rule: Run) -> None:
    """Hold the length of each run of days within the rule's range."""
    someone = model.instance.people[person]
    past = len(someone.history)
    days = range(-past, model.instance.days)
    keep_stretch(
        model,
        Stretch(
            steps=[_matches(model, person, day, rule) for day in days],
            past=past,
            at_least=rule.at_least,
            at_most=rule.at_most,
            open_start=rule.open_start,
            open_end=rule.open_end,
            weight=rule.weight,
            reason=lambda first, last: Reason(
                someone.id, rule.name, tuple(range(max(first, 0), last + 1)), rule.tier
            ),
        ),
    )


def keep_stretch(model: RosterModel, stretch: Stretch) -> None:
    """Hold the length of each run in a sequence within its range."""
    if stretch.at_most is not None:
        _keep_short(model, stretch, stretch.at_most)
    if stretch.at_least is not None and stretch.at_least > 1:
        for start in range(len(stretch.steps)):
            _keep_long(model, stretch, start, stretch.at_least)


def _matches(model: RosterModel, person: int, day: int, rule: Run) -> Linear:
    if rule.of == "work":
        return model.cells.works(person, day)
    if rule.of == "off":
        return model.cells.works(person, day).complement()
    return model.cells.in_any(person, day, rule.shifts)


def _keep_short(model: RosterModel, stretch: Stretch, at_most: int) -> None:
    """Charge each full window one step longer than the most: one unit each."""
    steps, past = stretch.steps, stretch.past
    for last in range(past, len(steps)):
        first = last - at_most
        if first >= 0:
            model.keep(
                total(steps[first : last + 1]),
                reason=stretch.reason(first - past, last - past),
                weight=stretch.weight,
                high=at_most,
            )


def _keep_long(model: RosterModel, stretch: Stretch, start: int, at_least: int) -> None:
    """Charge each step that a run beginning here lacks.

    `is_over` says that the run has ended by a step: it began here, and that step does
    not count, or it was over before. One unit for each such step.
    """
    steps, past = stretch.steps, stretch.past
    if start == 0 and stretch.open_start:
        return
    before = steps[start - 1] if start else ZERO
    begins = steps[start] - before
    if model.linear.range_of(begins)[1] < 1 or _ended_in_past(stretch, start):
        return
    is_over = ZERO
    for step in range(start + 1, start + at_least):
        reason = stretch.reason(start - past, min(step, len(steps) - 1) - past)
        if step < len(steps):
            lacking = begins - steps[step]
        else:
            lacking = ZERO if stretch.open_end else begins
        if stretch.weight is None:
            model.require(lacking, reason=reason, high=0)
        else:
            is_over = _at_least_both(model, lacking, is_over)
            model.charge(is_over, reason=reason, weight=stretch.weight)


def _ended_in_past(stretch: Stretch, start: int) -> bool:
    """Whether a run that begins here was over before the last step of the past."""
    return any(
        step.is_constant and step.const == 0
        for step in stretch.steps[start : stretch.past]
    )


def _at_least_both(model: RosterModel, lacking: Linear, is_over: Linear) -> Linear:
    """Return something worth 0 or 1 and at least as much as either, as small as can be."""
    if model.linear.range_of(lacking)[1] <= 0:
        return is_over
    if is_over.const == 1 or (lacking.is_constant and lacking.const == 1):
        return ONE
    either = model.linear.variable()
    model.linear.require(lacking - either, high=0)
    model.linear.require(is_over - either, high=0)
    return either
