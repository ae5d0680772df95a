"""Rows of explanations and past rosters for tests."""

from datetime import date, timedelta

from hospital.accounts.models import Department
from scheduling.models import (
    Acceptance,
    Explanation,
    HouseLaw,
    PastRosters,
    PastSource,
    PublicHoliday,
    Roster,
)
from scheduling.services.explanations import queue_explanation
from tests.scheduling.wards import MONDAY


def make_explanation(roster: Roster) -> Explanation:
    """Return an explanation that is still looked for."""
    return queue_explanation(roster, author=roster.created_by)


def make_past(department: Department) -> PastRosters:
    """Return past rosters that suggest nothing."""
    return PastRosters.objects.create(
        department=department,
        source=PastSource.FILE,
        name="past.csv",
        first=MONDAY,
        last=MONDAY,
        cells=1,
        proposals={"cover": [], "absences": [], "swaps": []},
    )


def make_acceptance(past: PastRosters, roster: Roster) -> Acceptance:
    """Return an acceptance of nothing."""
    return Acceptance.objects.create(past=past, roster=roster, problem_version=1)


def make_holiday() -> PublicHoliday:
    """Return a public holiday on a day that is none yet."""
    on = date(2026, 1, 1) + timedelta(days=PublicHoliday.objects.count())
    return PublicHoliday.objects.create(date=on, name="Holiday")


def make_law(code: str = "") -> HouseLaw:
    """Return a law profile of the hospital's own, of a code that is new."""
    return HouseLaw.objects.create(
        code=code or f"house-{HouseLaw.objects.count()}",
        version=1,
        title="House rules",
        title_zh="院内规定",
        clauses=[{"kind": "daily_rest", "name": "12 h between shifts", "hours": 12}],
    )
