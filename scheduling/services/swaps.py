"""Two colleagues swap shifts: asked, accepted, approved, and told to the ward at once."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling.exchange import (
    Exchange,
    Weighed,
    fixed_cells,
    legal_swaps,
    published_judgment,
    told_cells,
    weigh,
)
from scheduling.models import (
    OPEN_SWAPS,
    PublishedShift,
    Roster,
    RosterPerson,
    Stale,
    Swap,
    SwapState,
)
from scheduling.problems import Cells, cells_of
from scheduling.saying.sentences import said
from scheduling.services.cells import write_cells
from scheduling.services.editing import require_editor, roster_for_change
from scheduling.services.events import tell_department
from scheduling.services.publishing import tell_cells
from scheduling.services.staff_telling import tell_swap
from scheduling.services.stale import (
    close_stale_swaps,
    close_swap,
    exchange_of,
    has_begun,
    is_reachable,
    why_stale,
)
from scheduling.solver.rules import OFF


@dataclass(frozen=True, slots=True)
class Offer:
    """One's own shift, the colleague, and which of theirs is wanted for it, if any."""

    shift: PublishedShift
    colleague: RosterPerson
    in_return: PublishedShift | None = None
    note: str = ""


@transaction.atomic
def ask_swap(*, user: User, offer: Offer) -> Swap:
    """Offer one's shift to a colleague; it must break no rule that is kept now.

    Raises:
        NotPermitted: The shift is somebody else's.
        Conflict: The roster changed meanwhile, a shift has begun, or is offered already.
        InvalidInput: The swap would break rules, named in `fields`.
    """
    row = _locked(offer.shift.person.roster_id)
    if offer.shift.person.user_id != user.pk:
        raise NotPermitted(_("This shift is somebody else's."), code="not_yours")
    exchange = _exchange(row, offer)
    _require_free_to_swap(row, exchange, offer)
    weighed = weigh(published_judgment(row), exchange)
    _require_legal(weighed)
    if Swap.objects.filter(
        giver=offer.shift.person, day=exchange.day, state__in=OPEN_SWAPS
    ).exists():
        raise Conflict(
            _("You offered this shift already; take that offer back first."),
            code="swap_offered",
        )
    swap = Swap.objects.create(
        roster=row,
        giver=offer.shift.person,
        taker=offer.colleague,
        day=exchange.day,
        shift=exchange.shift,
        back_day=exchange.back_day,
        back_shift=exchange.back_shift,
        note=offer.note,
        cost_change=weighed.cost_change,
    )
    tell_swap(swap, row)
    tell_department(row, "swap")
    return swap


@transaction.atomic
def withdraw_swap(*, swap: Swap, user: User) -> Swap:
    """Take one's offer back, while it is open.

    Raises:
        NotPermitted: It is somebody else's.
        Conflict: It is open no more.
    """
    row, swap = _both_locked(swap)
    if swap.giver.user_id != user.pk:
        raise NotPermitted(_("This offer is somebody else's."), code="not_yours")
    _require_state(swap, *OPEN_SWAPS)
    return _ended(row, swap, SwapState.WITHDRAWN)


@transaction.atomic
def answer_swap(*, swap: Swap, user: User, is_accepted: bool, reason: str = "") -> Swap:
    """Say yes or no to a colleague's offer; what can no longer be is closed instead.

    A yes goes to the manager, or is carried out at once where the roster lets swaps
    that cost nothing go without one.

    Raises:
        NotPermitted: The offer is made to somebody else.
        Conflict: It is open no more.
    """
    row, swap = _both_locked(swap)
    if swap.taker.user_id != user.pk:
        raise NotPermitted(_("This offer is made to somebody else."), code="not_yours")
    _require_state(swap, SwapState.OFFERED)
    if not is_accepted:
        return _ended(row, swap, SwapState.DECLINED, reason=reason)
    weighed = _weighed_or_closed(row, swap)
    if weighed is None:
        return swap
    swap.cost_change = weighed.cost_change
    if (
        row.swaps_without_manager
        and weighed.cost_change <= 0
        and not _differs(row, swap)
    ):
        return _carried_out(row, swap, author=user)
    return _ended(row, swap, SwapState.ACCEPTED)


@transaction.atomic
def decide_swap(
    *, swap: Swap, author: User, is_approved: bool, reason: str = ""
) -> Swap:
    """Approve a swap that both agree on, or refuse it; of two who decide one wins.

    Approved, it changes the working copy and is published, in one. What can no longer
    be is closed instead, with its reason.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: It waits for nobody's approval, or the working copy differs there.
    """
    row, swap = _both_locked(swap)
    require_editor(author, row.department_id)
    _require_state(swap, SwapState.ACCEPTED)
    swap.decided_by = author
    if not is_approved:
        return _ended(row, swap, SwapState.REFUSED, reason=reason)
    weighed = _weighed_or_closed(row, swap)
    if weighed is None:
        return swap
    if _differs(row, swap):
        raise Conflict(
            _(
                "The working copy has other shifts there than the staff see. "
                "Publish it, or undo that, and decide again."
            ),
            code="working_copy_differs",
        )
    swap.cost_change = weighed.cost_change
    return _carried_out(row, swap, author=author)


@transaction.atomic
def let_swaps_go(*, roster: Roster, author: User, is_let: bool) -> Roster:
    """Say whether swaps that break and cost nothing need no manager.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed.
    """
    row = roster_for_change(roster, author=author)
    row.swaps_without_manager = is_let
    row.save(update_fields=["swaps_without_manager", "updated"])
    tell_department(row, "swap")
    return row


def swaps_for(
    shift: PublishedShift, *, colleague: RosterPerson | None = None
) -> list[Weighed]:
    """Return the legal swaps of a published shift, cheapest first; nothing is asked yet."""
    row = Roster.objects.defer("instance").get(pk=shift.person.roster_id)
    if row.is_locked:
        return []
    people = row.people.select_related("user")
    takers = [
        person.key
        for person in people
        if is_reachable(person)
        and person.pk != shift.person_id
        and (colleague is None or person.pk == colleague.pk)
    ]
    found = legal_swaps(
        published_judgment(row),
        giver=shift.person.key,
        day=shift.day,
        takers=takers,
        fixed=fixed_cells(row),
        first_day=_first_open_day(row),
    )
    return [one for one in found if not has_begun(row, one.exchange)]


def _first_open_day(row: Roster) -> int:
    return max((timezone.localdate() - row.start).days, 0)


def _locked(roster_id: UUID) -> Roster:
    return Roster.objects.select_for_update(of=("self",)).get(pk=roster_id)


def _both_locked(swap: Swap) -> tuple[Roster, Swap]:
    """Return the newest rows, the roster locked first, as every change of it does."""
    row = _locked(swap.roster_id)
    swaps = Swap.objects.select_for_update(of=("self",))
    swap = swaps.select_related("giver__user", "taker__user").get(pk=swap.pk)
    return row, swap


def _exchange(row: Roster, offer: Offer) -> Exchange:
    shifts = [offer.shift, *([offer.in_return] if offer.in_return else [])]
    if any(shift.publication_id != row.current_id for shift in shifts):
        raise Conflict(str(Stale.CHANGED.label), code="swap_changed")
    back = offer.in_return
    if back is not None and back.person_id != offer.colleague.pk:
        message = _("This shift is not the colleague's.")
        raise InvalidInput(message, code="invalid", fields={"in_return": [message]})
    return Exchange(
        giver=offer.shift.person.key,
        taker=offer.colleague.key,
        day=offer.shift.day,
        shift=offer.shift.shift,
        back_day=back.day if back else None,
        back_shift=back.shift if back else OFF,
    )


def _require_free_to_swap(row: Roster, exchange: Exchange, offer: Offer) -> None:
    """Refuse what is no swap between two people of the roster who are there to swap."""
    if row.is_locked:
        raise Conflict(str(Stale.ENDED.label), code="roster_locked")
    colleague = offer.colleague
    is_other = colleague.roster_id == row.pk and colleague.pk != offer.shift.person_id
    if not is_other or not is_reachable(colleague):
        message = _("Choose a colleague of the roster who has an account here.")
        raise InvalidInput(message, code="invalid", fields={"colleague": [message]})
    if has_begun(row, exchange):
        raise Conflict(str(Stale.BEGUN.label), code="shift_begun")
    cells = told_cells(row.current_id)
    if any(cells.get(cell, OFF) != shift for cell, shift in exchange.before().items()):
        raise Conflict(
            _("One of you works on the other's day already."), code="not_free"
        )
    if fixed_cells(row).forbids(exchange):
        raise Conflict(
            _("One of the days is fixed by the ward, or one of you is on leave then."),
            code="cell_fixed",
        )


def _require_legal(weighed: Weighed) -> None:
    if weighed.is_legal:
        return
    broken = [said(one.template, one.values) for one in weighed.broken]
    raise InvalidInput(
        _("This swap would break a rule: %(rule)s") % {"rule": broken[0]},
        code="swap_breaks_rules",
        fields={"violations": broken},
    )


def _require_state(swap: Swap, *states: SwapState) -> None:
    if swap.state not in states:
        raise Conflict(
            _("This swap stands otherwise by now: %(state)s.")
            % {"state": swap.get_state_display()},
            code="swap_decided",
        )


def _weighed_or_closed(row: Roster, swap: Swap) -> Weighed | None:
    """Return how the swap is judged now; None where it had to be closed."""
    why = why_stale(row, swap, told_cells(row.current_id))
    exchange = exchange_of(swap)
    if not why and fixed_cells(row).forbids(exchange):
        why = Stale.FIXED
    weighed = None if why else weigh(published_judgment(row), exchange)
    if weighed is not None and not weighed.is_legal:
        why, weighed = Stale.RULES, None
    if weighed is None:
        close_swap(row, swap, why)
        tell_department(row, "swap")
    return weighed


def _differs(row: Roster, swap: Swap) -> bool:
    """Whether the working copy has other shifts there than the staff were told."""
    working = cells_of(row)
    return any(
        working.get(cell, OFF) != shift
        for cell, shift in exchange_of(swap).before().items()
    )


def _carried_out(row: Roster, swap: Swap, *, author: User) -> Swap:
    exchange = exchange_of(swap)
    people = {exchange.giver, exchange.taker}
    theirs = {c: s for c, s in cells_of(row).items() if c[0] in people}
    write_cells(row, _with(theirs, exchange), people=people)
    told = _with(told_cells(row.current_id), exchange)
    index = published_judgment(row).judge.instance.person_index
    after = published_judgment(row).with_cells(
        (index[key], day, shift) for (key, day), shift in exchange.after().items()
    )
    swap.state = SwapState.DONE
    swap.publication = tell_cells(
        row,
        told,
        after.verdict,
        author=author,
        note=_("Swap: %(giver)s and %(taker)s")
        % {"giver": swap.giver, "taker": swap.taker},
        changed_cells=len(exchange.after()),
    )
    swap.save()
    tell_swap(swap, row)
    close_stale_swaps(row)
    return swap


def _with(cells: Cells, exchange: Exchange) -> Cells:
    changed = {**cells, **exchange.after()}
    return {cell: shift for cell, shift in changed.items() if shift != OFF}


def _ended(row: Roster, swap: Swap, state: SwapState, *, reason: str = "") -> Swap:
    swap.state, swap.reason = state, reason.strip()
    swap.save()
    tell_swap(swap, row)
    tell_department(row, "swap")
    return swap
