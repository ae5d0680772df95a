"""A ward's roster from its problem to what is published, as rows."""

from scheduling.models.aims import Aims
from scheduling.models.explanation import Explanation, ExplanationStatus
from scheduling.models.feed import CalendarFeed
from scheduling.models.holiday import PublicHoliday
from scheduling.models.law import HouseLaw
from scheduling.models.leave import Leave, LeaveKind, LeaveState
from scheduling.models.past import Acceptance, PastRosters, PastSource
from scheduling.models.publication import Publication, PublishedShift
from scheduling.models.request import (
    MOST_POINTS,
    RequestPeriod,
    RequestState,
    ShiftRequest,
    Wish,
)
from scheduling.models.roster import (
    Assignment,
    CellLock,
    Roster,
    RosterPerson,
    RosterState,
    SourceFormat,
)
from scheduling.models.roster_import import RosterImport
from scheduling.models.run import Run, RunStatus
from scheduling.models.swap import OPEN_SWAPS, Stale, Swap, SwapState

__all__ = [
    "MOST_POINTS",
    "OPEN_SWAPS",
    "Acceptance",
    "Aims",
    "Assignment",
    "CalendarFeed",
    "CellLock",
    "Explanation",
    "ExplanationStatus",
    "HouseLaw",
    "Leave",
    "LeaveKind",
    "LeaveState",
    "PastRosters",
    "PastSource",
    "PublicHoliday",
    "Publication",
    "PublishedShift",
    "RequestPeriod",
    "RequestState",
    "Roster",
    "RosterImport",
    "RosterPerson",
    "RosterState",
    "Run",
    "RunStatus",
    "ShiftRequest",
    "SourceFormat",
    "Stale",
    "Swap",
    "SwapState",
    "Wish",
]
