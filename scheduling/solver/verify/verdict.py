"""What a judge of rosters says: hard rules broken, soft rules paid for, the total."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduling.solver.rules import Tier, Weight

Values = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that is broken.

    Attributes:
        person: Whose row breaks it; empty where no one person does.
        rule: The rule's name.
        days: The days of the cells to look at.
        template: The message with its values left open, for translators.
        values: What fills the template.
    """

    person: str
    rule: str
    days: tuple[int, ...]
    template: str
    values: Values

    @property
    def message(self) -> str:
        return self.template % dict(self.values)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one breach of a soft rule costs; the attributes as of a violation."""

    person: str
    rule: str
    days: tuple[int, ...]
    template: str
    values: Values
    tier: Tier
    cost: int

    @property
    def message(self) -> str:
        return self.template % dict(self.values)


Breach = Violation | Cost


@dataclass(frozen=True, slots=True)
class Stake:
    """The name, tier and weight under which breaches of one rule are told."""

    rule: str
    tier: Tier
    weight: Weight

    def breach(
        self,
        template: str,
        *,
        person: str,
        days: Sequence[int],
        units: int,
        values: Values,
    ) -> Breach:
        """Return the violation, or the cost of `units` broken, with its words."""
        if self.weight is None:
            return Violation(person, self.rule, tuple(days), template, values)
        cost = self.weight * units
        return Cost(person, self.rule, tuple(days), template, values, self.tier, cost)


@dataclass(frozen=True)
class Verdict:
    """The whole judgment of one roster; `objective` is what its format publishes."""

    objective: int
    hard: tuple[Violation, ...]
    costs: tuple[Cost, ...]

    @classmethod
    def of(cls, breaches: Iterable[Breach], *, offset: int) -> "Verdict":
        hard: list[Violation] = []
        costs: list[Cost] = []
        total = offset
        for one in breaches:
            if isinstance(one, Violation):
                hard.append(one)
            elif one.cost:
                costs.append(one)
                total += one.cost
        return cls(total, tuple(hard), tuple(costs))

    @property
    def is_legal(self) -> bool:
        return not self.hard

    @cached_property
    def penalties(self) -> dict[str, int]:
        """Cost of each rule that costs something, by its name."""
        total: dict[str, int] = {}
        for one in self.costs:
            total[one.rule] = total.get(one.rule, 0) + one.cost
        return total
