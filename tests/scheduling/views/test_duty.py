"""Who works where: a day of every ward, and one roster by shift."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from hospital.accounts.models import Department, Role, User
from scheduling.models import PublishedShift, Roster
from scheduling.showing.duty import duty_of
from tests.rows import make_department, make_person
from tests.scheduling.views.test_pages import signed_in, text
from tests.scheduling.wards import (
    DAY,
    MONDAY,
    NIGHT,
    ZONE,
    assign,
    make_covered,
    make_published,
    make_roster,
    publish,
)

pytestmark = pytest.mark.django_db


def teams_in(page: str) -> list[tuple[str, list[str]]]:
    """Return the words and the people of each team that a page shows."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    return [
        (
            " ".join(re.sub("<[^>]*>", " ", words).split()),
            re.findall("<bdi>(.*?)</bdi>", people),
        )
        for words, people in found
    ]


def on_duty(person: User, query: str) -> str:
    return text(signed_in(person).get(f"/rosters/on-duty/?{query}"))


def test_a_day_shows_who_works_in_ones_wards_and_last_night(
    department: Department, nurse: User
) -> None:
    roster = make_published(department, user=nurse)
    other = make_published(make_department())

    first = on_duty(nurse, f"day={MONDAY}")
    second = on_duty(nurse, f"day={MONDAY + timedelta(days=1)}")

    assert teams_in(first) == [
        ("D Day 07:00–15:00", ["Person 0"]),
        ("N Night 22:00–07:00", ["Person 1"]),
    ]
    assert re.search(r"<li data-own>\s*<bdi>Person 0", first)
    assert f"/rosters/{roster.id}/" in first
    assert f"/rosters/{other.id}/" not in first
    ((words, people),) = teams_in(second)
    assert "since the evening before" in words
    assert people == ["Person 1"]
    assert "No ward has published this day" in on_duty(nurse, "day=2026-05-31")


def test_the_last_night_of_a_roster_is_on_duty_the_morning_after(
    department: Department, nurse: User
) -> None:
    roster = make_covered(department)
    publish(roster)

    after = on_duty(nurse, f"day={MONDAY + timedelta(days=3)}")

    assert [people for _words, people in teams_in(after)] == [["Person 1"]]
    later = on_duty(nurse, f"day={MONDAY + timedelta(days=4)}")
    assert "No ward has published this day" in later


def test_what_is_missing_is_told_to_who_makes_rosters(
    department: Department, nurse: User, manager: User
) -> None:
    make_published(department)
    tuesday = f"day={MONDAY + timedelta(days=1)}"

    assert "D: 1 missing" in on_duty(manager, tuesday)
    assert "missing" not in on_duty(nurse, tuesday)
    assert "missing" not in on_duty(manager, f"day={MONDAY}")


def test_a_draft_is_on_nobodys_duty(department: Department, manager: User) -> None:
    assign(make_roster(department), {("P0", 0): DAY})

    assert "No ward has published" in on_duty(manager, f"day={MONDAY}")


def test_one_ward_is_chosen_and_an_unreadable_day_is_todays(
    department: Department, nurse: User
) -> None:
    administrator = make_person(Role.ADMINISTRATOR)
    other = make_department()
    make_published(department)
    make_published(other)

    both = on_duty(administrator, f"day={MONDAY}")
    one = on_duty(administrator, f"day={MONDAY}&department={other.code}")

    assert len(teams_in(both)) == 4
    assert len(teams_in(one)) == 2
    for day in ("soon", "0001-01-01", "9999-12-31"):
        page = signed_in(nurse).get(f"/rosters/on-duty/?day={day}")
        assert page.status_code == 200
        assert "errorlist" in text(page)


@pytest.mark.parametrize(
    ("hour", "working"),
    [
        (6, [NIGHT]),
        (7, [DAY]),  # the night ends as the day begins
        (15, []),
        (23, [NIGHT]),
    ],
)
def test_the_shift_that_goes_on_is_marked(
    department: Department, hour: int, working: list[str]
) -> None:
    roster = make_covered(department)
    publish(roster)
    roster = Roster.objects.get(pk=roster.pk)
    tuesday = MONDAY + timedelta(days=1)
    now = datetime(2026, 6, 2, hour, tzinfo=ZoneInfo(ZONE))
    shifts = PublishedShift.objects.filter(publication=roster.current_id)
    near = shifts.filter(date__range=(MONDAY, tuesday))

    duty = duty_of(roster, near, tuesday, now=now, tells_gaps=False)

    assert [team.shift for team in duty.teams] == [NIGHT, DAY, NIGHT]
    assert [team.is_since_yesterday for team in duty.teams] == [True, False, False]
    assert [team.shift for team in duty.teams if team.is_now] == working


def test_a_roster_is_shown_by_shift(
    browser: Client, department: Department, manager: User, nurse: User
) -> None:
    roster = make_published(department, user=nurse)
    assign(roster, {("P2", 0): DAY})
    address = f"/rosters/{roster.id}/shifts/"

    asked = browser.get(address)
    working = text(browser.get(f"{address}?week=1"))
    published = text(browser.get(f"{address}?week=1&published="))
    seen = text(signed_in(nurse).get(f"{address}?week=1"))

    assert asked["Location"] == f"{address}?week=1"
    assert names_by_shift(working)[0][:2] == [["Person 0", "Person 2"], []]
    assert names_by_shift(published)[0][:2] == [["Person 0"], []]
    assert names_by_shift(seen) == names_by_shift(published)
    assert "roster-cover" in working
    assert "roster-cover" not in seen
    assert re.search(r"<li data-own>\s*<bdi>Person 0", seen)


@pytest.fixture
def browser(manager: User) -> Client:
    return signed_in(manager)


def names_by_shift(page: str) -> list[list[list[str]]]:
    """Return the names in each cell of each shift's row."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [re.findall("<bdi>(.*?)</bdi>", cell) for cell in row.split("<td")[1:]]
        for row in body.split("<tr>")[1:]
    ]
