"""Proposals of past rosters hold in a draft from their acceptance to its undoing."""

from datetime import timedelta

import pytest

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from scheduling.models import Acceptance, PastRosters, Roster
from scheduling.problems import instance_of
from scheduling.services.proposals import (
    Chosen,
    accept_proposals,
    undo_acceptance,
)
from scheduling.solver.history.sharing import SHARED
from scheduling.solver.rules import RESERVE, Count
from scheduling.wishes import point_weight
from tests.rows import make_department
from tests.scheduling.insights import make_past
from tests.scheduling.wards import (
    DAY,
    MISSING,
    MONDAY,
    NIGHT,
    assign,
    make_roster,
    publish,
)

pytestmark = pytest.mark.django_db
FRIDAY = 4
SUMMER = ("all", "summer")  # the contract of the ward's people


@pytest.fixture
def roster() -> Roster:
    """Return a draft of four weeks for three people that needs one D and one N a day."""
    return make_roster(make_department(), days=28)


@pytest.fixture
def past(roster: Roster) -> PastRosters:
    """Return what suggests two D on Mondays, a high absence rate, and shared nights."""
    made = make_past(roster.department)
    told = {"template": "x", "values": {}}
    made.proposals = {
        "cover": [
            {
                "shift": DAY,
                "weekday": 0,
                "usual": 2,
                "low": 2.0,
                "high": 2.0,
                "days": 4,
                "first": MONDAY.isoformat(),
                "last": (MONDAY + timedelta(days=21)).isoformat(),
                "message": told,
            }
        ],
        "absences": [
            {
                "group": group,
                "season": "summer",
                "rate": rate,
                "low": 0.3,
                "high": 0.5,
                "planned": 50,
                "absent": 20,
                "reasons": [["sick", 20]],
                "message": told,
            }
            for group, rate in (("all", 0.4), ("doctors", 0.5))
        ],
        "swaps": [
            {
                "shift": NIGHT,
                "weekday": FRIDAY,
                "rate": 0.6,
                "low": 0.4,
                "high": 0.8,
                "average": 0.1,
                "planned": 20,
                "swapped": 12,
                "instead": [["", 12]],
                "message": told,
            }
        ],
    }
    made.save()
    return made


def accept(past: PastRosters, roster: Roster, chosen: Chosen) -> Acceptance:
    return accept_proposals(
        past=past,
        roster=Roster.objects.get(pk=roster.pk),
        author=author_of(roster),
        chosen=chosen,
        expected_version=None,
    )


def author_of(roster: Roster) -> User:
    assert roster.created_by is not None
    return roster.created_by


def newest(roster: Roster) -> Roster:
    return Roster.objects.get(pk=roster.pk)


def test_an_absence_rate_brings_a_reserve_and_goes_again(
    roster: Roster, past: PastRosters
) -> None:
    before = instance_of(roster)

    taken = accept(past, roster, Chosen(absences=[SUMMER]))
    reserved = instance_of(newest(roster))
    undo_acceptance(acceptance=taken, author=author_of(roster))

    reserve = [one for one in reserved.demands if one.name == RESERVE]
    assert len(reserve) == 2 * 28  # one more for each need: 1 / 0.6 - 1 = 0.67
    assert {(one.at_least, one.under_weight) for one in reserve} == {(2, 3)}
    assert taken.problem_version == 2
    assert newest(roster).problem_version == 3
    assert instance_of(newest(roster)) == before
    with pytest.raises(Conflict, match="taken back before"):
        undo_acceptance(acceptance=taken, author=author_of(roster))


def test_what_is_swapped_away_is_shared_out_for_the_price_of_a_point(
    roster: Roster, past: PastRosters
) -> None:
    before = instance_of(roster)

    accept(past, roster, Chosen(swaps=[(NIGHT, FRIDAY)]))

    after = instance_of(newest(roster))
    (rule,) = after.people[0].rules
    assert isinstance(rule, Count)
    assert (rule.name, rule.shifts, rule.days) == (SHARED, {NIGHT}, (4, 11, 18, 25))
    assert (rule.at_most, rule.weight) == (2, point_weight(before))
    assert after.demands == before.demands


def test_each_acceptance_is_undone_alone_whatever_came_after_it(
    roster: Roster, past: PastRosters
) -> None:
    cover = accept(past, roster, Chosen(cover=[(DAY, 0)]))
    accept(past, roster, Chosen(absences=[SUMMER], swaps=[(NIGHT, FRIDAY)]))
    both = instance_of(newest(roster))

    undo_acceptance(acceptance=cover, author=author_of(roster))

    needs = {
        (one.day, *one.shifts): one.at_least
        for one in both.demands
        if one.name != RESERVE
    }
    assert (needs[0, DAY], needs[1, DAY]) == (2, 1)
    after = instance_of(newest(roster))
    first, reserve, *_others = after.demands
    assert (first.at_least, first.under_weight) == (1, MISSING)
    assert (reserve.name, reserve.at_least) == (RESERVE, 2)  # reckoned anew
    assert [rule.name for rule in after.people[0].rules] == [SHARED]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (Chosen(), "Choose at least one proposal"),
        (Chosen(absences=[("all", "winter")]), "Choose at least one proposal"),
        (Chosen(absences=[("doctors", "summer")]), "Nothing of it changes this draft"),
    ],
)
def test_what_was_not_proposed_or_changes_nothing_is_refused(
    roster: Roster, past: PastRosters, chosen: Chosen, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        accept(past, roster, chosen)

    assert newest(roster).problem_version == 1
    assert not Acceptance.objects.exists()


def test_nothing_enters_or_leaves_what_is_published(
    roster: Roster, past: PastRosters
) -> None:
    taken = accept(past, roster, Chosen(absences=[SUMMER]))
    assign(roster, {("P0", 0): DAY})
    publish(newest(roster))

    with pytest.raises(Conflict, match="draft"):
        accept(past, roster, Chosen(swaps=[(NIGHT, FRIDAY)]))
    with pytest.raises(Conflict, match="draft"):
        undo_acceptance(acceptance=taken, author=author_of(roster))

    assert Acceptance.objects.get().undone is None


def test_a_draft_that_is_published_meanwhile_takes_none_and_keeps_all(
    roster: Roster, past: PastRosters
) -> None:
    taken = accept(past, roster, Chosen(absences=[SUMMER]))
    seen = newest(roster)
    assign(roster, {("P0", 0): DAY})
    publish(newest(roster))
    published = newest(roster)

    with pytest.raises(Conflict, match="draft"):
        accept_proposals(
            past=past,
            roster=seen,
            author=author_of(roster),
            chosen=Chosen(swaps=[(NIGHT, FRIDAY)]),
            expected_version=None,
        )
    taken.roster = seen
    with pytest.raises(Conflict, match="draft"):
        undo_acceptance(acceptance=taken, author=author_of(roster))

    assert newest(roster).problem_version == published.problem_version
