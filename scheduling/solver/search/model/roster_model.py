"""The model of a roster under construction: cells, rules kept, costs charged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Tier, Weight
from scheduling.solver.search.model.cells import Cells
from scheduling.solver.search.model.linear import ONE, Linear, LinearModel


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is kept or charged: whose rule, and on which days.

    Attributes:
        person: Empty where it is no one person's.
    """

    person: str
    rule: str
    days: tuple[int, ...]
    tier: Tier = "contract"


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the objective: `weight` for each unit of `units`."""

    reason: Reason
    units: Linear
    weight: int


class RosterModel:
    """A linear model whose variables are the cells of a roster.

    Attributes:
        linear: What a solver reads.
        cells: The variables of each cell.
        terms: The objective in parts, constants among them.
        guards: With `is_guarded`, the variable that switches each hard rule on.
    """

    def __init__(
        self,
        instance: Instance,
        cells: Cells,
        linear: LinearModel,
        *,
        is_guarded: bool = False,
    ) -> None:
        self.instance = instance
        self.linear = linear
        self.cells = cells
        self.terms: list[Term] = []
        self.guards: dict[Reason, int] = {}
        self._is_guarded = is_guarded

    @property
    def is_guarded(self) -> bool:
        return self._is_guarded

    def keep(
        self,
        expression: Linear,
        *,
        reason: Reason,
        weight: Weight,
        low: int | None = None,
        high: int | None = None,
    ) -> None:
        """Hold an expression within a range: always, or at a weight for each unit off."""
        if weight is None:
            self.require(expression, reason=reason, low=low, high=high)
            return
        if high is not None:
            self._charge_excess(expression.plus(-high), reason, weight)
        if low is not None:
            self._charge_excess(expression.times(-1).plus(low), reason, weight)

    def require(
        self,
        expression: Linear,
        *,
        reason: Reason,
        low: int | None = None,
        high: int | None = None,
    ) -> None:
        """Hold an expression within a range."""
        least, most = self.linear.range_of(expression)
        if (low is None or least >= low) and (high is None or most <= high):
            return
        guard = self._guard(reason) if self._is_guarded else None
        self.linear.require(expression, low=low, high=high, guard=guard)

    def charge(self, units: Linear, *, reason: Reason, weight: int) -> None:
        """Charge a weight for each unit; the units must never fall below 0."""
        if weight and (units.terms or units.const):
            self.terms.append(Term(reason, units, weight))

    def keep_none(
        self, breaches: Sequence[Linear], *, reason: Reason, weight: Weight
    ) -> None:
        """Hold each breach at 0 or below, or charge one unit where any is above."""
        ranges = [self.linear.range_of(breach) for breach in breaches]
        possible = [
            breach
            for breach, (_, most) in zip(breaches, ranges, strict=True)
            if most > 0
        ]
        if weight is None:
            for breach in possible:
                self.require(breach, reason=reason, high=0)
        elif any(least > 0 for least, _most in ranges):
            self.charge(ONE, reason=reason, weight=weight)
        elif possible and weight:
            any_of = self.linear.variable()
            for breach in possible:
                self.linear.require(breach - any_of, high=0)
            self.charge(any_of, reason=reason, weight=weight)

    def weigh(self, weight_of: Callable[[Term], int]) -> None:
        """Make the objective of the terms, each at the weight that is said."""
        self.linear.cost.clear()
        self.linear.offset = self.instance.offset
        for term in self.terms:
            self.linear.minimize(term.units, weight=weight_of(term))

    def roster(self, values: Sequence[int]) -> Roster:
        """Return the roster that a solver's values mean."""
        return self.cells.roster(values)

    def _charge_excess(self, above: Linear, reason: Reason, weight: int) -> None:
        """Charge what an expression lies above 0."""
        least, most = self.linear.range_of(above)
        if most <= 0 or not weight:
            return
        if least >= 0:
            self.charge(above, reason=reason, weight=weight)
            return
        excess = self.linear.variable(0, most)
        self.linear.require(above - excess, high=0)
        self.charge(excess, reason=reason, weight=weight)

    def _guard(self, reason: Reason) -> int:
        if reason not in self.guards:
            ((variable, _by),) = self.linear.variable().terms
            self.guards[reason] = variable
        return self.guards[reason]


def everything(instance: Instance) -> tuple[str, ...]:
    """Return what a cell can hold at all: every shift, and the free day."""
    return (OFF, *(shift.id for shift in instance.shift_types))
