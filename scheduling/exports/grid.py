"""A roster as the sheets of a workbook: the grid, what is uncovered, and its letters."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduling.hours import MINUTES_AN_HOUR, clock, is_weekend
from scheduling.models import Roster
from scheduling.problems import Cells, instance_of
from scheduling.showing.board import CoverRow
from scheduling.showing.uncovered import gaps_of
from scheduling.workbooks.running import Sheet, Value

NAMES = 2  # columns before the days


def sheets_of(
    roster: Roster, cells: Cells, uncovered: Sequence[CoverRow] | None
) -> list[Sheet]:
    """Return the grid people by days, what is uncovered, and the shift types.

    Args:
        roster: Whose people and days.
        cells: What is worked.
        uncovered: Needs in which somebody is missing; None where the file is silent
            about them.
    """
    grid, legend = _grid(roster, cells, uncovered or ()), _legend(roster)
    return [grid, legend] if uncovered is None else [grid, _gaps(uncovered), legend]


def _grid(roster: Roster, cells: Cells, uncovered: Sequence[CoverRow]) -> Sheet:
    dates = [roster.start + timedelta(days=day) for day in range(roster.days)]
    heads = [
        ["", "", *(on.isoformat() for on in dates)],
        [_("Id"), _("Name"), *(formats.date_format(on, "D") for on in dates)],
    ]
    rows = [
        [key, name, *(cells.get((key, day), "") for day in range(roster.days))]
        for key, name in roster.people.values_list("key", "name")
        if any((key, day) in cells for day in range(roster.days))
    ]
    return Sheet(
        title=_("Roster"),
        rows=[*heads, *rows, *_missing(uncovered)],
        heads=len(heads),
        frozen="C3",
        widths=(10, 24, *(11 for _day in dates)),
        shaded=[NAMES + day for day, on in enumerate(dates) if is_weekend(on)],
    )


def _missing(uncovered: Sequence[CoverRow]) -> list[list[Value]]:
    """Return below the people a row for each need: how many are missing on which day."""
    rows: list[list[Value]] = [
        [
            "",
            _("Uncovered: %(need)s") % {"need": row.name},
            *(-cell.missing if cell and cell.missing else "" for cell in row.cells),
        ]
        for row in uncovered
    ]
    return [[], *rows] if rows else []


def _gaps(uncovered: Sequence[CoverRow]) -> Sheet:
    heads: list[Value] = [
        _("Date"),
        _("Weekday"),
        _("Need"),
        _("Needed"),
        _("Planned"),
        _("Missing"),
    ]
    rows: list[list[Value]] = [
        [
            gap.cover.day.date.isoformat(),
            formats.date_format(gap.cover.day.date, "l"),
            gap.need,
            gap.cover.least,
            gap.cover.count,
            gap.cover.missing,
        ]
        for gap in gaps_of(uncovered)
    ]
    return Sheet(
        title=_("Uncovered"),
        rows=[heads, *(rows or [[_("Every need is covered.")]])],
        widths=(24, 12, 24, 10, 10, 10),
    )


def _legend(roster: Roster) -> Sheet:
    heads: list[Value] = [
        _("Shift"),
        pgettext("of a thing", "Name"),
        _("Starts"),
        _("Ends"),
        _("Paid hours"),
    ]
    rows: list[list[Value]] = [
        [
            shift.id,
            shift.name,
            clock(shift.start_minute),
            clock(shift.end_minute),
            shift.minutes / MINUTES_AN_HOUR,
        ]
        for shift in instance_of(roster).shift_types
    ]
    return Sheet(title=_("Shifts"), rows=[heads, *rows], widths=(10, 24, 10, 10, 12))
