"""Chooses what of a roster goes into a file, and which file it becomes."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hospital.core.errors import Conflict, DomainError, InvalidInput
from scheduling.exports.calendar import calendar_of
from scheduling.exports.grid import sheets_of
from scheduling.exports.notice import PAPERS, notice_pdf, pages_needed
from scheduling.models import Publication, PublishedShift, Roster
from scheduling.problems import Cells, cells_of, instance_of
from scheduling.showing.board import board_of
from scheduling.showing.uncovered import gaps_of, uncovered_of
from scheduling.solver.formats import write_roster_csv
from scheduling.solver.roster import Roster as Grid
from scheduling.workbooks.running import WorkbookError, workbook

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
A4 = "a4"
MOST_PAGES = 60  # of a PDF; it takes about a second
ICS = "text/calendar; charset=utf-8"
COMPUTED = ("=", "+", "-", "@", "\t", "\r")  # how what a spreadsheet computes begins
UNCOVERED_HEADER = ("day", "date", "need", "needed", "planned", "missing")
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
    tells_gaps: bool = False,
    paper: str = A4,
) -> Export:
    """Return a roster as a file.

    Args:
        roster: Whose cells.
        ending: `csv`, `xlsx`, `ics` or `pdf`.
        person: Whose row alone, by key; None for everybody's.
        is_published: As it is published, not as it is worked on.
        tells_gaps: With what is uncovered; of everybody's roster alone.
        paper: The size of a PDF's pages.

    Raises:
        InvalidInput: The roster has no such person, the paper is unknown, or it would
            take more pages than anybody hangs up.
        Conflict: It was never published.
        NotMade: The workbook took too long.
    """
    cells = _chosen(roster, person=person, is_published=is_published)
    name = f"{_named('roster', roster)}.{ending}"
    has_gaps = tells_gaps and person is None
    if ending == "xlsx":
        return Export(name, XLSX, _workbook(roster, cells, has_gaps=has_gaps))
    if ending == "ics":
        return Export(name, ICS, calendar_of(roster, cells, is_one=person is not None))
    if ending == "pdf":
        publication = roster.current if is_published else None
        content = _notice(roster, cells, paper, publication, has_gaps=has_gaps)
        return Export(name, PDF, content)
    return Export(name, CSV, _csv(roster, cells).encode())


def uncovered_export(roster: Roster, *, is_published: bool) -> Export:
    """Return as CSV what a roster leaves uncovered: a row for each need and day.

    It is a file of its own, because the roster's CSV holds worked cells and nothing else.

    Raises:
        Conflict: It was never published.
    """
    cells = _chosen(roster, person=None, is_published=is_published)
    rows = [
        (
            gap.cover.day.day,
            gap.cover.day.date.isoformat(),
            gap.need,
            *(gap.cover.least, gap.cover.count, gap.cover.missing),
        )
        for gap in gaps_of(uncovered_of(roster, cells))
    ]
    content = _safe_csv([UNCOVERED_HEADER, *rows]).encode()
    return Export(f"{_named('uncovered', roster)}.csv", CSV, content)


def _named(kind: str, roster: Roster) -> str:
    return f"{kind}-{roster.start:%Y-%m-%d}-{str(roster.pk)[:8]}"


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
    instance = instance_of(roster)
    text = write_roster_csv(instance, Grid.of(instance, cells))
    return _safe_csv(csv.reader(io.StringIO(text, newline="")))


def _safe_csv(rows: Iterable[Iterable[object]]) -> str:
    """Return CSV with a quote before each text that a spreadsheet would compute."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        texts = map(str, row)
        writer.writerow(f"'{one}" if one.startswith(COMPUTED) else one for one in texts)
    return out.getvalue()


def _notice(
    roster: Roster,
    cells: Cells,
    paper: str,
    publication: Publication | None,
    *,
    has_gaps: bool,
) -> bytes:
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
        publication=publication,
        has_gaps=has_gaps,
    )


def _workbook(roster: Roster, cells: Cells, *, has_gaps: bool) -> bytes:
    uncovered = uncovered_of(roster, cells) if has_gaps else None
    try:
        return workbook(sheets_of(roster, cells, uncovered))
    except WorkbookError as error:
        raise NotMade(
            _("The workbook could not be made now; the CSV holds the same."),
            code="workbook_not_made",
        ) from error
