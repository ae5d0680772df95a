"""A roster as the sheets of a workbook: the grid, and what its letters mean."""

from datetime import timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from scheduling.hours import MINUTES_AN_HOUR, clock, is_weekend
from scheduling.models import Roster
from scheduling.problems import Cells, instance_of
from scheduling.workbooks.running import Sheet, Value

NAMES = 2  # columns before the days


def sheets_of(roster: Roster, cells: Cells) -> list[Sheet]:
    """Return the grid people by days, and the shift types."""
    return [_grid(roster, cells), _legend(roster)]


def _grid(roster: Roster, cells: Cells) -> Sheet:
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
        rows=[*heads, *rows],
        heads=len(heads),
        frozen="C3",
        widths=(10, 24, *(11 for _day in dates)),
        shaded=[NAMES + day for day, on in enumerate(dates) if is_weekend(on)],
    )


def _legend(roster: Roster) -> Sheet:
    heads: list[Value] = [
        _("Shift"),
        _("Name"),
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
