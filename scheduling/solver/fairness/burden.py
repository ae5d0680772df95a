"""Burdens that are to be shared fairly, and who bears how much of them in a roster."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scheduling.solver.errors import SolverError
from scheduling.solver.instance import Instance
from scheduling.solver.message import phrase
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.verify import weekends_of

Kind = Literal["nights", "weekends", "holidays", "unpopular"]
KINDS: tuple[Kind, ...] = ("nights", "weekends", "holidays", "unpopular")
SATURDAY_AND_SUNDAY = (5, 6)


class FairnessError(SolverError):
    """A ledger or an order that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What one person bore of one kind in one period.

    Attributes:
        count: Nights, weekends, shifts on holidays, or unpopular shifts worked.
        share: Full-time posts times the part of the period they were there: what a
            fair share is reckoned by.
    """

    person: str
    kind: Kind
    count: int
    share: float

    def __post_init__(self) -> None:
        if self.count < 0 or self.share < 0:
            message = phrase(
                "%(person)s: %(count)s %(kind)s at %(share)s cannot be.",
                person=self.person,
                count=self.count,
                kind=self.kind,
                share=str(self.share),
            )
            raise FairnessError(message)


def burdens(
    instance: Instance, roster: Roster, *, unpopular: Iterable[str] = ()
) -> tuple[Burden, ...]:
    """Return what everybody bears in a roster, to be added to the ledger.

    Args:
        instance: Says which shifts are nights and which days are holidays.
        roster: Who works what.
        unpopular: Shifts that people would rather not work.
    """
    disliked = frozenset(unpopular)
    nights = frozenset(one.id for one in instance.shift_types if one.is_night)
    weekends = weekends_of(instance, SATURDAY_AND_SUNDAY)
    # What was kept before may name a day outside.
    holidays = [day for day in range(instance.days) if day in instance.holidays]
    found = []
    for person, row in zip(instance.people, roster.rows, strict=True):
        counts: dict[Kind, int] = {
            "nights": sum(cell in nights for cell in row),
            "weekends": sum(any(row[day] != OFF for day in one) for one in weekends),
            "holidays": sum(row[day] != OFF for day in holidays),
            "unpopular": sum(cell in disliked for cell in row),
        }
        post = max(0.0, person.fte)  # what was kept before may say less
        share = post * (1 - len(person.leave) / instance.days)
        found += [
            Burden(person=person.id, kind=kind, count=count, share=share)
            for kind, count in counts.items()
        ]
    return tuple(found)
