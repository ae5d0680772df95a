"""Fairness: who bore what, what is fair next, and what matters most."""

from scheduling.solver.fairness.burden import (
    KINDS,
    Burden,
    FairnessError,
    Kind,
    burdens,
)
from scheduling.solver.fairness.shares import (
    FairShare,
    fair_targets,
    fairness_report,
    with_fair_shares,
)
from scheduling.solver.fairness.tiers import (
    DEFAULT_ORDER,
    TierOrder,
    solve_in_order,
    stage_of,
    tier_costs,
)

__all__ = [
    "DEFAULT_ORDER",
    "KINDS",
    "Burden",
    "FairShare",
    "FairnessError",
    "Kind",
    "TierOrder",
    "burdens",
    "fair_targets",
    "fairness_report",
    "solve_in_order",
    "stage_of",
    "tier_costs",
    "with_fair_shares",
]
