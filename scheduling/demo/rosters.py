"""The rosters of the demo: one published that the ward wrote by hand, one to be made."""

from datetime import date, timedelta

from django.utils import timezone

from hospital.accounts.models import Department, User
from hospital.core.demo import Demo
from scheduling.demo.ward import DAYS, by_hand, ward
from scheduling.models import Roster, SourceFormat
from scheduling.problems import instance_of
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.publishing import publish_roster
from scheduling.services.requests import open_requests
from scheduling.services.rosters import Problem, create_roster, tie_account
from scheduling.solver.formats import to_json

WARD = "respiratory medicine"
NURSE_KEY, COLLEAGUE_KEY = "P01", "P11"
REQUESTS_CLOSE_DAYS = 7  # before the roster begins
USUAL_BUDGET = 6


def load(demo: Demo) -> None:
    """Make the ward's two rosters where it has none yet."""
    department = Department.objects.get(code=WARD)
    if Roster.objects.filter(department=department).exists():
        return
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    manager = User.objects.get(username="manager")
    _publish(_made(monday, department=department, author=manager), author=manager)
    start = monday + timedelta(days=DAYS)
    draft = _made(start, department=department, author=manager)
    open_requests(
        roster=draft,
        author=manager,
        closes=start - timedelta(days=REQUESTS_CLOSE_DAYS),
        budget=USUAL_BUDGET,
    )


def _made(start: date, *, department: Department, author: User) -> Roster:
    name = f"{department.name} · {department.name_zh}, {start:%Y-%m-%d}"
    zone = timezone.get_default_timezone_name()
    problem = Problem(
        SourceFormat.ANJI, data=to_json(ward(start, name=name, timezone=zone))
    )
    roster = create_roster(
        author=author, department=department, name=name, problem=problem
    )
    # With two accounts in it, a swap can be tried from both sides.
    for key, username in ((NURSE_KEY, "nurse"), (COLLEAGUE_KEY, "clinician")):
        user = User.objects.get(username=username)
        tie_account(roster=roster, author=author, key=key, user=user)
    return roster


def _publish(roster: Roster, *, author: User) -> None:
    cells = by_hand(instance_of(roster))
    changes = [
        CellChange(person=person, day=day, shift=shift)
        for (person, day), shift in cells.items()
    ]
    change_cells(roster=roster, author=author, changes=changes, expected_version=None)
    publish_roster(roster=roster, author=author, accept_violations=True)
