"""What a repair leaves alone: what is over, and what people were told of soon."""

from datetime import timedelta

import pytest

from hospital.accounts.models import Department
from scheduling.models import Roster, SourceFormat
from scheduling.problems import grid_of, instance_of
from scheduling.repairing.child import taken_back
from scheduling.services.repairs import as_published_soon, is_over, now_in
from scheduling.solver.rules import OFF
from tests.scheduling.wards import DAY, NIGHT, assign, make_roster, publish, today

pytestmark = pytest.mark.django_db
SEVEN, TWENTY_TWO = 7 * 60, 22 * 60


@pytest.fixture
def drafted(department: Department) -> Roster:
    """A published roster whose working copy was changed on two days since."""
    roster = make_roster(department)
    roster = assign(roster, {("P0", 1): DAY, ("P1", 1): NIGHT, ("P0", 3): DAY})
    publish(roster)
    changes = {("P0", 1): OFF, ("P2", 1): DAY, ("P0", 3): OFF}
    return assign(Roster.objects.get(pk=roster.pk), changes)


def test_what_was_published_and_starts_soon_is_kept(drafted: Roster) -> None:
    before = grid_of(drafted)

    kept = as_published_soon(drafted, before, (0, TWENTY_TWO), hours=24)

    assert [row[1] for row in kept.rows] == [DAY, NIGHT, OFF]
    assert kept.rows[0][3] == OFF  # later: as it is drafted
    undone = taken_back(instance_of(drafted), kept, before.rows)
    assert [(one.person, one.before, one.after) for one in undone] == [
        ("P0", OFF, DAY),
        ("P2", DAY, OFF),
    ]


@pytest.mark.parametrize(("now", "hours"), [((1, SEVEN + 1), 24), ((0, 0), 0)])
def test_what_has_begun_or_starts_later_is_as_drafted(
    now: tuple[int, int], hours: int, drafted: Roster
) -> None:
    grid = grid_of(drafted)

    assert as_published_soon(drafted, grid, now, hours=hours) == grid


def test_before_the_start_hours_run_from_now(department: Department) -> None:
    start = today() + timedelta(days=9)

    day, _minute = now_in(make_roster(department, start=start))

    assert day in {-9, -8}  # midnight may pass


def test_a_roster_of_a_week_is_over_after_it(department: Department) -> None:
    rosters = [
        make_roster(department, start=today() - timedelta(days=ago)) for ago in (9, 5)
    ]

    assert [is_over(roster) for roster in rosters] == [True, False]


def test_days_that_nobody_dated_are_never_over(department: Department) -> None:
    roster = make_roster(department)
    roster.source_format = SourceFormat.CURTOIS

    assert now_in(roster) == (0, 0)
    assert not is_over(roster)
