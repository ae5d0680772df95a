"""A ward's people and demand as a workbook that can be read again; and its template."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scheduling.exports.export import XLSX, Export, NotMade
from scheduling.importing import RawTable, Tongue, example_tables, ward_tables
from scheduling.importing.tables import next_monday
from scheduling.models import Roster
from scheduling.problems import instance_of
from scheduling.workbooks.running import Sheet, WorkbookError, workbook

WIDTH, WIDEST = 18, 80


def ward_export(roster: Roster) -> Export:
    """Return the people, shifts, contracts, demand, leave and requests of a roster.

    Raises:
        NotMade: The workbook took too long.
    """
    tables = tables_now(roster, tongue=_tongue())
    name = f"ward-{roster.start:%Y-%m-%d}-{str(roster.pk)[:8]}.xlsx"
    return _export(name, tables)


def tables_now(roster: Roster, *, tongue: Tongue) -> list[RawTable]:
    """Return the tables of a roster's ward as its problem is now."""
    tied = roster.people.filter(user__isnull=False)
    accounts = dict(tied.values_list("key", "user__username"))
    return ward_tables(instance_of(roster), accounts=accounts, tongue=tongue)


def template(today: date) -> Export:
    """Return a workbook to be filled, with a ward of nobody real as its example.

    Raises:
        NotMade: The workbook took too long.
    """
    tables = example_tables(next_monday(today), tongue=_tongue())
    return _export("ward-template.xlsx", tables, notes=_notes())


def _tongue() -> Tongue:
    return Tongue(is_chinese=(get_language() or "").startswith("zh"))


def _export(
    name: str, tables: Iterable[RawTable], *, notes: Iterable[str] = ()
) -> Export:
    sheets = [
        Sheet(title=one.title, rows=_rows(one), widths=[WIDTH] * len(one.rows[0]))
        for one in tables
    ]
    if lines := [[line] for line in notes]:
        sheets.append(Sheet(title=_("How to fill it"), rows=lines, widths=[WIDEST]))
    try:
        return Export(name, XLSX, workbook(sheets))
    except WorkbookError as error:
        raise NotMade(
            _("The workbook could not be made now. Try again in a moment."),
            code="workbook_not_made",
        ) from error


def _rows(table: RawTable) -> list[list[str | int | float | None]]:
    return [list(row) for row in table.rows]


def _notes() -> list[str]:
    return [
        _("How to fill it"),
        _("Nobody here is real: write over the rows. Columns may stand in any order."),
        _("Columns of your own are left alone. Shifts and Contracts may be left out."),
        _("Skills: separate them by commas; a last day stands in brackets behind one."),
        _("Share: 0.5 for half a post; empty for what the contract says."),
        _(
            "Most hours in days: 48 in 7 for at most 48 hours in any seven days in a"
            " row; several are parted by commas."
        ),
        _(
            "Demand: a weekday such as Mon-Fri, weekend or every day; or a date, which"
            " overrules its weekday."
        ),
        _(
            "Least and most: people needed for a shift; with a skill, people who have it."
        ),
        _(
            "Times in place of a shift, such as 07:00-10:00: people needed throughout"
            " them, whichever shifts they work."
        ),
        _("On call: site or home, where a shift is no ordinary one; home is no work."),
        _(
            "Charge nurse: yes for who may be in charge; ask for one as the skill charge"
            " nurse of a shift."
        ),
        _(
            "For each, of those with: a mix of skills, such as least 1 senior for each 3"
            " of those with junior."
        ),
        _(
            "Requests: off or on; without a shift, the whole day. Weight: what it costs"
            " where it is not kept; empty for 100 (off) and 60 (on)."
        ),
        _("Pairs: together or apart; without shifts, on all of them."),
        _(
            "Dates as 2026-01-31, times as 07:00; a shift that ends before it starts ends"
            " the next day."
        ),
    ]
