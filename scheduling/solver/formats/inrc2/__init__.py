"""The second nurse rostering competition: a horizon revealed week by week.

A shift with the skill it is worked in is a shift type of its own, so that one cell says
both; its `group` is the shift. Weights and rules are the competition's.

References:
    S. Ceschia, N. Dang, P. De Causmaecker, S. Haspeslagh, A. Schaerf: Second
    international nurse rostering competition, 2015. https://arxiv.org/abs/1501.04177
"""

from scheduling.solver.formats.inrc2.competition import (
    Competition,
    read_competition,
    read_inrc2,
)
from scheduling.solver.formats.inrc2.history import History, NurseHistory, read_history
from scheduling.solver.formats.inrc2.scenario import Scenario, read_scenario
from scheduling.solver.formats.inrc2.solution import read_solution, write_solution
from scheduling.solver.formats.inrc2.week import Week, read_week

__all__ = [
    "Competition",
    "History",
    "NurseHistory",
    "Scenario",
    "Week",
    "read_competition",
    "read_history",
    "read_inrc2",
    "read_scenario",
    "read_solution",
    "read_week",
    "write_solution",
]
