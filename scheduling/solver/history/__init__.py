"""Past rosters, and what they suggest for the next: proposals, never settings."""

from scheduling.solver.history.past import PastCell
from scheduling.solver.history.proposals import (
    AbsenceRate,
    SwappedAway,
    UsualCover,
    absence_rates,
    demands_of,
    swapped_away,
    usual_cover,
)
from scheduling.solver.history.reserve import (
    reserve_for,
    with_reserve,
    without_reserve,
)
from scheduling.solver.history.sharing import most_of, with_shared, without_shared

__all__ = [
    "AbsenceRate",
    "PastCell",
    "SwappedAway",
    "UsualCover",
    "absence_rates",
    "demands_of",
    "most_of",
    "reserve_for",
    "swapped_away",
    "usual_cover",
    "with_reserve",
    "with_shared",
    "without_reserve",
    "without_shared",
]
