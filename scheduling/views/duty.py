"""Who works where: one roster by shift, and a day of every ward that one sees."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.selectors import departments_visible_to
from hospital.core.pages import render_page
from scheduling.exports.export import published_cells
from scheduling.forms.rosters import DutyFilter
from scheduling.models import PublishedShift, Roster
from scheduling.problems import cells_of
from scheduling.selectors.rosters import (
    may_edit,
    published_shifts_visible_to,
    rosters_on,
    rosters_visible_to,
    with_figures,
)
from scheduling.showing.board import board_of
from scheduling.showing.duty import A_DAY, Duty, duty_of, shift_rows
from scheduling.showing.shown import cut, span_of
from scheduling.views.board import shows_published, visible_roster
from scheduling.views.rosters import topic_of, topics_of


@require_safe
@roles_required(*STAFF_ROLES)
def on_duty(request: HttpRequest) -> HttpResponse:
    """Show who works on a day, ward by ward, as it is published."""
    principal = principal_of(request)
    today = timezone.localdate()
    asked = {"day": today.isoformat(), **request.GET.dict()}
    form = DutyFilter(asked, departments=departments_visible_to(principal))
    form.is_valid()
    day = form.cleaned_data.get("day", today)
    rosters = rosters_visible_to(principal)
    if form.cleaned_data.get("department"):
        rosters = rosters.filter(department=form.cleaned_data["department"])
    context = {
        "form": form,
        "day": day,
        "is_today": day == today,
        "earlier": day - A_DAY,
        "later": day + A_DAY,
        "duties": _duties(principal, rosters_on(with_figures(rosters), day), day),
        "reader": principal.user,
        "topics": topics_of(principal),
    }
    return render_page(request, "scheduling/on_duty.html", context)


@require_safe
@roles_required(*STAFF_ROLES)
def roster_shifts(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    """Show a roster by shift: the names of those who work it, day by day."""
    roster = visible_roster(request, roster_id)
    principal = principal_of(request)
    is_published = shows_published(request, roster)
    cells = published_cells(roster) if is_published else cells_of(roster)
    board = board_of(roster, cells)
    span = span_of(request.GET, board.days, today=timezone.localdate())
    if not {"week", "month"} & set(request.GET):
        return redirect(f"{request.path}{span.weekly}")
    shown = cut(board, span)
    context = {
        "roster": roster,
        "board": shown,
        "rows": shift_rows(shown),
        "span": span,
        "is_published": is_published,
        "may_edit": may_edit(principal),
        "reader": principal.user,
        "topic": topic_of(principal, roster.department_id),
    }
    return render_page(request, "scheduling/roster_shifts.html", context)


def _duties(principal: Principal, rosters: Iterable[Roster], day: date) -> list[Duty]:
    """Return the wards that work on the day; of a roster that is over, its last night."""
    covering = {roster.pk: roster for roster in rosters}
    shifts = published_shifts_visible_to(principal).filter(
        publication__roster__in=covering, date__range=(day - A_DAY, day)
    )
    by_roster: dict[UUID, list[PublishedShift]] = defaultdict(list)
    for shift in shifts.select_related("person__user"):
        by_roster[shift.publication.roster_id].append(shift)
    duties = [
        duty_of(
            roster,
            by_roster[roster.pk],
            day,
            now=timezone.now(),
            tells_gaps=may_edit(principal),
        )
        for roster in covering.values()
    ]
    return [
        duty
        for duty in sorted(duties, key=lambda duty: str(duty.roster.department))
        if duty.teams or duty.missing
    ]
