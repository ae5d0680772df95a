"""What one would like of the rosters to come: a calendar, points, and what became of it."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError
from hospital.core.pages import render_page
from scheduling.exchange import told_cells
from scheduling.forms.staff import RequestForm, tell_errors
from scheduling.models import RequestPeriod, RequestState, ShiftRequest
from scheduling.problems import instance_of
from scheduling.saying.requests import outcome
from scheduling.saying.sentences import weekday_and_day
from scheduling.selectors.self_service import (
    OwnPeriod,
    own_periods,
    requests_visible_to,
)
from scheduling.services.requests import Asked, ask_requests, withdraw_request
from scheduling.showing.board import Day, Look, days_of, looks_of
from scheduling.solver.rules import OFF
from scheduling.views.tabs import REQUESTS, own_context
from scheduling.wishes import spent

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that may be asked for; `request` is what was asked already."""

    day: Day
    request: ShiftRequest | None
    look: Look | None
    is_leave: bool

    @property
    def names_month(self) -> bool:
        """Whether the calendar says here which month it is."""
        return self.day.day == 0 or self.day.date.day == 1

    @property
    def is_free_to_ask(self) -> bool:
        """Whether something may be asked for it, first or anew."""
        is_decided = self.request and self.request.state != RequestState.ASKED
        return not (self.is_leave or is_decided)


@dataclass(frozen=True, slots=True)
class OwnRequest:
    request: ShiftRequest
    look: Look | None
    outcome: str


@dataclass(frozen=True, slots=True)
class PeriodShown:
    """A period with one's calendar, requests and what is left of the budget."""

    own: OwnPeriod
    left: int
    weeks: tuple[tuple[CalendarDay, ...], ...]
    lead: range  # empty cells before the first day, as weeks begin on Monday
    requests: tuple[OwnRequest, ...]
    form: RequestForm

    @property
    def weekdays(self) -> list[str]:
        """The heads of the calendar's columns, in as few letters as there is room for."""
        monday = self.own.person.roster.start - timedelta(days=len(self.lead))
        days = (monday + timedelta(days=number) for number in range(DAYS_A_WEEK))
        return [Day(0, day, is_weekend=False, is_holiday=False).weekday for day in days]

    @property
    def period(self) -> RequestPeriod:
        return self.own.period


@require_safe
@roles_required(*STAFF_ROLES)
def my_requests(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@roles_required(*STAFF_ROLES)
def asking(request: HttpRequest, period_id: UUID) -> HttpResponse:
    """Ask for the chosen days, or say in the form why not."""
    principal = principal_of(request)
    own = next((o for o in own_periods(principal) if o.period.pk == period_id), None)
    if own is None:
        raise Http404
    form = _form(own, request.POST)
    if form.is_valid():
        wish, shift = form.wanted
        asked = Asked(
            form.cleaned_data["days"], wish, shift, form.cleaned_data["points"]
        )
        try:
            ask_requests(period=own.period, user=principal.user, asked=asked)
        except DomainError as error:
            tell_errors(form, error)
        else:
            messages.success(request, _("The ward has your request."))
            return redirect("scheduling:my_requests")
    return _page(request, answered={period_id: form}, status=422)


@require_POST
@roles_required(*STAFF_ROLES)
def withdrawal(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take a request back; its points are free again."""
    principal = principal_of(request)
    own = requests_visible_to(principal).filter(person__user=principal.user)
    try:
        withdraw_request(
            request=get_object_or_404(own, id=request_id), user=principal.user
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("scheduling:my_requests")


def _page(
    request: HttpRequest,
    *,
    answered: dict[UUID, RequestForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    forms = answered or {}
    periods = [
        _shown(own, forms.get(own.period.pk) or _form(own, None))
        for own in own_periods(principal_of(request))
    ]
    context = {**own_context(request, REQUESTS), "periods": periods}
    return render_page(request, "scheduling/my_requests.html", context, status=status)


def _form(own: OwnPeriod, data: object) -> RequestForm:
    roster = own.person.roster
    return RequestForm(
        data,
        days=[
            (day, weekday_and_day(roster.start + timedelta(days=day)))
            for day in range(roster.days)
        ],
        shifts=[(look.id, look.name) for look in looks_of(roster)],
        auto_id=f"ask_{own.period.pk}_%s",
    )


def _shown(own: OwnPeriod, form: RequestForm) -> PeriodShown:
    roster = own.person.roster
    instance = instance_of(roster)
    looks = {look.id: look for look in looks_of(roster)}
    asked = {request.day: request for request in own.person.requests.all()}
    leave = instance.people[instance.person_index[own.person.key]].leave
    days = [
        CalendarDay(
            day,
            asked.get(day.day),
            looks.get(asked[day.day].shift) if day.day in asked else None,
            day.day in leave,
        )
        for day in days_of(roster)
    ]
    told = told_cells(roster.current_id) if roster.current_id else None
    return PeriodShown(
        own=own,
        left=own.period.budget - spent(asked.values()),
        weeks=tuple(
            tuple(week)
            for _key, week in groupby(
                days, key=lambda one: one.day.date.isocalendar()[:2]
            )
        ),
        lead=range(roster.start.weekday()),
        requests=tuple(
            OwnRequest(
                request,
                looks.get(request.shift),
                ""
                if told is None
                else outcome(request, told.get((own.person.key, day), OFF), looks),
            )
            for day, request in sorted(asked.items())
        ),
        form=form,
    )
