"""Swaps that can no longer be are closed, with the reason why."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from scheduling.exchange import Exchange, told_cells
from scheduling.hours import hours_of, zone_of
from scheduling.models import OPEN_SWAPS, Roster, RosterPerson, Stale, Swap, SwapState
from scheduling.problems import Cells, instance_of
from scheduling.services.events import tell_department
from scheduling.services.staff_telling import tell_swap
from scheduling.solver.rules import OFF


def close_every_stale_swap() -> int:
    """Close the swaps of all rosters that can no longer be; return how many."""
    rosters = Roster.objects.filter(swaps__state__in=OPEN_SWAPS).distinct()
    count = 0
    for roster_id in rosters.values_list("pk", flat=True):
        with transaction.atomic():
            rows = Roster.objects.select_for_update(of=("self",))
            row = rows.get(pk=roster_id)
            closed = close_stale_swaps(row)
            if closed:
                tell_department(row, "swap")
        count += closed
    return count


def close_stale_swaps(row: Roster) -> int:
    """Close those swaps of the row, whose lock we hold, that can no longer be."""
    swaps = Swap.objects.select_for_update(of=("self",)).filter(
        roster=row, state__in=OPEN_SWAPS
    )
    cells = told_cells(row.current_id)
    count = 0
    for swap in swaps.select_related("giver__user", "taker__user"):
        why = why_stale(row, swap, cells)
        if why:
            close_swap(row, swap, why)
            count += 1
    return count


def close_swaps_of(row: Roster, people: Iterable[RosterPerson]) -> None:
    """Close the open swaps of people who are about to be somebody else.

    The caller holds the row's lock.
    """
    keys = [one.pk for one in people]
    swaps = Swap.objects.select_for_update(of=("self",)).filter(
        Q(giver__in=keys) | Q(taker__in=keys), state__in=OPEN_SWAPS
    )
    for swap in swaps.select_related("giver__user", "taker__user"):
        close_swap(row, swap, Stale.LEFT)


def close_swap(row: Roster, swap: Swap, why: str) -> None:
    """Close a swap by itself, and tell both; the caller holds its lock."""
    swap.state, swap.reason = SwapState.CLOSED, why
    swap.save(update_fields=["state", "reason", "updated"])
    tell_swap(swap, row)


def why_stale(row: Roster, swap: Swap, cells: Cells) -> str:
    """Return why the swap can never be done any more; empty where it still can."""
    if row.is_locked:
        return Stale.ENDED
    if not (is_reachable(swap.giver) and is_reachable(swap.taker)):
        return Stale.LEFT
    exchange = exchange_of(swap)
    if any(cells.get(cell, OFF) != shift for cell, shift in exchange.before().items()):
        return Stale.CHANGED
    if has_begun(row, exchange):
        return Stale.BEGUN
    return ""


def exchange_of(swap: Swap) -> Exchange:
    """Return the swap as the judge takes it."""
    return Exchange(
        giver=swap.giver.key,
        taker=swap.taker.key,
        day=swap.day,
        shift=swap.shift,
        back_day=swap.back_day,
        back_shift=swap.back_shift,
    )


def is_reachable(person: RosterPerson) -> bool:
    """Whether somebody with an open account stands at this place of the roster."""
    return person.user is not None and person.user.is_active


def has_begun(row: Roster, exchange: Exchange) -> bool:
    """Whether one of the shifts has begun, by the ward's own clocks."""
    now = timezone.now()
    shifts = [(exchange.day, exchange.shift)]
    if exchange.back_day is not None:
        shifts.append((exchange.back_day, exchange.back_shift))
    return any(starts_at(row, day, shift) <= now for day, shift in shifts)


def starts_at(row: Roster, day: int, shift: str) -> datetime:
    """Return when a shift begins; its day, where nobody says the hour."""
    zone = zone_of(row)
    date = row.start + timedelta(days=day)
    starts, _ends = hours_of(instance_of(row).shift_by_id[shift], date, zone=zone)
    return starts or datetime.combine(date, datetime.min.time(), tzinfo=zone)
