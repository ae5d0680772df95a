"""What proposals of past rosters would mean for a draft, before anybody accepts them."""

from dataclasses import dataclass

from scheduling.models import Roster
from scheduling.problems import instance_of
from scheduling.services.proposals import Proposed, rate_of
from scheduling.solver.history import most_of, reserve_for


@dataclass(frozen=True, slots=True)
class Reserve:
    """So many more on so many days, for needs that the same shifts serve."""

    shifts: str
    extra: int
    days: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many such shifts a draft needs, and how many a full post bears at most."""

    needed: int
    most: int


def reserve_in(roster: Roster, row: Proposed) -> list[Reserve]:
    """Return which reserve an absence rate would bring; empty for none."""
    instance = instance_of(roster)
    order = {shift.id: place for place, shift in enumerate(instance.shift_types)}
    days: dict[tuple[tuple[str, ...], int], int] = {}
    for (_day, shifts), extra in reserve_for(instance, [rate_of(row)]).items():
        key = (tuple(sorted(shifts, key=order.__getitem__)), extra)
        days[key] = days.get(key, 0) + 1
    return [
        Reserve("+".join(shifts), extra, count)
        for (shifts, extra), count in sorted(days.items(), key=lambda one: one[0])
    ]


def share_in(roster: Roster, row: Proposed) -> Share | None:
    """Return how a disliked shift would be shared out; None where nobody needs it."""
    needed, most = most_of(instance_of(roster), (row["shift"], row["weekday"]))
    return Share(needed, most) if needed else None
