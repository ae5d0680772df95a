"""A ward's roster from its problem to what is published, as rows."""

from scheduling.models.feed import CalendarFeed
from scheduling.models.publication import Publication, PublishedShift
from scheduling.models.roster import (
    Assignment,
    CellLock,
    Roster,
    RosterPerson,
    RosterState,
    SourceFormat,
)
from scheduling.models.run import Run, RunStatus

__all__ = [
    "Assignment",
    "CalendarFeed",
    "CellLock",
    "Publication",
    "PublishedShift",
    "Roster",
    "RosterPerson",
    "RosterState",
    "Run",
    "RunStatus",
    "SourceFormat",
]
