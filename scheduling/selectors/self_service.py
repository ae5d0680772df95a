"""The only way requests, leave and swaps of the staff reach anyone."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any  # Any: rows of either of two models

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from hospital.accounts.models import Role
from hospital.accounts.principal import Principal
from hospital.accounts.selectors import departments_visible_to
from scheduling.models import (
    Leave,
    LeaveState,
    PublishedShift,
    RequestPeriod,
    RequestState,
    Roster,
    RosterPerson,
    RosterState,
    ShiftRequest,
    Swap,
    SwapState,
)
from scheduling.selectors.rosters import EDITORS, rosters_visible_to, with_figures

SHOWN_AFTER_DAYS = 31  # so that everybody sees what became of their requests


def request_periods_visible_to(principal: Principal) -> QuerySet[RequestPeriod]:
    """Return the periods of rosters with oneself in them, and those one makes."""
    own = Q(roster__in=principal.user.roster_places.values("roster"))
    return RequestPeriod.objects.filter(_own_or_made(principal, own, "roster"))


@dataclass(frozen=True, slots=True)
class OwnPeriod:
    """A period of requests with one's place in its roster."""

    period: RequestPeriod
    person: RosterPerson
    is_open: bool


def own_periods(principal: Principal) -> list[OwnPeriod]:
    """Return the periods of rosters with oneself in them that are not long over."""
    today = timezone.localdate()
    places = (
        RosterPerson.objects.filter(
            user=principal.user, roster__request_period__isnull=False
        )
        .select_related("roster__request_period", "roster__department")
        .defer("roster__instance")
        .order_by("-roster__start")
    )
    return [
        OwnPeriod(period, person, period.is_open_on(today))
        for person in places
        for period in [person.roster.request_period]
        if person.roster.start + timedelta(days=person.roster.days + SHOWN_AFTER_DAYS)
        >= today
    ]


def requests_visible_to(principal: Principal) -> QuerySet[ShiftRequest]:
    """Return one's own requests, and those of the rosters one makes."""
    own = Q(person__user=principal.user)
    return ShiftRequest.objects.filter(_own_or_made(principal, own, "person__roster"))


def swaps_visible_to(principal: Principal) -> QuerySet[Swap]:
    """Return the swaps one offered or was asked for, and those of rosters one makes."""
    own = Q(giver__user=principal.user) | Q(taker__user=principal.user)
    return Swap.objects.filter(_own_or_made(principal, own, "roster")).select_related(
        "giver__user", "taker__user"
    )


def own_swaps(principal: Principal) -> QuerySet[Swap]:
    """Return the swaps one offered or was asked for, with their rosters."""
    own = Q(giver__user=principal.user) | Q(taker__user=principal.user)
    return with_rosters(swaps_visible_to(principal).filter(own))


def with_rosters(swaps: QuerySet[Swap]) -> QuerySet[Swap]:
    """Return swaps with their rosters and wards, without the large problems."""
    return swaps.select_related("roster__department").defer("roster__instance")


def is_swappable(shift: PublishedShift) -> bool:
    """Whether a published shift is still to come, in a roster that is not closed."""
    if shift.publication.roster.is_locked:
        return False
    if shift.starts is None:
        return shift.date > timezone.localdate()
    return shift.starts > timezone.now()


def shifts_beside(shift: PublishedShift) -> QuerySet[PublishedShift]:
    """Return what was published with one's own shift: what it can be swapped for."""
    told = PublishedShift.objects.filter(publication=shift.publication_id)
    return told.select_related("person")


def leaves_visible_to(principal: Principal) -> QuerySet[Leave]:
    """Return one's own leave, and that of the departments whose rosters one makes."""
    own = Q(user=principal.user)
    if principal.role == Role.PATIENT:
        return Leave.objects.none()
    if principal.role in EDITORS:
        own |= Q(department__in=departments_visible_to(principal))
    return Leave.objects.filter(own).select_related("user", "department", "decided_by")


def leaves_to_decide(principal: Principal) -> QuerySet[Leave]:
    """Return the leave of the departments whose rosters one makes, the first one first."""
    if principal.role not in EDITORS:
        return Leave.objects.none()
    wards = departments_visible_to(principal)
    return (
        leaves_visible_to(principal)
        .filter(department__in=wards)
        .order_by("first", "id")
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for somebody's decision."""

    requests: int = 0
    leaves: int = 0
    swaps: int = 0

    @property
    def total(self) -> int:
        return self.requests + self.leaves + self.swaps


def waiting_for(principal: Principal) -> Waiting:
    """Return how much waits for who makes rosters, over all of their wards."""
    if principal.role not in EDITORS:
        return Waiting()
    made = rosters_visible_to(principal)
    return Waiting(
        requests=requests_waiting().filter(person__roster__in=made).count(),
        leaves=leaves_to_decide(principal).filter(state=LeaveState.ASKED).count(),
        swaps=Swap.objects.filter(roster__in=made, state=SwapState.ACCEPTED).count(),
    )


def requests_waiting() -> QuerySet[ShiftRequest]:
    """Return the requests that still can enter the problem of their roster."""
    return ShiftRequest.objects.filter(
        state=RequestState.ASKED, person__roster__state=RosterState.DRAFT
    )


def with_waiting(rosters: QuerySet[Roster]) -> QuerySet[Roster]:
    """Return rosters with how many requests and swaps of theirs wait for a decision."""
    requests = requests_waiting().filter(person__roster=OuterRef("pk"))
    swaps = Swap.objects.filter(roster=OuterRef("pk"), state=SwapState.ACCEPTED)
    return rosters.annotate(
        waiting_count=_counted(requests, "person__roster") + _counted(swaps, "roster")
    )


def rosters_with_requests(principal: Principal) -> QuerySet[Roster]:
    """Return the rosters one makes in which requests wait, with how many."""
    requests = requests_waiting().filter(person__roster=OuterRef("pk"))
    return (
        with_figures(rosters_visible_to(principal))
        .annotate(requests_count=_counted(requests, "person__roster"))
        .filter(requests_count__gt=0)
    )


def waiting_in(roster: Roster) -> int:
    """Return how many requests and swaps of a roster wait for a decision."""
    swaps = Swap.objects.filter(roster=roster, state=SwapState.ACCEPTED)
    return requests_waiting().filter(person__roster=roster).count() + swaps.count()


def _own_or_made(principal: Principal, own: Q, roster: str) -> Q:
    """Return what picks one's own rows, and those of rosters one makes; patients none."""
    if principal.role == Role.PATIENT:
        return Q(pk__in=[])
    if principal.role not in EDITORS:
        return own
    return own | Q(**{f"{roster}__in": rosters_visible_to(principal)})


def _counted(rows: QuerySet[Any], roster: str) -> Coalesce:
    counts = rows.order_by().values(roster).annotate(count=Count("pk"))
    return Coalesce(Subquery(counts.values("count")), 0)
