"""Where a roster's cost comes from: by tier, rule, person, day and cell."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

from scheduling.solver.rules import Tier
from scheduling.solver.verify.verdict import Verdict

Cell = tuple[str, int]  # person id, day
Key = TypeVar("Key")
Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The costs of a roster, added up.

    Attributes:
        by_person: Costs that are no one person's stand under the empty id.
        by_day, by_cell: A cost of several days is shared out evenly among them, so the
            days add up to the total too.
        offset: What the format adds to every roster.
    """

    total: int
    offset: int
    by_tier: dict[Tier, int]
    by_rule: dict[str, int]
    by_person: dict[str, int]
    by_day: dict[int, float]
    by_cell: dict[Cell, float]


def score(verdict: Verdict) -> Score:
    """Return where the cost of a judged roster comes from, dearest first."""
    by_tier: dict[Tier, int] = defaultdict(int)
    by_rule: dict[str, int] = defaultdict(int)
    by_person: dict[str, int] = defaultdict(int)
    by_day: dict[int, float] = defaultdict(float)
    by_cell: dict[Cell, float] = defaultdict(float)
    for one in verdict.costs:
        by_tier[one.tier] += one.cost
        by_rule[one.rule] += one.cost
        by_person[one.person] += one.cost
        for day in one.days:
            share = one.cost / len(one.days)
            by_day[day] += share
            if one.person:
                by_cell[one.person, day] += share
    return Score(
        total=verdict.objective,
        offset=verdict.objective - sum(one.cost for one in verdict.costs),
        by_tier=_dearest(by_tier),
        by_rule=_dearest(by_rule),
        by_person=_dearest(by_person),
        by_day=_dearest(by_day),
        by_cell=_dearest(by_cell),
    )


def _dearest(costs: dict[Key, Number]) -> dict[Key, Number]:
    return dict(sorted(costs.items(), key=lambda item: -item[1]))
