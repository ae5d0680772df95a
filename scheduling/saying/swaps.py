"""Swaps in the words of those who decide on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from scheduling.exchange import Weighed
from scheduling.models import PublishedShift, Roster, RosterPerson, Swap
from scheduling.saying.sentences import said
from scheduling.showing.board import Look, looks_of

DEARER_TOLD = 3  # costs named of a swap; the rest is their sum


@dataclass(frozen=True, slots=True)
class Piece:
    """One shift that changes hands."""

    date: date
    look: Look | None
    shift: str

    @property
    def name(self) -> str:
        return self.look.name if self.look else self.shift


@dataclass(frozen=True, slots=True)
class SwapShown:
    """A swap with its shifts; `back` is None where it is given away."""

    swap: Swap
    given: Piece
    back: Piece | None
    cost: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A legal way to part with a shift: to whom, for which of theirs, at which cost."""

    person: RosterPerson
    back: Piece | None
    back_id: int | None
    cost_change: int
    cost: str
    dearer: tuple[str, ...]

    @property
    def id(self) -> str:
        """What tells it from the other ways to part with the same shift."""
        colleague = str(self.person.pk)
        return colleague if self.back_id is None else f"{colleague}:{self.back_id}"

    @property
    def is_dearer(self) -> bool:
        return self.cost_change > 0


def swap_shown(swap: Swap) -> SwapShown:
    """Return the swap with the looks of its shifts; its roster is loaded."""
    looks = {look.id: look for look in looks_of(swap.roster)}
    back = None
    if swap.back_day is not None:
        back = piece(swap.roster, swap.back_day, swap.back_shift, looks)
    return SwapShown(
        swap,
        piece(swap.roster, swap.day, swap.shift, looks),
        back,
        cost_told(swap.cost_change),
    )


def partners_of(shift: PublishedShift, found: list[Weighed]) -> list[Partner]:
    """Return the legal swaps of a published shift as a page shows them."""
    roster = shift.publication.roster
    looks = {look.id: look for look in looks_of(roster)}
    people = {person.key: person for person in roster.people.all()}
    told = PublishedShift.objects.filter(publication=shift.publication_id)
    ids = {
        (person, day): pk
        for person, day, pk in told.values_list("person__key", "day", "pk")
    }
    return [
        Partner(
            person=people[exchange.taker],
            back=None
            if exchange.back_day is None
            else piece(roster, exchange.back_day, exchange.back_shift, looks),
            back_id=None
            if exchange.back_day is None
            else ids[exchange.taker, exchange.back_day],
            cost_change=one.cost_change,
            cost=cost_told(one.cost_change),
            dearer=_dearest(one),
        )
        for one in found
        for exchange in [one.exchange]
    ]


def piece(roster: Roster, day: int, shift: str, looks: Mapping[str, Look]) -> Piece:
    """Return one shift of a roster's day."""
    return Piece(roster.start + timedelta(days=day), looks.get(shift), shift)


def cost_told(change: int) -> str:
    """Return what a swap does to the roster's cost, in words."""
    if change > 0:
        return _("The roster becomes dearer by %(cost)d") % {"cost": change}
    if change < 0:
        return _("The roster becomes cheaper by %(cost)d") % {"cost": -change}
    return _("The roster costs the same")


def _dearest(one: Weighed) -> tuple[str, ...]:
    """Return in words what would newly cost most."""
    costs = sorted(one.dearer, key=lambda cost: -cost.cost)
    return tuple(said(cost.template, cost.values) for cost in costs[:DEARER_TOLD])
