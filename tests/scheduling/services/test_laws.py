"""What a ward published before counts in the averages of a law, for each person."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from hospital.accounts.models import Department, Role, User
from scheduling.models import Leave, LeaveKind, LeaveState, Roster, SourceFormat
from scheduling.problems import instance_of
from scheduling.services.laws import choose_law
from scheduling.services.periods import make_next_period
from scheduling.services.rosters import Problem, create_roster
from scheduling.solver.formats import to_json
from scheduling.solver.laws import law_rules
from scheduling.solver.rules import Count
from tests.rows import make_department, make_person
from tests.scheduling.wards import DAY, MONDAY, NIGHT, assign, publish, ward

pytestmark = pytest.mark.django_db
EU = "eu-2003-88-ec"
DAYS = 28
DAY_MINUTES, NIGHT_MINUTES = 480, 540


def period(department: Department, author: User, number: int) -> Roster:
    """Return the draft of the n-th period of four weeks, from 0."""
    start = MONDAY + timedelta(days=DAYS * number)
    problem = to_json(ward(days=DAYS, start=start))
    return create_roster(
        author=author,
        department=department,
        name=f"Period {number}",
        problem=Problem(SourceFormat.ANJI, data=problem),
    )


def worked(roster: Roster, cells: Mapping[tuple[str, int], str]) -> Roster:
    publish(assign(roster, cells))
    return Roster.objects.get(pk=roster.pk)


def average(roster: Roster, person: str) -> tuple[int, int]:
    """Return the most minutes, and those that count already."""
    instance = instance_of(Roster.objects.get(pk=roster.pk))
    [rule] = [
        rule
        for contract in instance.contracts
        if contract.id == f"law:{EU}:{person}"
        for rule in contract.rules
        if isinstance(rule, Count) and rule.name == "48 h a week on average"
    ]
    return rule.at_most or 0, rule.before


def test_every_roster_within_the_reference_period_counts(
    department: Department, manager: User
) -> None:
    """The 91 days before the sixth of them hold three, and the last week of another."""
    nurse = make_person(Role.NURSE, department)
    for number in range(5):
        roster = period(department, manager, number)
        worked(roster, {("P0", 20): DAY, ("P0", 21): DAY, ("P1", 20): NIGHT})
        key = "P0" if number % 2 else "P2"  # an account's key may change
        roster.people.filter(key=key).update(user=nurse)
    roster = period(department, manager, 5)
    roster.people.filter(key="P0").update(user=nurse)

    choose_law(roster=roster, author=manager, profile=EU, expected_version=None)

    limit = 48 * 60 * 17
    # Periods 1 and 3 were worked by the account as P0, 2 and 4 as P2, who was free.
    assert average(roster, "P0") == (limit, 3 * DAY_MINUTES)
    assert average(roster, "P1") == (limit, 3 * NIGHT_MINUTES)


def test_leave_drafts_and_other_wards_do_not_count(
    department: Department, manager: User
) -> None:
    nurse = make_person(Role.NURSE, department)
    elsewhere = make_department("elsewhere")
    stranger = make_person(Role.MANAGER, elsewhere)
    worked(period(elsewhere, stranger, 0), {("P0", 0): DAY})
    assign(period(department, manager, 0), {("P0", 0): DAY})
    before = worked(period(department, manager, 0), {("P0", 0): DAY, ("P0", 9): DAY})
    before.people.filter(key="P0").update(user=nurse)
    Leave.objects.create(
        user=nurse,
        department=department,
        kind=LeaveKind.SICK,
        first=MONDAY,
        last=MONDAY + timedelta(days=6),
        state=LeaveState.APPROVED,
    )
    roster = period(department, manager, 1)
    roster.people.filter(key="P0").update(user=nurse)

    choose_law(roster=roster, author=manager, profile=EU, expected_version=None)

    assert average(roster, "P0") == (48 * 60 * 7, DAY_MINUTES)  # 3 + 4 weeks
    assert average(roster, "P1") == (48 * 60 * 8, 0)


def test_the_next_period_counts_the_draft_that_it_goes_on_from(
    department: Department, manager: User
) -> None:
    worked(period(department, manager, 0), {("P0", 27): DAY})
    draft = assign(period(department, manager, 1), {("P0", 0): DAY})
    choose_law(
        roster=draft,
        author=manager,
        profile=EU,
        asked=["8 h a strenuous night"],
        expected_version=None,
    )

    draft = Roster.objects.get(pk=draft.pk)
    made = make_next_period(roster=draft, author=manager, name="Next", days=DAYS)

    assert average(draft, "P0") == (48 * 60 * 8, DAY_MINUTES)
    assert average(made, "P0") == (48 * 60 * 12, 2 * DAY_MINUTES)
    assert "8 h a strenuous night" in law_rules(instance_of(made))


def test_a_night_on_which_clocks_change_counts_as_it_passed(
    department: Department, manager: User
) -> None:
    number = (date(2026, 10, 24) - MONDAY).days // DAYS
    roster = period(department, manager, number)
    night = (date(2026, 10, 24) - roster.start).days
    worked(roster, {("P0", night): NIGHT, ("P1", night - 1): NIGHT})
    after = period(department, manager, number + 1)

    choose_law(roster=after, author=manager, profile=EU, expected_version=None)

    assert average(after, "P0")[1] == NIGHT_MINUTES + 60
    assert average(after, "P1")[1] == NIGHT_MINUTES
