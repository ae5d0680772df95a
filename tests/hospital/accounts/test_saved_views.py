"""Who keeps which views of a list, how many, and where that leads."""

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client

from hospital.accounts.models import STAFF_ROLES, Role, User
from hospital.accounts.preferences import keep_preference
from hospital.accounts.saved_views import LISTS, MOST_VIEWS
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db
URL = "/accounts/views/worklist/"
MINE = {"name": "Mine", "query": "status=open"}


@pytest.fixture
def person(client: Client) -> User:
    person = make_person(Role.NURSE, make_department())
    client.force_login(person)
    return person


def kept_by(person: User) -> dict[str, dict[str, str]]:
    person.refresh_from_db()
    return person.preferences


def told(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_keep_views_on_their_own_account_alone(
    client: Client, role: Role
) -> None:
    person, other = make_person(role, make_department()), make_person(role)
    client.force_login(person)

    answer = client.post(URL, {**MINE, "user": other.pk})

    assert answer["Location"] == "/worklist/?status=open"
    assert kept_by(person) == {"worklist": {"Mine": "status=open"}}
    assert kept_by(other) == {}


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    answer = client.post(URL, MINE)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", [Role.PATIENT, Role.INTEGRATOR])
def test_who_is_no_staff_keeps_none(client: Client, role: Role) -> None:
    person = make_person(role)
    client.force_login(person)

    assert client.post(URL, MINE).status_code == 403
    assert kept_by(person) == {}


def test_opening_the_address_keeps_nothing(client: Client, person: User) -> None:
    assert client.get(URL, MINE).status_code == 405
    assert kept_by(person) == {}


@pytest.mark.parametrize("name", ["shortcuts", "nothing", "worklist-2"])
def test_only_lists_have_views(client: Client, person: User, name: str) -> None:
    assert client.post(f"/accounts/views/{name}/", MINE).status_code == 404
    assert kept_by(person) == {}


@pytest.mark.parametrize("name", LISTS)
def test_each_list_shows_what_was_kept_of_it(
    client: Client, person: User, name: str
) -> None:
    sent = {"name": "By <age>", "query": "ordering=-age&page=2&search="}

    kept = client.post(f"/accounts/views/{name}/", sent)
    page = client.get(kept["Location"]).content.decode()

    assert kept_by(person) == {name: {"By <age>": "ordering=-age"}}
    assert 'href="?ordering=-age" aria-current="page"' in page
    assert "By &lt;age&gt;" in page


@pytest.mark.parametrize(
    "query",
    [
        "https://example.org/",
        "//example.org/?a=b",
        "next=//example.org",
        "a=b\r\nLocation: //example.org",
        "a=b#//example.org",
    ],
)
def test_no_query_leads_out_of_the_list(
    client: Client, person: User, query: str
) -> None:
    answer = client.post(URL, {"name": "Out", "query": query})

    assert answer.status_code == 302
    path, _, sent = answer["Location"].partition("?")
    assert path == "/worklist/"
    assert not set(sent) & set("/#\r\n:")


def test_a_list_without_filters_can_be_kept_and_opened(
    client: Client, person: User
) -> None:
    answer = client.post(URL, {"name": "Everything", "query": ""})

    assert kept_by(person) == {"worklist": {"Everything": ""}}
    assert client.get(answer["Location"]).status_code == 200  # and not another view


def test_one_more_than_the_most_is_not_kept_and_says_so(
    client: Client, person: User
) -> None:
    full = {f"View {number}": "status=open" for number in range(MOST_VIEWS)}
    keep_preference(user=person, name="worklist", value=full)

    again = client.post(URL, {"name": "View 3", "query": "status=signed"})

    full["View 3"] = "status=signed"
    assert told(again) == []
    assert kept_by(person) == {"worklist": full}

    more = client.post(URL, {"name": "Too many", "query": "status=open"})

    assert more["Location"] == "/worklist/?status=open"
    assert told(more) == [
        "You keep 20 views of this list already. Forget one, then keep this."
    ]
    assert kept_by(person) == {"worklist": full}


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\nlines", "tur\u202en"])
def test_a_name_is_one_short_line(client: Client, person: User, name: str) -> None:
    answer = client.post(URL, {"name": name, "query": "status=open"})

    assert told(answer) == ["Name the view in one line of at most 60 characters."]
    assert kept_by(person) == {}


def test_a_query_longer_than_a_preference_is_not_kept(
    client: Client, person: User
) -> None:
    longest = "search=" + "x" * 493

    client.post(URL, {"name": "Fits", "query": longest})
    answer = client.post(URL, {"name": "Too long", "query": longest + "x"})

    assert told(answer) == ["This view was not kept: what it searches for is too long."]
    assert kept_by(person) == {"worklist": {"Fits": longest}}


def test_forgetting_leaves_the_others_and_what_the_list_shows(
    client: Client, person: User
) -> None:
    for name in ("Mine", "Other"):
        client.post(URL, {"name": name, "query": "status=open"})
    sent = {"action": "forget", "name": "Mine", "query": "priority=stat"}

    answer = client.post(URL, sent)

    assert answer["Location"] == "/worklist/?priority=stat"
    assert kept_by(person) == {"worklist": {"Other": "status=open"}}


def test_forgetting_what_was_never_kept_changes_nothing(
    client: Client, person: User
) -> None:
    client.post(URL, MINE)

    client.post(URL, {"action": "forget", "name": "Never kept"})

    assert kept_by(person) == {"worklist": {"Mine": "status=open"}}
