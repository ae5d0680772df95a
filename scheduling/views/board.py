"""One roster: the grid, what the judge says of it, and cells that change."""

import json
import re
from dataclasses import dataclass
from typing import Any  # Any: the arguments of forms
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import principal_of
from hospital.core.errors import InvalidInput
from hospital.core.pages import render_page
from scheduling.board import Board, Told, board_of, broken_cells, told_of
from scheduling.exports.export import published_cells
from scheduling.forms import AwayForm, CellForm, PublicationForm, SearchForm
from scheduling.models import Roster
from scheduling.problems import cells_of, instance_of, judged, locked_cells
from scheduling.selectors import (
    may_edit,
    open_run,
    publications_visible_to,
    rosters_visible_to,
    runs_visible_to,
    with_figures,
)
from scheduling.services.cells import CellChange, change_cells

EDITING_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)
RUNS_SHOWN = 10
COSTS_SHOWN = 100
# What JSON of another shape raises, and a day that is no number one could count to.
UNREADABLE = (
    *(ValueError, TypeError, KeyError, AttributeError),
    *(RecursionError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class Judgment:
    """What is said of a working copy, as the panel shows it."""

    objective: int
    hard: list[Told]
    costs: list[Told]
    costs_left: int
    penalties: list[tuple[str, int]]
    marks: str  # JSON: the words of each cell, by row and day


@require_safe
@roles_required(*STAFF_ROLES)
def roster_detail(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    roster = visible_roster(request, roster_id)
    principal = principal_of(request)
    wants_published = "published" in request.GET and roster.current_id is not None
    if wants_published or not may_edit(principal):
        return _published(request, roster)
    board, judgment = _judged_board(roster)
    context = {
        "roster": roster,
        "board": board,
        "judgment": judgment,
        "cell_form": CellForm(None, **cell_choices(board)),
        "away_form": AwayForm(None, **cell_choices(board)),
        "search_form": SearchForm(),
        "publication_form": PublicationForm(initial={"version": roster.version}),
        "run": open_run(roster),
        "runs": _runs(request, roster),
        "publications": publications_visible_to(principal).filter(roster=roster)[
            :RUNS_SHOWN
        ],
        "unpublished": _unpublished(roster),
        "downloads": _downloads(roster),
        "topic": f"rosters:{roster.department_id}",
    }
    return render_page(request, "scheduling/roster_detail.html", context)


@require_POST
@roles_required(*EDITING_ROLES)
def cells(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Change cells: the grid sends several as JSON, the plain form sends one."""
    roster = visible_roster(request, roster_id)
    version = sent_version(request)
    if "cells" in request.POST:
        changes = _sent_cells(request.POST["cells"])
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
    board, judgment = _judged_board(roster)
    context = {"roster": roster, "board": board, "judgment": judgment}
    return render_page(request, "scheduling/_judgment.html", context)


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
    context = {
        "roster": roster,
        "board": board_of(roster, published_cells(roster)),
        "reader": principal_of(request).user,
        "may_edit": may_edit(principal_of(request)),
        "downloads": _downloads(roster, query="?published=true"),
        "topic": f"rosters:{roster.department_id}",
    }
    return render_page(request, "scheduling/roster_published.html", context)


def _downloads(roster: Roster, *, query: str = "") -> list[tuple[str, str]]:
    return [
        (name, reverse(f"api-{ending}", args=[roster.id]) + query)
        for ending, name in (("csv", "CSV"), ("xlsx", "Excel"), ("ics", "iCalendar"))
    ]


def _judged_board(roster: Roster) -> tuple[Board, Judgment]:
    verdict = judged(roster).verdict
    hard = told_of(verdict.hard)
    dearest = sorted(verdict.costs, key=lambda cost: -cost.cost)
    costs = told_of(dearest[:COSTS_SHOWN])
    broken = broken_cells(hard)
    board = board_of(
        roster, cells_of(roster), locks=locked_cells(roster), broken=broken
    )
    row = instance_of(roster).person_index
    marks = {f"{row[person]}-{day}": words for (person, day), words in broken.items()}
    penalties = sorted(verdict.penalties.items(), key=lambda item: -item[1])
    judgment = Judgment(
        objective=verdict.objective,
        hard=hard,
        costs=costs,
        costs_left=max(len(verdict.costs) - COSTS_SHOWN, 0),
        penalties=[(_(rule), cost) for rule, cost in penalties],
        marks=json.dumps(marks, ensure_ascii=False),
    )
    return board, judgment


def cell_choices(board: Board) -> dict[str, Any]:
    """Return what forms about cells may choose from: people, days, shifts."""
    return {
        "people": [(row.person.key, str(row.person)) for row in board.rows],
        "days": [
            (day.day, formats.date_format(day.date, "D j M")) for day in board.days
        ],
        "shifts": [(look.id, f"{look.id} · {look.name}") for look in board.looks],
    }


def _sent_cells(text: str) -> list[CellChange]:
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


def _runs(request: HttpRequest, roster: Roster) -> object:
    runs = runs_visible_to(principal_of(request)).filter(roster=roster)
    return runs.select_related("job", "started_by").defer("cells")[:RUNS_SHOWN]


def _unpublished(roster: Roster) -> int:
    """Return how many cells differ from what the staff were told."""
    working = cells_of(roster)
    told = published_cells(roster) if roster.current_id else {}
    return sum(working.get(c, "") != told.get(c, "") for c in {*working, *told})
