"""How the requests of the staff enter a roster's problem, and what became of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from statistics import median_low

from scheduling.models import RequestState, ShiftRequest, Wish
from scheduling.saying.words import STAFF_REQUESTS
from scheduling.solver.instance import Instance
from scheduling.solver.rules import OFF, RESERVE, Count, Request

USUAL_POINTS = 2  # of a request as the problem itself would have it
SPARE = 4  # the three points of the dearest request stay below one broken rule
POINT_WHERE_ALL_IS_HARD = 10


def point_weight(instance: Instance) -> int:
    """Return what one point costs where its request is not kept.

    The problem's own requests set the scale, where it has any. Otherwise a request
    weighs less than one person missing and less than any rule of a contract.
    """
    own = [
        wish.weight
        for wish in instance.requests
        if wish.weight and wish.name != STAFF_REQUESTS
    ]
    if own:
        return max(1, median_low(own) // USUAL_POINTS)
    least = min(_weights(instance), default=POINT_WHERE_ALL_IS_HARD * SPARE)
    return max(1, least // SPARE)


def with_requests(instance: Instance, accepted: Iterable[ShiftRequest]) -> Instance:
    """Return the problem with just these requests of the staff beside its own."""
    point = point_weight(instance)
    asked = [
        Request(
            name=STAFF_REQUESTS,
            person=request.person.key,
            day=request.day,
            shifts=frozenset({request.shift}) if request.shift else instance.all_shifts,
            is_on=request.wish == Wish.ON,
            weight=request.points * point,
        )
        for request in accepted
    ]
    plain = without_requests(instance)
    return replace(plain, requests=(*plain.requests, *asked))


def without_requests(instance: Instance) -> Instance:
    """Return the problem with its own requests alone."""
    own = (wish for wish in instance.requests if wish.name != STAFF_REQUESTS)
    return replace(instance, requests=tuple(own))


def is_kept(request: ShiftRequest, worked: str) -> bool:
    """Whether a cell that holds this shift, or `OFF`, is what was asked for."""
    if request.wish == Wish.OFF:
        return worked == OFF
    return worked == request.shift


def spent(requests: Iterable[ShiftRequest]) -> int:
    """Return the points that requests take from a budget; declined ones take none."""
    return sum(
        request.points for request in requests if request.state != RequestState.DECLINED
    )


def _weights(instance: Instance) -> Iterator[int]:
    """Yield what a person missing costs, and one breach of each contract rule."""
    for demand in instance.demands:
        if demand.under_weight and demand.name != RESERVE:
            yield demand.under_weight
    for person in instance.people:
        for rule in instance.rules_of(person):
            counts_minutes = isinstance(rule, Count) and rule.unit == "minutes"
            if rule.weight and rule.tier == "contract" and not counts_minutes:
                yield rule.weight
