"""What somebody's leave does to the ward: shifts that it meets, and who is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.models import (
    Assignment,
    Leave,
    LeaveState,
    PublishedShift,
    Roster,
    RosterPerson,
    RosterState,
)
from scheduling.problems import instance_of
from scheduling.solver.instance import Instance
from scheduling.solver.rules import RESERVE

LIVING = (LeaveState.ASKED, LeaveState.APPROVED)


@dataclass(frozen=True, slots=True)
class Met:
    """The shifts of one roster that leave meets; `shifts` are dates with their shift."""

    roster: Roster
    person: RosterPerson
    first_day: int
    last_day: int
    shifts: tuple[tuple[date, str], ...]

    @property
    def is_published(self) -> bool:
        return self.roster.current_id is not None


@dataclass(frozen=True, slots=True)
class Left:
    """Who is left in a roster on a day, were all of the leave approved."""

    roster: Roster
    date: date
    away: int
    people: int
    needed: int

    @property
    def left(self) -> int:
        return self.people - self.away


def shifts_met(leave: Leave) -> list[Met]:
    """Return by roster what the person works on days of the leave, as it is now.

    Of a draft the working copy counts, of a published roster what the staff were told.
    """
    met = []
    for person in _places(leave):
        roster = person.roster
        rows = (
            PublishedShift.objects.filter(publication=roster.current_id)
            if roster.current_id
            else Assignment.objects.all()
        )
        days = leave.days_in(roster)
        shifts = rows.filter(person=person, day__in=days).values_list("date", "shift")
        if shifts:
            met.append(Met(roster, person, days[0], days[-1], tuple(shifts)))
    return met


def days_short(leave: Leave) -> list[Left]:
    """Return the days on which fewer would be left than are needed, or nobody."""
    return [
        left
        for person in _places(leave)
        for left in _left(person.roster, leave)
        if left.left < left.needed or not left.left
    ]


def needed_on(instance: Instance, day: int) -> int:
    """Return how many people a day needs at least: of needs that share no shift.

    A reserve is kept for whoever is away, so it is not needed on top.
    """
    needs = sorted(
        (
            demand
            for demand in instance.demands
            if demand.day == day and demand.name != RESERVE
        ),
        key=lambda demand: -demand.at_least,
    )
    counted: set[str] = set()
    total = 0
    for demand in needs:
        if not demand.shifts_before and not counted & demand.shifts:
            counted |= demand.shifts
            total += demand.at_least
    return total


def _places(leave: Leave) -> list[RosterPerson]:
    """Return the person's places in the rosters that the leave touches, closed ones not."""
    places = RosterPerson.objects.filter(
        user=leave.user_id, roster__start__lte=leave.last
    ).exclude(roster__state=RosterState.LOCKED)
    return [
        place
        for place in places.select_related("roster__department").defer(
            "roster__instance"
        )
        if leave.days_in(place.roster)
    ]


def _left(roster: Roster, leave: Leave) -> Iterator[Left]:
    instance = instance_of(roster)
    keys = dict(roster.people.filter(user__isnull=False).values_list("user_id", "key"))
    away = {(person.id, day) for person in instance.people for day in person.leave}
    for other in Leave.objects.filter(user__in=keys, state__in=LIVING):
        away |= {(keys[other.user_id], day) for day in other.days_in(roster)}
    for day in leave.days_in(roster):
        yield Left(
            roster=roster,
            date=roster.start + timedelta(days=day),
            away=sum(one == day for _person, one in away),
            people=len(instance.people),
            needed=needed_on(instance, day),
        )
