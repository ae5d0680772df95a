"""The only way requests, leave and swaps of the staff reach anyone."""

from dataclasses import dataclass
from typing import Any  # Any: rows of either of two models

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hospital.accounts.models import Role
from hospital.accounts.principal import Principal
from hospital.accounts.selectors import departments_visible_to
from scheduling.models import (
    Leave,
    LeaveState,
    RequestPeriod,
    RequestState,
    Roster,
    RosterState,
    ShiftRequest,
    Swap,
    SwapState,
)
from scheduling.selectors import EDITORS, rosters_visible_to


def request_periods_visible_to(principal: Principal) -> QuerySet[RequestPeriod]:
    """Return the periods of rosters with oneself in them, and those one makes."""
    own = Q(roster__in=principal.user.roster_places.values("roster"))
    return RequestPeriod.objects.filter(_own_or_made(principal, own, "roster"))


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


def leaves_visible_to(principal: Principal) -> QuerySet[Leave]:
    """Return one's own leave, and that of the departments whose rosters one makes."""
    own = Q(user=principal.user)
    if principal.role == Role.PATIENT:
        return Leave.objects.none()
    if principal.role in EDITORS:
        own |= Q(department__in=departments_visible_to(principal))
    return Leave.objects.filter(own).select_related("user", "department", "decided_by")


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
        leaves=leaves_visible_to(principal)
        .filter(
            state=LeaveState.ASKED, department__in=departments_visible_to(principal)
        )
        .count(),
        swaps=Swap.objects.filter(roster__in=made, state=SwapState.ACCEPTED).count(),
    )


def requests_waiting() -> QuerySet[ShiftRequest]:
    """Return the requests that still can enter the problem of their roster."""
    return ShiftRequest.objects.filter(
        state=RequestState.ASKED, person__roster__state=RosterState.DRAFT
    )


def with_waiting(rosters: QuerySet[Roster]) -> QuerySet[Roster]:
    """Return rosters with how many requests and swaps of each wait for a decision."""
    requests = requests_waiting().filter(person__roster=OuterRef("pk"))
    swaps = Swap.objects.filter(roster=OuterRef("pk"), state=SwapState.ACCEPTED)
    return rosters.annotate(
        waiting_count=_counted(requests, "person__roster") + _counted(swaps, "roster")
    )


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
