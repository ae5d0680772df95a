"""Small wards for tests, whose costs are worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from scheduling.models import (
    Leave,
    LeaveKind,
    Publication,
    RequestPeriod,
    Roster,
    Run,
    ShiftRequest,
    Swap,
)
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.publishing import publish_roster
from scheduling.services.rosters import Problem, create_roster
from scheduling.services.runs import RunLimits, start_run
from scheduling.solver.formats import to_json
from scheduling.solver.instance import Contract, Instance, Person, ShiftType
from scheduling.solver.rules import Demand, Pattern
from scheduling.solver.rules import Run as Row
from tests.rows import make_person

ZONE = "Europe/Berlin"
MONDAY = date(2026, 6, 1)
DAY, NIGHT = "D", "N"
MISSING = 10  # cost of each person missing


def today() -> date:
    """Return the date where the ward is: late in the evening it is the next one."""
    return timezone.localdate(timezone=ZoneInfo(ZONE))


def ward(*, people: int = 3, days: int = 7, start: date = MONDAY) -> Instance:
    """Return a ward that needs one D and one N a day; nobody works D after N."""
    return Instance(
        name="Ward",
        start=start,
        days=days,
        timezone=ZONE,
        shift_types=(
            ShiftType(
                id=DAY, name="Day", start_minute=420, end_minute=900, minutes=480
            ),
            ShiftType(
                id=NIGHT,
                name="Night",
                start_minute=1320,
                end_minute=1860,
                minutes=540,
                is_night=True,
            ),
        ),
        contracts=(
            Contract(
                id="all",
                rules=(
                    Pattern(name="rest", days=(frozenset({NIGHT}), frozenset({DAY}))),
                    Row(name="in a row", at_most=5),
                ),
            ),
        ),
        people=tuple(
            Person(id=f"P{number}", name=f"Person {number}", contracts=("all",))
            for number in range(people)
        ),
        demands=tuple(
            Demand(
                day=day,
                shifts=frozenset({shift}),
                at_least=1,
                under_weight=MISSING,
                over_weight=0,
            )
            for day in range(days)
            for shift in (DAY, NIGHT)
        ),
    )


def make_roster(
    department: Department,
    *,
    author: User | None = None,
    people: int = 3,
    days: int = 7,
    start: date = MONDAY,
    must_be_met: bool = False,
) -> Roster:
    """Return a draft in which nobody works yet; its needs may have to be met."""
    instance = ward(people=people, days=days, start=start)
    if must_be_met:
        needs = (replace(demand, under_weight=None) for demand in instance.demands)
        instance = replace(instance, demands=tuple(needs))
    return create_roster(
        author=author or make_person(Role.MANAGER, department),
        department=department,
        name="Ward 3, June",
        problem=Problem("anji", data=to_json(instance)),
    )


def assign(roster: Roster, cells: dict[tuple[str, int], str]) -> Roster:
    """Have these cells worked, and return the newest row."""
    assert roster.created_by is not None
    change_cells(
        roster=roster,
        author=roster.created_by,
        changes=[
            CellChange(person=person, day=day, shift=shift)
            for (person, day), shift in cells.items()
        ],
        expected_version=None,
    )
    return Roster.objects.get(pk=roster.pk)


def make_covered(
    department: Department, *, author: User | None = None, start: date = MONDAY
) -> Roster:
    """Return three days on which P0 works D and P1 N, and P2 and P3 are free."""
    roster = make_roster(department, author=author, people=4, days=3, start=start)
    return assign(
        roster,
        {
            (who, day): what
            for who, what in (("P0", DAY), ("P1", NIGHT))
            for day in range(3)
        },
    )


def make_published(department: Department, *, user: User | None = None) -> Roster:
    """Return a published roster in which P0, of that account, works the first day."""
    roster = make_roster(department)
    roster.people.filter(key="P0").update(user=user)
    assign(roster, {("P0", 0): DAY, ("P1", 0): NIGHT})
    publish(roster)
    return Roster.objects.get(pk=roster.pk)


def publish(roster: Roster) -> Publication:
    assert roster.created_by is not None
    return publish_roster(roster=roster, author=roster.created_by)


def make_run(roster: Roster, *, time_limit_s: float = 5.0) -> Run:
    assert roster.created_by is not None
    limits = RunLimits(time_limit_s=time_limit_s, workers=2)
    return start_run(roster=roster, author=roster.created_by, limits=limits)


def make_asked(roster: Roster, user: User) -> dict[str, str]:
    """Have P0, of that account, ask for everything; return the rows' ids."""
    roster.people.filter(key="P0").update(user=user)
    giver, taker = roster.people.get(key="P0"), roster.people.get(key="P1")
    period = RequestPeriod.objects.create(roster=roster, closes=MONDAY, budget=6)
    request = ShiftRequest.objects.create(
        person=giver, day=3, date=MONDAY + timedelta(days=3), wish="off", points=2
    )
    leave = Leave.objects.create(
        user=user,
        department=roster.department,
        kind=LeaveKind.ANNUAL,
        first=MONDAY,
        last=MONDAY,
    )
    swap = Swap.objects.create(
        roster=roster, giver=giver, taker=taker, day=0, shift=DAY
    )
    return {
        "period_id": str(period.pk),
        "request_id": str(request.pk),
        "leave_id": str(leave.pk),
        "swap_id": str(swap.pk),
    }
