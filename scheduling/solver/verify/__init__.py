"""The independent judge of rosters; it never imports the search."""

from scheduling.solver.verify.judge import Judge, Judged, verify
from scheduling.solver.verify.score import Score, score
from scheduling.solver.verify.verdict import Cost, Verdict, Violation
from scheduling.solver.verify.weekends import weekends_of

__all__ = [
    "Cost",
    "Judge",
    "Judged",
    "Score",
    "Verdict",
    "Violation",
    "score",
    "verify",
    "weekends_of",
]
