"""Law profiles and the law of a roster over REST."""

import json
from dataclasses import replace

import pytest
from django.test import Client

from hospital.accounts.models import Department, User
from scheduling.api.laws import EXAMPLE
from scheduling.models import HouseLaw, Roster
from scheduling.problems import instance_of
from scheduling.services.imports import Choice, SentFile, keep_import
from scheduling.solver.laws import law_in
from tests.scheduling.api.conftest import Ask
from tests.scheduling.importing.csvs import csvs
from tests.scheduling.wards import MONDAY, make_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def brought_in(browser: Client, **changes: object) -> tuple[int, dict[str, object]]:
    answer = browser.post(
        "/api/v1/law-profiles/",
        json.dumps({**EXAMPLE, **changes}),
        content_type="application/json",
    )
    return answer.status_code, answer.json()


def test_the_example_is_brought_in_and_a_roster_put_under_it(
    browser: Client, ask: Ask, department: Department, manager: User
) -> None:
    roster = make_roster(department, author=manager)
    path = f"{roster.id}/law/"

    status, law = brought_in(browser)
    answer = ask("PUT", path, {"profile": law["profile"]}, **{"if-match": '"1"'})
    stale = ask("PUT", path, {"profile": ""}, **{"if-match": '"1"'})

    assert (status, law["profile"], law["version"]) == (201, "night-agreement.1", 1)
    assert answer.status_code == 200, answer.content
    assert json.loads(answer.content) == {
        "profile": "night-agreement.1",
        "clauses": ["12 h between shifts", "2 nights in a row"],
    }
    assert answer["ETag"] == '"2"'
    assert stale.status_code == 412
    assert law_in(instance_of(Roster.objects.get())) == "night-agreement.1"


def test_what_is_wrong_is_named_by_its_field(
    browser: Client, ask: Ask, department: Department, manager: User
) -> None:
    roster = make_roster(department, author=manager)
    clause = {"kind": "daily_rest", "name": "rest", "hours": 11, "days": 1}

    status, problem = brought_in(browser, clauses=[clause])
    unknown = ask("PUT", f"{roster.id}/law/", {"profile": "mars"}, **{"if-match": "*"})

    assert (status, list(problem["errors"])) == (422, ["clauses[0].days"])
    assert not HouseLaw.objects.exists()
    assert unknown.status_code == 422
    assert Roster.objects.get().version == 1


def test_a_ward_comes_in_under_a_profile_of_its_own(
    browser: Client, department: Department, manager: User
) -> None:
    _status, law = brought_in(browser)
    choice = Choice(department=department, name="June", start=MONDAY, days=28)

    kept = keep_import(
        author=manager,
        choice=replace(choice, law=str(law["profile"])),
        files=[SentFile(name, content) for name, content in csvs().items()],
    )

    assert kept.errors == 0, kept.flaws
    names = {one["id"] for one in kept.instance["contracts"]}
    assert "law:night-agreement.1" in names
