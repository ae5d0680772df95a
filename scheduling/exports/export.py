"""Chooses what of a roster goes into a file, and which file it becomes."""

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hospital.core.errors import Conflict, DomainError, InvalidInput
from scheduling.exports.calendar import calendar_of
from scheduling.exports.grid import sheets_of
from scheduling.exports.notice import PAPERS, notice_pdf, pages_needed
from scheduling.models import PublishedShift, Roster
from scheduling.problems import Cells, cells_of, instance_of
from scheduling.showing.board import board_of
from scheduling.solver.formats import write_roster_csv
from scheduling.solver.roster import Roster as Grid
from scheduling.workbooks.running import WorkbookError, workbook

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
A4 = "a4"
MOST_PAGES = 60  # of a PDF; it takes about a second
ICS = "text/calendar; charset=utf-8"
COMPUTED = ("=", "+", "-", "@", "\t", "\r")  # how what a spreadsheet computes begins
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be downloaded."""

    name: str
    media_type: str
    content: bytes


class NotMade(DomainError):
    """The file could not be made now."""

    status = 503


def export_of(
    roster: Roster,
    *,
    ending: str,
    person: str | None,
    is_published: bool,
    paper: str = A4,
) -> Export:
    """Return a roster as a file.

    Args:
        roster: Whose cells.
        ending: `csv`, `xlsx`, `ics` or `pdf`.
        person: Whose row alone, by key; None for everybody's.
        is_published: As it is published, not as it is worked on.
        paper: The size of a PDF's pages.

    Raises:
        InvalidInput: The roster has no such person, the paper is unknown, or it would
            take more pages than anybody hangs up.
        Conflict: It was never published.
        NotMade: The workbook took too long.
    """
    cells = _chosen(roster, person=person, is_published=is_published)
    name = f"roster-{roster.start:%Y-%m-%d}-{str(roster.pk)[:8]}.{ending}"
    if ending == "xlsx":
        return Export(name, XLSX, _workbook(roster, cells))
    if ending == "ics":
        return Export(name, ICS, calendar_of(roster, cells, is_one=person is not None))
    if ending == "pdf":
        return Export(
            name, PDF, _notice(roster, cells, paper, is_published=is_published)
        )
    return Export(name, CSV, _csv(roster, cells).encode())


def _chosen(roster: Roster, *, person: str | None, is_published: bool) -> Cells:
    if is_published and roster.current_id is None:
        raise Conflict(
            _("This roster was not published yet."), code="roster_not_published"
        )
    if person is not None and person not in instance_of(roster).person_index:
        message = _("The roster has no person %(person)s.") % {"person": person}
        raise InvalidInput(message, code="invalid", fields={"person": [message]})
    cells = published_cells(roster) if is_published else cells_of(roster)
    return {
        (key, day): shift
        for (key, day), shift in cells.items()
        if person in (None, key)
    }


def published_cells(roster: Roster) -> Cells:
    shifts = PublishedShift.objects.filter(publication=roster.current_id)
    rows = shifts.values_list("person__key", "day", "shift")
    return {(key, day): shift for key, day, shift in rows}


def _csv(roster: Roster, cells: Cells) -> str:
    """Return the CSV with a quote before each id that a spreadsheet would compute."""
    instance = instance_of(roster)
    text = write_roster_csv(instance, Grid.of(instance, cells))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in csv.reader(io.StringIO(text, newline="")):
        writer.writerow(f"'{one}" if one.startswith(COMPUTED) else one for one in row)
    return out.getvalue()


def _notice(roster: Roster, cells: Cells, paper: str, *, is_published: bool) -> bytes:
    if paper not in PAPERS:
        message = _("There is paper in the sizes %(sizes)s.") % {
            "sizes": ", ".join(PAPERS)
        }
        raise InvalidInput(message, code="invalid", fields={"paper": [message]})
    people = len(instance_of(roster).people)
    pages = pages_needed(PAPERS[paper], people=people, days=roster.days)
    if pages > MOST_PAGES:
        raise InvalidInput(
            _("This would be %(count)d pages; take the workbook instead.")
            % {"count": pages},
            code="too_many_pages",
        )
    return notice_pdf(
        roster,
        board_of(roster, cells),
        paper=PAPERS[paper],
        publication=roster.current if is_published else None,
    )


def _workbook(roster: Roster, cells: Cells) -> bytes:
    try:
        return workbook(sheets_of(roster, cells))
    except WorkbookError as error:
        raise NotMade(
            _("The workbook could not be made now; the CSV holds the same."),
            code="workbook_not_made",
        ) from error
