"""A person's rules, sorted into automata that are always kept and counters that may bind.

Most counters never bind (fourteen early shifts in four weeks); a counter becomes an axis
of a table only once a row has broken it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduling.solver.columns.components import (
    Component,
    CountingComponent,
    PatternComponent,
    RunComponent,
    SuccessionComponent,
)
from scheduling.solver.columns.counters import (
    Axis,
    CountComponent,
    WindowComponent,
    count_axis,
    is_overlapping,
    weekend_axis,
)
from scheduling.solver.columns.reduction import is_idle, is_succession, joined
from scheduling.solver.columns.structure import Part, Structure, build_structure
from scheduling.solver.columns.weekends import (
    weekend_component,
    weekend_counter,
    weekends_in,
)
from scheduling.solver.instance import Instance
from scheduling.solver.rules import OFF, Count, Pattern, Rule, Run, Weekends


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter and the axis it would be."""

    rule: Rule
    component: CountingComponent
    axis: Axis


# Up to so many numbers, one table of many people who could work different shifts beats
# smaller ones apart: what numpy costs a call outweighs what it costs a number.
_SMALL_TABLE = 40_000

# Kept rules, history, counters that are axes, shifts: what makes states the same.
SharedKey = tuple[tuple[Rule, ...], tuple[str, ...], tuple[Rule, ...], frozenset[str]]


class RuleBook:
    """Everything asked of a row by rules, for people with the same rules and history."""

    def __init__(
        self,
        instance: Instance,
        *,
        rules: Sequence[Rule],
        history: tuple[str, ...],
        shared: dict[SharedKey, Structure],
    ) -> None:
        self.instance = instance
        self.history = history
        self.shifts = (OFF, *(shift.id for shift in instance.shift_types))
        self.kept = self._kept(rules)
        self.counters = self._counters(rules)
        counted = {counter.rule for counter in self.counters}
        self._kept_rules = tuple(rule for rule in joined(rules) if rule not in counted)
        self._shared = shared
        self._structures: dict[tuple[frozenset[int], frozenset[str]], Structure] = {}

    def cost(self, row: Sequence[str]) -> int | None:
        """Return what the rules cost a row, None where a hard one is broken."""
        total = 0
        for component in self.kept:
            cost = walked(component, row)
            if cost is None:
                return None
            total += cost
        broken = [self.counter_cost(place, row) for place in range(len(self.counters))]
        known = [cost for cost in broken if cost is not None]
        return total + sum(known) if len(known) == len(broken) else None

    def counter_cost(self, place: int, row: Sequence[str]) -> int | None:
        """Return what one counter costs a row, None where it is hard and broken."""
        axis, total = self.counters[place].axis, 0.0
        closings = dict(axis.closings)
        last = axis.size - 1
        for day, count in self._closed(place, row):
            total += closings[day][min(count, last)]
            total += axis.overflow * (count - last) if count > last else 0.0
        return None if total == float("inf") else int(total)

    def is_far(self, place: int, row: Sequence[str]) -> bool:
        """Whether a counter could be one higher or lower without a change of cost."""
        axis = self.counters[place].axis
        closings = dict(axis.closings)
        for day, count in self._closed(place, row):
            near = closings[day][max(0, count - 1) : count + 2]
            is_last = count >= axis.size - 1 and axis.overflow > 0
            if is_last or len(set(near.tolist())) > 1:
                return False
        return True

    def _closed(self, place: int, row: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the days after which a counter is charged, with what it holds then."""
        counter = self.counters[place]
        begun = 0
        gains = counter.component.gains(row)
        for end, _ in counter.axis.closings:
            yield end, sum(gains[begun : end + 1])
            begun = end + 1

    def structure(self, *, active: frozenset[int], worked: frozenset[str]) -> Structure:
        """Return the states of rows with some counters as axes.

        Args:
            active: Places of the counters to keep.
            worked: What the cells may hold at all; shifts that no rule tells from one
                of them come along.

        Raises:
            TooLargeError: There are too many states.
            NoRowError: The rules leave no row at all.
        """
        key = (active, worked)
        if key not in self._structures:
            self._structures[key] = self._built(active, worked)
        return self._structures[key]

    def _built(self, active: frozenset[int], worked: frozenset[str]) -> Structure:
        parts = [Part(component) for component in self.kept]
        chosen = [self.counters[place] for place in sorted(active)]
        parts += [Part(one.component, axis) for axis, one in enumerate(chosen)]
        letters = {
            shift: tuple(part.component.letter(shift) for part in parts)
            for shift in self.shifts
        }
        words = {letters[shift] for shift in worked}
        alike = tuple(shift for shift in self.shifts if letters[shift] in words)
        fitting = self._shared_structure(parts, chosen, alike)
        if fitting.cells > _SMALL_TABLE or alike == self.shifts:
            return fitting
        whole = self._shared_structure(parts, chosen, self.shifts)
        return whole if whole.cells <= _SMALL_TABLE else fitting

    def _shared_structure(
        self, parts: list[Part], chosen: list[Counter], shifts: tuple[str, ...]
    ) -> Structure:
        rules = tuple(one.rule for one in chosen)
        key = (self._kept_rules, self.history, rules, frozenset(shifts))
        if key not in self._shared:
            self._shared[key] = build_structure(
                parts,
                axes=tuple(one.axis for one in chosen),
                shifts=shifts,
                days=self.instance.days,
            )
        return self._shared[key]

    @cached_property
    def _first_weekday(self) -> int:
        return self.instance.weekday(0)

    def _kept(self, rules: Sequence[Rule]) -> list[Component]:
        kept: list[Component] = []
        successions = tuple(rule for rule in rules if is_succession(rule, self.history))
        patterns = tuple(rule for rule in successions if isinstance(rule, Pattern))
        if patterns:
            kept.append(
                SuccessionComponent(patterns, shifts=self.shifts, history=self.history)
            )
        for rule in rules:
            if isinstance(rule, Pattern) and rule not in successions:
                kept.append(
                    PatternComponent(
                        rule, weekday=self.instance.weekday, history=self.history
                    )
                )
            elif isinstance(rule, Run):
                kept.append(RunComponent(rule, history=self.history))
            elif isinstance(rule, Weekends) and rule.measure != "count":
                kept.append(self._weekends(rule))
            elif isinstance(rule, Count) and is_overlapping(rule):
                kept.append(WindowComponent(rule, self.instance))
        return kept

    def _counters(self, rules: Sequence[Rule]) -> list[Counter]:
        counters = []
        for rule in joined(rules):
            if isinstance(rule, Count) and not is_overlapping(rule):
                count = CountComponent(rule, self.instance)
                axis = count_axis(rule, count, self.instance)
                counters.append(Counter(rule, count, axis))
            elif isinstance(rule, Weekends) and rule.measure == "count":
                days = self._weekend_days(rule)
                axis = weekend_axis(rule, weekends=len(days), days=self.instance.days)
                component = weekend_counter(rule, weekends=days, shifts=self.shifts)
                counters.append(Counter(rule, component, axis))
        return counters

    def _weekends(self, rule: Weekends) -> Component:
        weekends = self._weekend_days(rule)
        return weekend_component(rule, weekends=weekends, shifts=self.shifts)

    def _weekend_days(self, rule: Weekends) -> list[tuple[int, ...]]:
        return weekends_in(
            rule, days=self.instance.days, first_weekday=self._first_weekday
        )


class RuleBooks:
    """The rule books of an instance, one for all people with equal rules."""

    def __init__(self, instance: Instance) -> None:
        shared: dict[SharedKey, Structure] = {}
        known: dict[tuple[tuple[Rule, ...], tuple[str, ...]], RuleBook] = {}
        self.books: list[RuleBook] = []
        for person in instance.people:
            rules = tuple(
                rule
                for rule in instance.rules_of(person)
                if not is_idle(rule, instance, person)
            )
            key = (rules, person.history)
            if key not in known:
                known[key] = RuleBook(
                    instance, rules=rules, history=person.history, shared=shared
                )
            self.books.append(known[key])


def walked(component: Component, row: Sequence[str]) -> int | None:
    """Return what an automaton makes a row cost, None where it forbids it."""
    state, total = component.start, 0
    for day, shift in enumerate(row):
        move = component.step(state, day=day, letter=component.letter(shift))
        if move is None:
            return None
        state, total = move.state, total + move.cost
    cost = component.finish(state)
    return None if cost is None else total + cost
