"""What was published stays; of two who publish at once one wins."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import InternalError, connection, transaction
from django.utils.translation import override

from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling.models import Publication, PublishedShift, Roster, RosterState
from scheduling.services.editing import StaleRoster
from scheduling.services.publishing import publish_roster
from scheduling.services.rosters import close_roster
from tests.rows import make_department, make_person
from tests.scheduling.wards import (
    DAY,
    MISSING,
    NIGHT,
    assign,
    make_published,
    make_roster,
    publish,
)

pytestmark = pytest.mark.django_db
COSTS = 7 * 2 * MISSING - 2 * MISSING


@pytest.fixture
def manager() -> User:
    return make_person(Role.MANAGER, make_department())


@pytest.fixture
def roster(manager: User) -> Roster:
    """A draft with two cells worked."""
    roster = make_roster(manager.departments.get(), author=manager)
    return assign(roster, {("P0", 0): DAY, ("P1", 0): NIGHT})


def told(publication: Publication) -> list[tuple[str, int, str]]:
    return [(s.person.key, s.day, s.shift) for s in publication.shifts.all()]


def test_a_publication_holds_the_cells_with_their_hours(
    roster: Roster, manager: User
) -> None:
    publication = publish_roster(roster=roster, author=manager, note="First")

    roster.refresh_from_db()
    night = publication.shifts.get(shift=NIGHT)
    assert (roster.state, roster.current) == (RosterState.PUBLISHED, publication)
    assert (publication.number, publication.version, roster.version) == (1, 3, 3)
    assert (publication.objective, publication.changed_cells) == (COSTS, 2)
    assert told(publication) == [("P0", 0, DAY), ("P1", 0, NIGHT)]
    assert night.starts == datetime(2026, 6, 1, 20, tzinfo=UTC)  # 22:00 in Berlin
    assert night.ends == datetime(2026, 6, 2, 5, tzinfo=UTC)


def test_publishing_again_keeps_what_was_told_before(roster: Roster) -> None:
    first = publish(roster)
    second = publish(assign(roster, {("P0", 0): NIGHT, ("P2", 1): DAY}))

    assert (second.number, second.changed_cells) == (2, 2)
    assert told(first) == [("P0", 0, DAY), ("P1", 0, NIGHT)]
    assert told(second) == [("P0", 0, NIGHT), ("P1", 0, NIGHT), ("P2", 1, DAY)]


def test_just_the_same_is_not_published_again(roster: Roster) -> None:
    publish(roster)

    with pytest.raises(Conflict, match="published already"):
        publish(roster)

    assert Publication.objects.count() == 1


def test_an_older_version_is_not_published(roster: Roster, manager: User) -> None:
    assign(roster, {("P2", 1): DAY})

    with pytest.raises(StaleRoster):
        publish_roster(roster=roster, author=manager, expected_version=2)

    assert not Publication.objects.exists()


def test_nothing_worked_is_not_published(manager: User) -> None:
    empty = make_roster(manager.departments.get(), author=manager)

    with pytest.raises(InvalidInput, match="nothing to publish"):
        publish(empty)

    assert Roster.objects.get().state == RosterState.DRAFT


def test_broken_rules_are_published_knowingly_only(
    roster: Roster, manager: User
) -> None:
    assign(roster, {("P1", 1): DAY})

    with pytest.raises(InvalidInput, match=r"breaks 1 rule\. Mend it, or"):
        publish(roster)
    with override("zh-hans"), pytest.raises(InvalidInput) as refused:
        publish(roster)
    publication = publish_roster(roster=roster, author=manager, accept_violations=True)

    [why] = refused.value.fields["violations"]
    assert refused.value.code == "roster_breaks_rules"
    assert "不应相连" in why
    assert "违反 1 条规则" in str(refused.value.message)
    assert publication.hard_violations == 1


def test_only_who_makes_rosters_publishes(roster: Roster) -> None:
    nurse = make_person(Role.NURSE, roster.department)

    with pytest.raises(NotPermitted):
        publish_roster(roster=roster, author=nurse)

    assert not Publication.objects.exists()


def test_a_draft_is_not_closed_and_a_closed_one_not_published(
    roster: Roster, manager: User
) -> None:
    with pytest.raises(Conflict, match="Publish the roster first"):
        close_roster(roster=roster, author=manager)
    publish(roster)
    close_roster(roster=roster, author=manager)

    with pytest.raises(Conflict, match="closed"):
        publish(roster)


@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("scheduling_publication", "note = 'x'"),
        ("scheduling_publishedshift", "shift = 'X'"),
    ],
)
def test_the_database_itself_keeps_what_was_published(
    statement: str, table: str, change: str
) -> None:
    make_published(make_department())

    with (
        pytest.raises(InternalError, match="pgtrigger: Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, change))

    assert Publication.objects.get().note == ""
    assert PublishedShift.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_wins(roster: Roster, manager: User) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def attempt() -> None:
        start.wait()
        try:
            publish_roster(roster=roster, author=manager)
            outcomes.append("published")
        except Conflict as conflict:
            outcomes.append(conflict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["already_published", "published"]
    assert Publication.objects.count() == 1
