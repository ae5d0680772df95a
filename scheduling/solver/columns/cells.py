"""Cells as numbers: what each may hold and costs by itself, and which demands it serves.

A row is a tuple of codes, one a day: 0 for a free day, then the shifts in their order.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import OFF, Count

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Served = NDArray[np.int8]
Codes = tuple[int, ...]


class Cells:
    """The cells of an instance, as arrays over people, days and codes."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.shifts = (OFF, *(shift.id for shift in instance.shift_types))
        self.code = {shift: code for code, shift in enumerate(self.shifts)}

    @cached_property
    def own(self) -> Numbers:
        """Return what each cell costs its person by itself, infinite where forbidden."""
        instance = self.instance
        shape = (len(instance.people), instance.days, len(self.shifts))
        own = np.full(shape, np.inf)
        for index, person in enumerate(instance.people):
            barred = never_worked(instance, person)
            for day in range(instance.days):
                allowed = instance.allowed(person, day) - barred
                own[index, day, [self.code[shift] for shift in allowed]] = 0.0
        for request in instance.requests:
            index = instance.person_index[request.person]
            weight = np.inf if request.weight is None else float(request.weight)
            asked = np.isin(np.arange(shape[2]), self.codes(request.shifts))
            own[index, request.day, asked != request.is_on] += weight
        return own

    def codes(self, shifts: Iterable[str]) -> list[int]:
        return [self.code[shift] for shift in shifts]

    def row(self, codes: Codes) -> tuple[str, ...]:
        """Return a row as a roster holds it."""
        return tuple(self.shifts[code] for code in codes)


def never_worked(instance: Instance, person: Person) -> frozenset[str]:
    """Return the shifts of which a hard rule allows none in the whole horizon."""
    barred: frozenset[str] = frozenset()
    for rule in instance.rules_of(person):
        if isinstance(rule, Count) and _allows_none(rule):
            barred |= rule.shifts or instance.all_shifts
    return barred


def _allows_none(rule: Count) -> bool:
    is_whole = not rule.window and not rule.days and rule.unit == "shifts"
    return is_whole and rule.at_most == 0 and rule.weight is None


class Cover:
    """Which demands each cell serves, and what people missing or beyond them cost.

    Attributes:
        base: People whom the history already brings to each demand.
        holders: Shape (people, demands): who counts for what.
    """

    def __init__(self, cells: Cells) -> None:
        instance = cells.instance
        self.days, self.codes = instance.days, len(cells.shifts)
        self.at_least = np.array([one.at_least for one in instance.demands], np.int64)
        self.base = np.zeros(len(instance.demands), np.int64)
        self.holders = np.array(
            [
                [
                    not one.skill or person.holds(one.skill, day=one.day)
                    for one in instance.demands
                ]
                for person in instance.people
            ],
            dtype=bool,
        ).reshape(len(instance.people), len(instance.demands))
        served: list[tuple[int, int]] = []  # cell, demand
        for place, demand in enumerate(instance.demands):
            start = demand.day * self.codes
            served += [(start + code, place) for code in cells.codes(demand.shifts)]
            before = cells.codes(demand.shifts_before)
            if demand.day:
                served += [(start - self.codes + code, place) for code in before]
            else:
                self.base[place] = self._from_history(cells, place, before)
        served.sort()
        self.cell = np.array([cell for cell, _ in served], np.intp)
        self.demand = np.array([place for _, place in served], np.intp)
        self._served: dict[int, list[int]] = defaultdict(list)
        for cell, place in served:
            self._served[cell].append(place)

    def _from_history(self, cells: Cells, place: int, before: list[int]) -> int:
        return sum(
            cells.code[person.history[-1] if person.history else OFF] in before
            for person, is_holder in zip(
                cells.instance.people, self.holders[:, place], strict=True
            )
            if is_holder
        )

    def value(self, duals: Numbers, *, people: NDArray[np.intp]) -> Numbers:
        """Return what each cell of some people earns: shape (people, days, codes)."""
        earned = np.empty((len(people), self.days, self.codes))
        known: dict[bytes, Numbers] = {}
        for place, person in enumerate(people):
            held = self.holders[person]
            key = held.tobytes()
            if key not in known:
                weights = (duals * held)[self.demand]
                flat = np.zeros(self.days * self.codes)
                np.add.at(flat, self.cell, weights)
                known[key] = flat.reshape(self.days, self.codes)
            earned[place] = known[key]
        return earned

    def served_in(self, first: int, end: int) -> NDArray[np.intp]:
        """Return the demands that cells of some days serve."""
        day = self.cell // self.codes
        return np.unique(self.demand[(first <= day) & (day < end)])

    def served_by(self, person: int, codes: Codes) -> Served:
        """Return how often a row serves each demand.

        It is twice at most, on its day and from the day before. Many rows are kept, so
        each number takes one byte; numpy adds them up, and up with others, in more.
        """
        held = self.holders[person]
        served = np.zeros(len(held), np.int8)
        for day, code in enumerate(codes):
            for place in self._served.get(day * self.codes + code, ()):
                served[place] += held[place]
        return served
