"""A roster on paper for the notice board: pages in landscape, heads and legend on each.

Shifts keep the shapes that they have on the screen, so that a grey print tells them apart.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from hospital.core.lettering import draw, shortened, width
from scheduling.models import Publication, Roster
from scheduling.showing.board import (
    NIGHT,
    Board,
    BoardCell,
    BoardRow,
    Cover,
    CoverRow,
    Day,
    Look,
)
from scheduling.showing.uncovered import uncovered

MARGIN = 12 * mm
TITLE, HEAD, LINE = 44.0, 32.0, 13.0  # heights: the title, the days, a line below
NAME = 118.0  # width of the names
TALLEST = 24.0  # of a row, where few people leave room
SHADE = colors.Color(0.92, 0.93, 0.94)
INK, SOFT, RULE = (
    colors.black,
    colors.Color(0.35, 0.38, 0.4),
    colors.Color(0.7, 0.72, 0.74),
)
DARK = colors.Color(0.2, 0.25, 0.45)
ALARM = colors.Color(0.65, 0.1, 0.1)
# The ground of each tone; its shape is what a grey print keeps.
GROUNDS = {
    "1": colors.Color(1.0, 0.95, 0.82),
    "2": colors.Color(0.87, 0.96, 0.9),
    "3": colors.Color(1.0, 0.9, 0.89),
    "4": colors.Color(0.86, 0.95, 0.97),
    "5": colors.white,
    NIGHT: DARK,
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper, and what of a roster a page of it takes at most."""

    size: tuple[float, float]
    days: int
    row: float  # the lowest row that is still read from a step away


PAPERS = {
    "a4": Paper(landscape(A4), days=31, row=15.0),
    "a3": Paper(landscape(A3), days=42, row=18.0),
}


Row = BoardRow | CoverRow  # a person, or a need that is uncovered


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page: some days of some people, below them what is uncovered."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]


def pages_needed(paper: Paper, *, people: int, days: int) -> int:
    """Return about how many pages a roster takes, before any is drawn."""
    return ceil(people / _most_rows(paper)) * ceil(days / (paper.days - 6))


def notice_pdf(
    roster: Roster,
    board: Board,
    *,
    paper: Paper,
    publication: Publication | None,
    has_gaps: bool = False,
) -> bytes:
    """Return a roster as PDF; a working copy says on every page that it is one."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=paper.size)
    canvas.setTitle(roster.name)
    canvas.setAuthor(settings.SITE_NAME)
    gaps = uncovered(board.covers) if has_gaps else []
    pages = list(_pages(board, [*board.rows, *gaps], paper))
    for number, page in enumerate(pages, start=1):
        if publication is None:
            _draw_watermark(canvas, paper)
        _draw_title(canvas, paper, roster, publication)
        _draw_grid(canvas, paper, page)
        _draw_legend(canvas, paper, board.looks)
        place = _("Page %(number)d of %(count)d") % {
            "number": number,
            "count": len(pages),
        }
        _write(canvas, _foot(place), MARGIN, MARGIN - 4, size=7.5, ink=SOFT)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _pages(board: Board, rows: Sequence[Row], paper: Paper) -> Iterator[Page]:
    """Yield whole weeks as far as they fit, and the rows in equal groups."""
    groups = ceil(len(rows) / _most_rows(paper)) or 1
    each = ceil(len(rows) / groups) or 1
    for first, last in _spans(board, paper.days):
        for start in range(0, max(len(rows), 1), each):
            cut = tuple(_cut(r, first, last) for r in rows[start : start + each])
            yield Page(board.days[first:last], cut)


def _spans(board: Board, most: int) -> Iterator[tuple[int, int]]:
    first = last = 0
    for _start, count in board.weeks:
        if last + count - first > most:
            yield first, last
            first = last
        last += count
    yield first, last


def _cut(row: Row, first: int, last: int) -> Row:
    if isinstance(row, CoverRow):
        return replace(row, cells=row.cells[first:last])
    return BoardRow.of(row.person, row.cells[first:last])


def _most_rows(paper: Paper) -> int:
    return int(_body(paper) / paper.row)


def _body(paper: Paper) -> float:
    """Return the height that a page has for rows, above three lines of legend."""
    return paper.size[1] - 2 * MARGIN - TITLE - HEAD - 4 * LINE


def _draw_title(
    canvas: Canvas, paper: Paper, roster: Roster, publication: Publication | None
) -> None:
    top = paper.size[1] - MARGIN
    room = paper.size[0] - 2 * MARGIN
    _write(canvas, roster.name, MARGIN, top - 13, size=15, room=room)
    last = roster.start + timedelta(days=roster.days - 1)
    period = f"{formats.date_format(roster.start)} – {formats.date_format(last)}"
    line = f"{roster.department} · {period} · {_stamp(roster, publication)}"
    _write(canvas, line, MARGIN, top - 30, size=9.5, ink=SOFT, room=room)


def _stamp(roster: Roster, publication: Publication | None) -> str:
    if publication is None:
        words = _("Working copy, version %(version)d: not published")
        return words % {"version": roster.version}
    words = _("Publication %(number)d of %(date)s, version %(version)d")
    return words % {
        "number": publication.number,
        "date": _moment(publication.created),
        "version": publication.version,
    }


def _foot(place: str) -> str:
    printed = _("Printed %(date)s") % {"date": _moment(timezone.now())}
    return f"{settings.SITE_NAME} · {printed} · {place}"


def _moment(moment: object) -> str:
    local = timezone.localtime(moment)  # type: ignore[arg-type]  # a row's own time
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


def _draw_grid(canvas: Canvas, paper: Paper, page: Page) -> None:
    column = (paper.size[0] - 2 * MARGIN - NAME) / max(len(page.days), paper.days - 3)
    height = min(TALLEST, _body(paper) / max(len(page.rows), 1))
    top = paper.size[1] - MARGIN - TITLE
    bottom = top - HEAD - height * len(page.rows)
    right = MARGIN + NAME + column * len(page.days)
    for place, day in enumerate(page.days):
        left = MARGIN + NAME + column * place
        if day.is_shaded:
            canvas.setFillColor(SHADE)
            canvas.rect(left, bottom, column, top - bottom, stroke=0, fill=1)
        for text, rise, size in _day_words(day, is_first=place == 0):
            middle = left + column / 2
            _write(canvas, text, middle, top - rise, size=size, center=True)
    for number, row in enumerate(page.rows):
        base = top - HEAD - height * (number + 1)
        middle = base + height / 2 - 3
        _write(canvas, _row_name(row), MARGIN + 2, middle, size=9, room=NAME - 6)
        for place, cell in enumerate(row.cells):
            _draw_cell(
                canvas, cell, MARGIN + NAME + column * place, base, column, height
            )
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.4)
    lines = [top - HEAD - height * number for number in range(len(page.rows) + 1)]
    canvas.grid([MARGIN, right], [top, *lines])
    canvas.grid(
        [MARGIN + NAME + column * place for place in range(len(page.days) + 1)],
        [top, bottom],
    )


def _row_name(row: Row) -> str:
    if isinstance(row, CoverRow):
        return _("Uncovered: %(need)s") % {"need": row.name}
    return str(row.person)


def _day_words(day: Day, *, is_first: bool) -> list[tuple[str, float, float]]:
    """Return the lines of a day's head: text, how far below the top, size."""
    month = formats.date_format(day.date, "M") if is_first or day.date.day == 1 else ""
    return [
        (month, 9, 6.5),
        (day.weekday, 18, 7.5),
        (str(day.date.day), 28, 9),
    ]


def _draw_cell(
    canvas: Canvas,
    cell: BoardCell | Cover | None,
    left: float,
    base: float,
    column: float,
    height: float,
) -> None:
    if cell is None:
        return
    if isinstance(cell, Cover):
        middle, rise = left + column / 2, base + height / 2 - 3
        text = f"\N{MINUS SIGN}{cell.missing}" if cell.missing else ""
        _write(canvas, text, middle, rise, size=9, ink=ALARM, center=True)
    elif cell.look is not None:
        _draw_shift(canvas, cell.look, left + 1.5, base + 1.5, column - 3, height - 3)
    elif cell.is_leave:
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(left + 2, base + 2, left + column - 2, base + height - 2)


def _draw_shift(
    canvas: Canvas, look: Look, left: float, base: float, wide: float, high: float
) -> None:
    """Draw a shift's letters in the shape of its tone, as the style sheet has them."""
    ink = colors.white if look.is_night else INK
    canvas.setFillColor(GROUNDS[look.tone])
    canvas.setStrokeColor(DARK if look.is_night else SOFT)
    canvas.setLineWidth(0.5)
    canvas.setDash([1.5, 1.5] if look.tone == "5" else [])
    canvas.roundRect(
        left, base, wide, high, high / 2 if look.tone == "2" else 1.5, fill=1
    )
    canvas.setDash([])
    canvas.setFillColor(SOFT)
    if look.tone == "1":
        canvas.rect(left, base, 2, high, stroke=0, fill=1)
    if look.tone == "3":
        canvas.rect(left, base, wide, 2, stroke=0, fill=1)
    if look.tone == "4":
        canvas.rect(left + 1.5, base + 1.5, wide - 3, high - 3, fill=0)
    middle = base + high / 2 - 3
    text = shortened(look.id, size=8.5, room=wide - 2)
    _write(canvas, text, left + wide / 2, middle, size=8.5, ink=ink, center=True)


def _draw_legend(canvas: Canvas, paper: Paper, looks: Sequence[Look]) -> None:
    left, base = MARGIN, MARGIN + 2 * LINE
    for look in looks:
        words = f"{look.name} {look.hours}".strip()
        needed = 24 + width(words, size=8) + 14
        if left + needed > paper.size[0] - MARGIN and left > MARGIN:
            left, base = MARGIN, base - LINE
        if base < MARGIN + LINE - 1:
            return  # two lines are what a page keeps free; the grid says the letters
        _draw_shift(canvas, look, left, base, 20, LINE - 2)
        _write(canvas, words, left + 24, base + 3, size=8)
        left += needed


def _draw_watermark(canvas: Canvas, paper: Paper) -> None:
    canvas.saveState()
    canvas.setFillColor(colors.Color(0.75, 0.2, 0.2, alpha=0.14))
    canvas.translate(paper.size[0] / 2, paper.size[1] / 2)
    canvas.rotate(30)
    draw(canvas, _("WORKING COPY"), size=64, center=True)
    canvas.restoreState()


def _write(
    canvas: Canvas,
    text: str,
    left: float,
    base: float,
    *,
    size: float,
    ink: colors.Color = INK,
    center: bool = False,
    room: float | None = None,
) -> None:
    canvas.saveState()
    canvas.setFillColor(ink)
    canvas.translate(left, base)
    shown = text if room is None else shortened(text, size=size, room=room)
    draw(canvas, shown, size=size, center=center)
    canvas.restoreState()
