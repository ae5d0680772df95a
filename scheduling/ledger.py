"""Who bore what: in a roster, and in the rosters that its department published before."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scheduling.holidays import with_holidays
from scheduling.models import PublishedShift, Roster
from scheduling.past_work import Keys, keys_of
from scheduling.problems import Cells, instance_of
from scheduling.selectors.rosters import aims_of
from scheduling.solver.fairness import (
    Burden,
    burdens,
    fair_targets,
    with_fair_shares,
)
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster as Grid

PERIODS = 6  # published rosters looked back on: half a year where one has four weeks


def earlier_rosters(roster: Roster, *, periods: int = PERIODS) -> list[Roster]:
    """Return the published rosters of the department before this one, newest first."""
    before = Roster.objects.filter(
        department=roster.department_id,
        current__isnull=False,
        start__lt=roster.start,
    )
    others = before.exclude(pk=roster.pk).defer("instance")
    return list(others.order_by("-start")[:periods])


def burdens_of(
    roster: Roster, cells: Cells, *, unpopular: Iterable[str] = ()
) -> tuple[Burden, ...]:
    """Return what everybody bears if these cells are worked.

    What was published of a shift that the problem no longer has is left out.
    """
    instance = with_holidays(instance_of(roster))
    known = {at: shift for at, shift in cells.items() if shift in instance.shift_by_id}
    return burdens(instance, Grid.of(instance, known), unpopular=unpopular)


def past_burdens(roster: Roster, *, unpopular: Iterable[str] = ()) -> list[Burden]:
    """Return what the roster's people bore before, under their keys in it.

    An account is the same person in every roster; who has none is known by their key.
    """
    disliked = tuple(unpopular)
    keys = keys_of(roster)
    return [
        one
        for earlier in earlier_rosters(roster)
        for one in _renamed(earlier, keys, disliked)
    ]


def aimed(roster: Roster, instance: Instance) -> Instance:
    """Return the problem as the roster's searches take it: with fair shares if chosen."""
    aims = aims_of(roster)
    if not aims.fair_shares:
        return instance
    instance = with_holidays(instance)
    ledger = past_burdens(roster, unpopular=aims.unpopular)
    targets = fair_targets(instance, ledger, unpopular=aims.unpopular)
    return with_fair_shares(instance, targets, unpopular=aims.unpopular)


def _renamed(
    earlier: Roster, keys: Keys, disliked: tuple[str, ...]
) -> Iterator[Burden]:
    now = {
        person.key: keys.get(person.user_id or person.key)
        for person in earlier.people.all()
    }
    shifts = PublishedShift.objects.filter(publication=earlier.current_id)
    worked = {
        (key, day): shift
        for key, day, shift in shifts.values_list("person__key", "day", "shift")
    }
    for one in burdens_of(earlier, worked, unpopular=disliked):
        key = now.get(one.person)
        if key is not None:
            yield replace(one, person=key)
