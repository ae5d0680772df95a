"""A ward's people and demand from tables, and back to tables.

Pure: XLSX becomes `RawTable`s in a child of `scheduling.workbooks`, CSV here.
"""

from scheduling.importing.changing import changed
from scheduling.importing.differences import Differences
from scheduling.importing.example import example_tables
from scheduling.importing.files import csv_table
from scheduling.importing.flaws import Flaw, Flaws, flaw
from scheduling.importing.headings import Tongue
from scheduling.importing.moments import times_named
from scheduling.importing.moving import HISTORY_DAYS, next_period, with_history
from scheduling.importing.preview import preview
from scheduling.importing.problem import with_leave_counted
from scheduling.importing.reader import Reading, read_ward, sheets_of
from scheduling.importing.table import RawTable
from scheduling.importing.tables import ward_tables
from scheduling.importing.ward import Need, Period, Staff, Terms, Ward

__all__ = [
    "HISTORY_DAYS",
    "Differences",
    "Flaw",
    "Flaws",
    "Need",
    "Period",
    "RawTable",
    "Reading",
    "Staff",
    "Terms",
    "Tongue",
    "Ward",
    "changed",
    "csv_table",
    "example_tables",
    "flaw",
    "next_period",
    "preview",
    "read_ward",
    "sheets_of",
    "times_named",
    "ward_tables",
    "with_history",
    "with_leave_counted",
]
