"""Who of a roster works the same days in another ward's published roster."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hospital.accounts.principal import Principal
from scheduling.models import Roster, RosterPerson
from scheduling.selectors.rosters import rosters_visible_to, shifts_in_force


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A day that a person would work in two rosters.

    Attributes:
        roster: The other roster's name; empty where the reader may not see that one.
    """

    person: RosterPerson
    on: date
    roster: str


def worked_elsewhere(
    roster: Roster, cells: Iterable[tuple[str, int]], principal: Principal
) -> list[Elsewhere]:
    """Return the days of these cells on which their people's accounts work elsewhere.

    Of the other roster the principal hears no more than they may see.
    """
    people = {one.user_id: one for one in roster.people.exclude(user=None)}
    if not people:
        return []
    days = {(key, roster.start + timedelta(days=day)) for key, day in cells}
    last = roster.start + timedelta(days=roster.days - 1)
    shifts = shifts_in_force().filter(
        person__user__in=people, date__range=(roster.start, last)
    )
    others = shifts.exclude(person__roster=roster).order_by("date", "person__name")
    found = [
        (people[user], on, other)
        for user, on, other in others.values_list(
            "person__user", "date", "person__roster"
        )
        if (people[user].key, on) in days
    ]
    visible = rosters_visible_to(principal).filter(pk__in={one for *_, one in found})
    names = dict(visible.values_list("pk", "name")) if found else {}
    return [Elsewhere(who, on, names.get(other, "")) for who, on, other in found]
