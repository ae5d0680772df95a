"""A manager says what the next search aims at besides the problem's own costs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import InvalidInput
from scheduling.models import Aims, Roster
from scheduling.problems import instance_of
from scheduling.services.editing import roster_for_change
from scheduling.services.events import tell_department
from scheduling.solver.fairness import FairnessError, TierOrder
from scheduling.solver.rules import Tier


@dataclass(frozen=True, slots=True)
class Aim:
    """What is chosen; an empty order leaves it to the weights."""

    fair_shares: bool = False
    tier_order: Sequence[Tier] = ()
    unpopular: Sequence[str] = ()


@transaction.atomic
def set_aims(*, roster: Roster, author: User, aim: Aim) -> Aims:
    """Keep what the roster's next searches aim at.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed.
        InvalidInput: An order without all tiers, or a shift that is not there.
    """
    row = roster_for_change(roster, author=author)
    unknown = set(aim.unpopular) - instance_of(row).all_shifts
    if unknown:
        raise _refused(
            "unpopular",
            _("The roster has no shift %(shift)s.") % {"shift": min(unknown)},
        )
    if aim.tier_order:
        try:
            TierOrder(tuple(aim.tier_order))
        except FairnessError as error:
            message = _("Name each of the four once, the most important first.")
            raise _refused("tier_order", message) from error
    aims, _is_new = Aims.objects.update_or_create(
        roster=row,
        defaults={
            "fair_shares": aim.fair_shares,
            "tier_order": list(aim.tier_order),
            "unpopular": sorted(aim.unpopular),
        },
    )
    tell_department(row, "aimed")
    return aims


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, code="invalid", fields={field: [message]})
