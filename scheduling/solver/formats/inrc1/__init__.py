"""The text form of the first nurse rostering competition.

Cover and one shift a day are hard, everything else costs what the file says. The horizon
stands alone: a run at its edge counts with the days it has there. The times of shifts
forbid nothing: one may begin before the night of the day before ends.

References:
    S. Haspeslagh, P. De Causmaecker, A. Schaerf, M. Stolevik: The first international
    nurse rostering competition 2010, Annals of Operations Research 218, 2014.
"""

from scheduling.solver.formats.inrc1.reader import read_inrc1

__all__ = ["read_inrc1"]
