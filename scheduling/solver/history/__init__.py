"""Past rosters, and what they suggest for the next: proposals, never settings."""

from scheduling.solver.history.proposals import (
    AbsenceRate,
    SwappedAway,
    UsualCover,
    absence_rates,
    demands_of,
    swapped_away,
    usual_cover,
)
from scheduling.solver.history.table import PastCell, read_history, read_history_csv

__all__ = [
    "AbsenceRate",
    "PastCell",
    "SwappedAway",
    "UsualCover",
    "absence_rates",
    "demands_of",
    "read_history",
    "read_history_csv",
    "swapped_away",
    "usual_cover",
]
