"""One roster: the grid, what the judge says of it, and cells that change."""

import json
import re
from typing import Any, TypeVar  # Any: the arguments of forms
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.forms import IdentityForm
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import principal_of
from hospital.core.errors import InvalidInput
from hospital.core.pages import render_page
from scheduling.exports.export import published_cells
from scheduling.forms.rosters import CellForm, PublicationForm, RowsForm, SearchForm
from scheduling.forms.sick_call import SickCallForm
from scheduling.models import Publication, Roster, Run
from scheduling.problems import cells_of, instance_of
from scheduling.saying.elsewhere import twice
from scheduling.saying.sentences import weekday_and_day
from scheduling.selectors.elsewhere import worked_elsewhere
from scheduling.selectors.rosters import (
    ended_run,
    may_edit,
    open_run,
    publications_visible_to,
    rosters_visible_to,
    runs_visible_to,
    with_figures,
)
from scheduling.selectors.self_service import waiting_in
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.repairs import now_in
from scheduling.showing.board import Board, board_of
from scheduling.showing.panels import judged_board
from scheduling.showing.shown import arranged, cut, groups_of, span_of
from scheduling.showing.written import written_for
from scheduling.views.rosters import topic_of

Past = TypeVar("Past", Publication, Run)

EDITING_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)
CLOSURE_IDS = "closure_%s"
PAST_SHOWN = 10
TWICE_SHOWN = 10
DOWNLOADS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("PDF A4", "pdf", {"paper": "a4"}),
    ("PDF A3", "pdf", {"paper": "a3"}),
    ("Excel", "xlsx", {}),
    ("CSV", "csv", {}),
    ("iCalendar", "ics", {}),
)
# What JSON of another shape raises, and a day that is no number one could count to.
UNREADABLE = (
    *(ValueError, TypeError, KeyError, AttributeError),
    *(RecursionError, OverflowError),
)


@require_safe
@roles_required(*STAFF_ROLES)
def roster_detail(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    roster = visible_roster(request, roster_id)
    if shows_published(request, roster):
        return _published(request, roster)
    shown = working_copy(request, roster)
    runs, runs_left = _runs(request, roster)
    context = {
        **shown,
        "cell_form": CellForm(None, **cell_choices(shown["whole"])),
        "sick_call": sick_call_form(None, roster, shown["whole"]),
        "search_form": SearchForm(),
        "written": json.dumps(written_for(shown["board"].looks), ensure_ascii=False),
        "run": open_run(roster),
        "ended": None if roster.is_locked else ended_run(roster),
        "runs": runs,
        "runs_left": runs_left,
        "downloads": _downloads(roster, has_gaps=True),
        "waiting": waiting_in(roster),
        "topic": f"rosters:{roster.department_id}",
    }
    return render_page(request, "scheduling/roster_detail.html", context)


def shows_published(request: HttpRequest, roster: Roster) -> bool:
    """Whether what the staff were told is asked for, or all that one may see."""
    wants = "published" in request.GET and roster.current_id is not None
    return wants or not may_edit(principal_of(request))


def sick_call_form(data: Any, roster: Roster, board: Board) -> SickCallForm:
    """Return the form of who is away: most likely today."""
    day, _minute = now_in(roster)
    today = day if 0 <= day < roster.days else 0
    return SickCallForm(data, today=today, choices=cell_choices(board))


@require_POST
@roles_required(*EDITING_ROLES)
def cells(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Change cells: the grid sends several as JSON, the plain form sends one."""
    roster = visible_roster(request, roster_id)
    version = sent_version(request)
    if "cells" in request.POST:
        changes = sent_cells(request.POST["cells"])
    else:
        form = CellForm(request.POST, **cell_choices(board_of(roster, {})))
        if not form.is_valid():
            raise InvalidInput(_("Choose a person, a day and a shift."), code="invalid")
        sent = form.cleaned_data
        changes = [
            CellChange(sent["person"], sent["day"], sent["shift"], sent["locked"])
        ]
    change_cells(
        roster=roster,
        author=principal_of(request).user,
        changes=changes,
        expected_version=version,
    )
    if not getattr(request, "htmx", None):
        return redirect("scheduling:roster", roster_id=roster.id)
    roster = visible_roster(request, roster_id)
    return render_page(
        request, "scheduling/_judgment.html", working_copy(request, roster)
    )


def visible_roster(request: HttpRequest, roster_id: UUID) -> Roster:
    visible = with_figures(rosters_visible_to(principal_of(request)))
    return get_object_or_404(visible, id=roster_id)


def sent_version(request: HttpRequest) -> int:
    """Return which version of the roster the page was made from.

    Raises:
        InvalidInput: The page does not tell.
    """
    version = request.POST.get("version", "")
    if not re.fullmatch("[0-9]{1,9}", version):
        raise InvalidInput(
            _("Open the roster again, then change it."), code="no_version"
        )
    return int(version)


def _published(request: HttpRequest, roster: Roster) -> HttpResponse:
    """Show what the staff were told, with the reader's own row first in sight."""
    board = board_of(roster, published_cells(roster))
    span = span_of(request.GET, board.days, today=timezone.localdate())
    edits = may_edit(principal_of(request))
    context = {
        "roster": roster,
        "board": cut(board, span),
        "span": span,
        "reader": principal_of(request).user,
        "may_edit": edits,
        "downloads": _downloads(roster, has_gaps=edits, published="true"),
        "topic": topic_of(principal_of(request), roster.department_id),
    }
    return render_page(request, "scheduling/roster_published.html", context)


def _downloads(
    roster: Roster, *, has_gaps: bool, **query: str
) -> list[tuple[str, str]]:
    """Return what can be taken away: the name of each file, and its address."""
    asked = [(name, ending, {**query, **paper}) for name, ending, paper in DOWNLOADS]
    if has_gaps:
        asked.append((_("Uncovered (CSV)"), "uncovered", query))
    return [
        (name, f"{reverse(f'api-{ending}', args=[roster.id])}?{urlencode(values)}")
        for name, ending, values in asked
    ]


def working_copy(request: HttpRequest, roster: Roster) -> dict[str, Any]:
    """Return what a page and its answers to changes show of the working copy."""
    board, judgment, pending = judged_board(roster)
    instance = instance_of(roster)
    span = span_of(request.GET, board.days, today=timezone.localdate())
    groups = [(name, _(name)) for name in groups_of(instance)]
    rows_form = RowsForm(request.GET, groups=groups)
    principal = principal_of(request)
    told = publications_visible_to(principal).filter(roster=roster)
    publications, publications_left = _latest(
        request, told.select_related("published_by")
    )
    working = cells_of(roster) if pending.count else {}
    elsewhere = worked_elsewhere(roster, working, principal)
    return {
        "roster": roster,
        "may_change": not roster.is_locked,
        "whole": board,
        "board": cut(arranged(board, rows_form, instance), span),
        "span": span,
        "rows_form": rows_form,
        "judgment": judgment,
        "pending": pending,
        "elsewhere": [twice(one) for one in elsewhere[:TWICE_SHOWN]],
        "elsewhere_left": max(len(elsewhere) - TWICE_SHOWN, 0),
        "publication_form": PublicationForm(initial={"version": roster.version}),
        "closure_form": IdentityForm(auto_id=CLOSURE_IDS),
        "publications": publications,
        "publications_left": publications_left,
    }


def cell_choices(board: Board) -> dict[str, Any]:
    """Return what forms about cells may choose from: people, days, shifts."""
    return {
        "people": [(row.person.key, str(row.person)) for row in board.rows],
        "days": [(day.day, weekday_and_day(day.date)) for day in board.days],
        "shifts": [(look.id, f"{look.id} · {look.name}") for look in board.looks],
    }


def sent_cells(text: str) -> list[CellChange]:
    try:
        return [
            CellChange(
                person=_text(cell["person"]),
                day=int(cell["day"]),
                shift=None if cell.get("shift") is None else _text(cell["shift"]),
                is_locked=None if cell.get("locked") is None else bool(cell["locked"]),
            )
            for cell in json.loads(text)
        ]
    except UNREADABLE as error:
        raise InvalidInput(
            _("These cells are not readable."), code="invalid"
        ) from error


def _text(value: object) -> str:
    text = str(value)
    text.encode()  # half a character is none: a UnicodeEncodeError is a ValueError
    return text


def _runs(request: HttpRequest, roster: Roster) -> tuple[list[Run], int]:
    runs = runs_visible_to(principal_of(request)).filter(roster=roster)
    return _latest(request, runs.select_related("job", "started_by").defer("cells"))


def _latest(request: HttpRequest, past: QuerySet[Past]) -> tuple[list[Past], int]:
    """Return the newest of these, and how many more there are if not all are asked for."""
    if request.GET.get("past") == "all":
        return list(past), 0
    return list(past[:PAST_SHOWN]), max(past.count() - PAST_SHOWN, 0)
