"""Rosters over REST: made, listed, opened, closed."""

from datetime import timedelta
from typing import Any  # Any: a document of JSON

import pytest
from django.test import Client

from hospital.accounts.models import Department, Role, User
from scheduling.models import Roster
from scheduling.solver.formats import to_json
from tests.rows import make_department, make_person
from tests.scheduling.api.conftest import Ask, undescribed
from tests.scheduling.services.test_rosters import CURTOIS
from tests.scheduling.wards import make_published, make_roster, ward

pytestmark = pytest.mark.django_db


def test_a_roster_is_made_from_a_text(ask: Ask, department: Department) -> None:
    made = ask("POST", "", {"name": "June", "format": "curtois", "text": CURTOIS})

    roster = Roster.objects.get()
    assert made.status_code == 201
    assert made.json() == {"id": str(roster.id)}
    assert made["Location"] == f"/api/v1/rosters/{roster.id}/"
    assert (roster.name, roster.department) == ("June", department)


def test_a_roster_is_made_from_an_instance_and_gives_it_back(ask: Ask) -> None:
    made = ask("POST", "", {"name": "June", "instance": to_json(ward())})

    kept = ask("GET", f"{made.json()['id']}/instance/")
    assert made.status_code == 201
    assert kept.json() == to_json(ward())


def test_a_broken_text_names_its_line(ask: Ask) -> None:
    text = CURTOIS.replace("A,0", "B,0")

    refused = ask("POST", "", {"name": "June", "format": "curtois", "text": text})

    body = refused.json()
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert (body["code"], body["line"]) == ("format_error", 11)
    assert "line 11" in body["detail"]
    assert not Roster.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "text"),
        ({"name": "x", "text": "a", "instance": {}}, "text"),
        ({"name": "x", "format": "excel", "text": "a"}, "format"),
        ({"name": "x", "format": "curtois", "instance": {}}, "format"),
        ({"text": "a"}, "name"),
    ],
)
def test_a_form_that_says_too_little_is_refused(
    body: dict[str, object], field: str, ask: Ask
) -> None:
    refused = ask("POST", "", body)

    assert refused.status_code == 400
    assert field in refused.json()["errors"]


@pytest.mark.parametrize(
    ("list_", "fields", "path"),
    [
        ("shift_types", {"end_minute": 1_000_000_000}, "shift_types[0]: "),
        (
            "contracts",
            {"rules": [{"kind": "run", "name": "work", "at_least": 999_999_999}]},
            "contracts[0].rules[0]: ",
        ),
        ("people", {"fte": -1}, "people[0].fte: "),
        ("people", {"fte": 10**400}, "people[0].fte: "),
        ("people", {"id": ""}, "people[0].id: "),
        ("demands", {"at_least": 1_000_000_000}, "demands[0].at_least: "),
    ],
)
def test_a_part_that_no_ward_has_is_refused_with_its_place(
    list_: str, fields: dict[str, object], path: str, ask: Ask
) -> None:
    instance: dict[str, Any] = to_json(ward())
    instance[list_][0] |= fields

    refused = ask("POST", "", {"name": "x", "instance": instance})

    body = refused.json()
    assert refused.status_code == 422
    assert body["code"] == "format_error"
    assert body["errors"]["instance"][0].startswith(path)
    assert not Roster.objects.exists()


def test_a_holiday_outside_the_horizon_is_refused(ask: Ask) -> None:
    instance = to_json(ward()) | {"holidays": [30]}

    refused = ask("POST", "", {"name": "x", "instance": instance})

    assert refused.status_code == 422
    assert refused.json()["errors"]["instance"] == [
        "holidays: Day 30 lies outside 0 to 6: leave it out."
    ]
    assert not Roster.objects.exists()


@pytest.mark.parametrize("instance", [{}, [], 7, "x", None, {"people": 3}])
def test_an_instance_that_is_none_is_refused(instance: object, ask: Ask) -> None:
    refused = ask("POST", "", {"name": "x", "instance": instance})

    assert refused.status_code in (400, 422)
    assert not Roster.objects.exists()


def test_a_form_s_instance_nested_too_deeply_is_refused(
    client: Client, manager: User
) -> None:
    client.force_login(manager)

    refused = client.post("/api/v1/rosters/", {"name": "x", "instance": "[" * 200_000})

    assert refused.status_code == 400
    assert "instance" in refused.json()["errors"]
    assert not Roster.objects.exists()


def test_more_than_five_megabytes_are_refused_unread(ask: Ask) -> None:
    refused = ask(
        "POST", "", {"name": "x", "format": "curtois", "text": "x" * 5_300_000}
    )

    assert refused.status_code == 413


def test_a_key_sent_twice_makes_one_roster(ask: Ask) -> None:
    body = {"name": "June", "format": "curtois", "text": CURTOIS}

    answers = [ask("POST", "", body, **{"Idempotency-Key": "a"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Roster.objects.count() == 1


def test_another_department_is_not_ones_to_fill(ask: Ask) -> None:
    other = make_department("elsewhere")
    body = {"name": "June", "format": "curtois", "text": CURTOIS}

    refused = ask("POST", "", {**body, "department": other.code})

    assert refused.status_code == 422
    assert "department" in refused.json()["errors"]
    assert not Roster.objects.exists()


def test_a_list_is_filtered(ask: Ask, department: Department) -> None:
    draft, told = make_roster(department), make_published(department)
    make_published(make_department())

    def ids(query: str) -> set[str]:
        return {row["id"] for row in ask("GET", query).json()["results"]}

    assert ids("") == {str(draft.id), str(told.id)}
    assert ids("?state=published") == {str(told.id)}
    assert ids("?department=ward&start__lte=2026-05-31") == set()
    assert ids("?search=nothing") == set()


def test_a_list_tells_what_a_page_shows(ask: Ask, department: Department) -> None:
    roster = make_published(department)

    [row] = ask("GET", "").json()["results"]

    assert (row["people"], row["days"], row["start"]) == (3, 7, "2026-06-01")
    assert (row["state"], row["version"]) == ("published", roster.version)
    assert row["publication"]["number"] == 1
    assert "instance" not in row


def test_a_nurse_sees_published_rosters_alone(ask: Ask, department: Department) -> None:
    nurse = make_person(Role.NURSE, department)
    draft, told = make_roster(department), make_published(department)

    rows = ask("GET", "", user=nurse).json()["results"]

    assert [row["id"] for row in rows] == [str(told.id)]
    assert ask("GET", f"{draft.id}/", user=nurse).status_code == 404
    assert ask("GET", f"{told.id}/", user=nurse).status_code == 200


def test_a_person_is_tied_to_an_account(
    ask: Ask, department: Department, manager: User
) -> None:
    nurse = make_person(Role.NURSE, department)
    roster = make_roster(department, author=manager)

    tied = ask("PUT", f"{roster.id}/people/P1/account/", {"user": str(nurse.id)})
    loosed = ask("PUT", f"{roster.id}/people/P1/account/", {"user": None})

    assert tied.json()["user"]["id"] == str(nurse.id)
    assert loosed.json()["user"] is None


def test_the_people_of_a_roster_come_page_by_page_with_their_accounts(
    ask: Ask, roster: Roster, nurse: User
) -> None:
    whole = ask("GET", f"{roster.id}/people/")
    first = ask("GET", f"{roster.id}/people/?page_size=2").json()
    last = ask("GET", f"{roster.id}/people/?page_size=2&page=2").json()

    ids = {person.key: str(person.id) for person in roster.people.all()}
    account = {"id": str(nurse.id), "name": nurse.get_username()}
    people = [
        {
            "id": ids[key],
            "key": key,
            "name": f"Person {position}",
            "position": position,
            "user": account if key == "P0" else None,
        }
        for position, key in enumerate(("P0", "P1", "P2"))
    ]
    assert whole.status_code == 200
    assert whole.json() == {
        "count": 3,
        "next": None,
        "previous": None,
        "results": people,
    }
    assert undescribed(whole, "get rosters/{roster_id}/people/") == []
    assert (first["count"], first["results"]) == (3, people[:2])
    assert first["next"].endswith("/people/?page=2&page_size=2")
    assert (last["results"], last["next"]) == (people[2:], None)


def test_the_people_of_a_roster_are_searched_and_sorted(
    ask: Ask, roster: Roster
) -> None:
    named = ask("GET", f"{roster.id}/people/?search=person+1").json()["results"]
    last_first = ask("GET", f"{roster.id}/people/?ordering=-key").json()["results"]

    assert [person["key"] for person in named] == ["P1"]
    assert [person["key"] for person in last_first] == ["P2", "P1", "P0"]


def test_a_published_roster_is_closed_once(ask: Ask, department: Department) -> None:
    roster = make_published(department)

    answers = [ask("POST", f"{roster.id}/closure/") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[0].json()["state"] == "locked"
    assert answers[1].json()["code"] == "roster_locked"


@pytest.mark.parametrize(
    "instance",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        "1" * 10_000,
        "NaN",
        '"\\ud800"',
    ],
)
def test_hostile_json_is_refused_in_words(
    instance: str, manager: User, ask: Ask
) -> None:
    body = f'{{"name": "x", "instance": {instance}}}'

    refused = ask("POST", "", body.encode())

    assert refused.status_code in (400, 422)
    assert refused["Content-Type"] == "application/problem+json"
    assert not Roster.objects.exists()


@pytest.mark.parametrize("format_", ["curtois", "inrc1", "inrc2", "anji"])
@pytest.mark.parametrize(
    "text", ["\0", "SECTION_HORIZON\n" * 1000, "{" * 9_000, ",\n" * 9]
)
def test_a_text_that_is_no_problem_is_refused(
    text: str, format_: str, ask: Ask
) -> None:
    refused = ask("POST", "", {"name": "x", "format": format_, "text": text})

    assert refused.status_code in (400, 422)
    assert not Roster.objects.exists()


def test_the_next_period_is_made_once(ask: Ask, department: Department) -> None:
    roster = make_roster(department)

    made = ask("POST", f"{roster.id}/next-period/", {"name": "Then"})
    again = ask("POST", f"{roster.id}/next-period/", {"name": "Then"})

    then = Roster.objects.get(name="Then")
    assert (made.status_code, made.json()) == (201, {"id": str(then.id)})
    assert made["Location"] == f"/api/v1/rosters/{then.id}/"
    assert (then.start, then.days) == (roster.start + timedelta(days=7), 7)
    assert (again.status_code, again.json()["code"]) == (409, "period_there")
    assert Roster.objects.count() == 2
