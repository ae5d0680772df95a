"""A linear model over whole numbers that no solver owns: CP-SAT and HiGHS both read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field


class Linear:
    """A sum of whole multiples of variables, and a constant."""

    __slots__ = ("const", "terms")

    def __init__(self, terms: tuple[tuple[int, int], ...] = (), const: int = 0) -> None:
        """Make one.

        Args:
            terms: Pairs of variable and factor.
            const: What is added.
        """
        self.terms = terms
        self.const = const

    def __add__(self, other: "Linear") -> "Linear":
        return Linear(self.terms + other.terms, self.const + other.const)

    def __sub__(self, other: "Linear") -> "Linear":
        return self + other.times(-1)

    def plus(self, const: int) -> "Linear":
        return Linear(self.terms, self.const + const)

    def times(self, factor: int) -> "Linear":
        terms = tuple((variable, factor * by) for variable, by in self.terms)
        return Linear(terms, factor * self.const)

    def complement(self) -> "Linear":
        """Return 1 - self."""
        return Linear(
            tuple((variable, -by) for variable, by in self.terms), 1 - self.const
        )

    @property
    def is_constant(self) -> bool:
        return not self.terms

    def value(self, values: "list[int] | tuple[int, ...]") -> int:
        """Return what it is worth where each variable has its value."""
        return self.const + sum(by * values[variable] for variable, by in self.terms)


ZERO = Linear()
ONE = Linear(const=1)


def total(parts: Iterable[Linear]) -> Linear:
    """Return the sum of all parts."""
    terms: list[tuple[int, int]] = []
    const = 0
    for part in parts:
        terms.extend(part.terms)
        const += part.const
    return Linear(tuple(terms), const)


@dataclass(frozen=True, slots=True)
class Row:
    """`low <= sum of terms <= high`; None is no limit.

    Attributes:
        guard: A variable that must be 1 for the row to count; None for always.
    """

    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None
    guard: int | None = None


@dataclass(slots=True)
class LinearModel:
    """Variables with their ranges, rows, and what is to be made small.

    Attributes:
        lower, upper: The range of each variable.
        cost: Cost of one unit of a variable.
        offset: Cost that is there anyway.
    """

    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    cost: dict[int, int] = field(default_factory=dict)
    offset: int = 0

    def variable(self, lower: int = 0, upper: int = 1) -> Linear:
        """Return a new variable."""
        self.lower.append(lower)
        self.upper.append(upper)
        return Linear(((len(self.lower) - 1, 1),))

    def range_of(self, expression: Linear) -> tuple[int, int]:
        """Return the least and the most it can be by its variables' ranges alone."""
        low = high = expression.const
        for variable, by in expression.terms:
            ends = by * self.lower[variable], by * self.upper[variable]
            low += min(ends)
            high += max(ends)
        return low, high

    def require(
        self,
        expression: Linear,
        *,
        low: int | None = None,
        high: int | None = None,
        guard: int | None = None,
    ) -> None:
        """Add a row, unless it says nothing."""
        terms = _merged(expression.terms)
        merged = Linear(terms, expression.const)
        least, most = self.range_of(merged)
        if low is not None and least >= low:
            low = None
        if high is not None and most <= high:
            high = None
        if low is None and high is None:
            return
        low = None if low is None else low - expression.const
        high = None if high is None else high - expression.const
        self.rows.append(Row(terms, low, high, guard))

    def minimize(self, expression: Linear, *, weight: int) -> None:
        """Add `weight` times the expression to the objective."""
        self.offset += weight * expression.const
        for variable, by in expression.terms:
            self.cost[variable] = self.cost.get(variable, 0) + weight * by


def _merged(terms: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    factors: dict[int, int] = {}
    for variable, by in terms:
        factors[variable] = factors.get(variable, 0) + by
    if len(factors) == len(terms):
        return terms
    return tuple((variable, by) for variable, by in factors.items() if by)
