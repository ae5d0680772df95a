"""Who works twice on one day is told, of the other ward no more than one may see."""

from datetime import date

import pytest
from django.utils.translation import override

from hospital.accounts.models import Department, Role, User
from scheduling.models import Roster
from scheduling.saying.elsewhere import twice
from scheduling.selectors.elsewhere import worked_elsewhere
from tests.rows import make_department, make_person, make_principal
from tests.scheduling.wards import make_published, make_roster

pytestmark = pytest.mark.django_db
CELLS = [("P1", 0), ("P1", 1), ("P2", 0)]


@pytest.fixture
def own() -> Department:
    return make_department()


@pytest.fixture
def nurse() -> User:
    return make_person(Role.NURSE)


@pytest.fixture
def draft(own: Department, nurse: User) -> Roster:
    """A draft in which P1 is the nurse; the other ward has her on the first day."""
    roster = make_roster(own)
    roster.people.filter(key="P1").update(user=nurse)
    return roster


def test_a_day_in_another_ward_is_told_without_its_roster(
    own: Department, nurse: User, draft: Roster
) -> None:
    make_published(make_department(), user=nurse)

    [found] = worked_elsewhere(draft, CELLS, make_principal(Role.MANAGER, own))

    with override("en"):
        said = twice(found)
    assert (found.person.key, found.on, found.roster) == ("P1", date(2026, 6, 1), "")
    assert said == "Person 1 works on Jun 1, 2026 in another ward's roster too."


def test_a_roster_that_one_sees_is_named(
    own: Department, nurse: User, draft: Roster
) -> None:
    make_published(own, user=nurse)

    found = worked_elsewhere(draft, CELLS, make_principal(Role.MANAGER, own))

    assert [one.roster for one in found] == ["Ward 3, June"]


def test_drafts_free_days_and_people_without_account_are_no_matter(
    own: Department, nurse: User, draft: Roster
) -> None:
    make_roster(own).people.filter(key="P0").update(user=nurse)
    principal = make_principal(Role.MANAGER, own)

    assert worked_elsewhere(draft, CELLS, principal) == []
    make_published(own, user=nurse)
    assert worked_elsewhere(draft, [("P1", 1), ("P2", 0)], principal) == []
