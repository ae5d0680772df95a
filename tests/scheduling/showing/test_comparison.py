"""Two rosters side by side, worked out by hand."""

import pytest
from django.test import Client

from hospital.accounts.models import Department, Role, User
from scheduling.models import Roster
from scheduling.problems import cells_of
from scheduling.services.runs import end_run
from scheduling.showing.comparison import Side, comparison_of
from tests.rows import make_department, make_person
from tests.scheduling.services.test_runs import found
from tests.scheduling.wards import (
    DAY,
    MISSING,
    NIGHT,
    assign,
    make_published,
    make_roster,
    make_run,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(department: Department) -> Roster:
    return make_published(department)


@pytest.fixture
def browser(department: Department) -> Client:
    return signed_in(make_person(Role.MANAGER, department))


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_cells_and_figures_of_both_sides_are_told(roster: Roster) -> None:
    before = {("P0", 0): DAY, ("P1", 0): NIGHT}
    after = {("P0", 0): NIGHT, ("P1", 0): NIGHT, ("P1", 1): DAY}

    compared = comparison_of(
        Side.of("before", roster, before), Side.of("after", roster, after)
    )

    assert [(row.name, row.changed) for row in compared.rows] == [
        ("Person 0", 1),
        ("Person 1", 1),
    ]
    assert [(one.left, one.right) for one in compared.figures] == [
        (12 * MISSING, 12 * MISSING),  # 14 needs; two are met on either side
        (0, 1),  # a day after a night
        (12, 12),
    ]
    first = compared.rows[0]
    assert first.left is not None
    assert first.right is not None
    assert (first.left.nights, first.right.nights) == (0, 1)
    assert [pair.differs for pair in first.pairs] == [True] + [False] * 6


def test_somebody_else_under_the_same_key_is_another_person(
    roster: Roster, department: Department
) -> None:
    other = make_roster(department)
    other.people.filter(key="P0").update(name="Somebody else")

    compared = comparison_of(
        Side.of("one", roster, {("P0", 0): DAY}),
        Side.of("other", other, {("P0", 0): DAY}),
    )

    assert [(row.name, row.changed) for row in compared.rows] == [
        ("Person 0", 1),
        ("Somebody else", 1),
    ]


def test_the_page_compares_what_is_published_with_the_working_copy(
    browser: Client, roster: Roster
) -> None:
    assign(roster, {("P2", 3): NIGHT})

    at_work = browser.get(f"/rosters/{roster.id}/").content.decode()
    page = browser.get(f"/rosters/{roster.id}/compare/").content.decode()

    assert "1 cell differs from what the staff see." in at_work
    assert "<bdi>Person 2</bdi> 1" in at_work
    assert f"/rosters/{roster.id}/compare/?left=published&amp;right=working" in at_work
    assert "1 cell differs" in page
    assert page.count("data-differs>") == 1


def test_a_draft_is_compared_with_what_was_found_last(
    browser: Client, department: Department
) -> None:
    draft = make_roster(department, author=make_person(Role.MANAGER, department))
    address = f"/rosters/{draft.id}/compare/"
    unsearched = browser.get(address).context["form"]
    run = make_run(draft)
    end_run(run_id=run.pk, found=found())
    assign(draft, {("P2", 3): NIGHT})

    searched = browser.get(address).context["form"]
    same = browser.get(f"{address}?right=working").content.decode()

    assert unsearched.cleaned_data == {"left": "working", "right": "working"}
    assert searched.cleaned_data == {"left": "working", "right": f"run-{run.pk}"}
    assert "No difference" in same
    assert "A: <bdi>Working copy</bdi>" in same


def test_a_roster_without_anybody_is_not_praised_for_its_rules(
    browser: Client, department: Department
) -> None:
    empty = make_roster(department)

    page = browser.get(f"/rosters/{empty.id}/").content.decode()

    assert "Nobody works yet" in page
    assert "Every rule kept" not in page


def test_searches_publications_and_other_rosters_can_be_chosen(
    browser: Client, roster: Roster, department: Department
) -> None:
    run = make_run(roster)
    end_run(run_id=run.pk, found=found())
    other = make_roster(department)
    elsewhere = make_roster(make_department())
    told = roster.current_id

    counts = {}
    for right in (f"run-{run.pk}", f"publication-{told}", f"roster-{other.pk}"):
        answer = browser.get(
            f"/rosters/{roster.id}/compare/?left=working&right={right}"
        )
        counts[right.partition("-")[0]] = answer.content.decode().count("data-differs>")
    refused = browser.get(
        f"/rosters/{roster.id}/compare/?left=working&right=roster-{elsewhere.pk}"
    ).content.decode()

    assert cells_of(roster) == {("P0", 0): DAY, ("P1", 0): NIGHT}
    assert counts == {"run": 0, "publication": 0, "roster": 2}
    assert "Select a valid choice." in refused
    assert "data-differs" not in refused
