"""The page on which a roster's people, contracts and needs go out as tables and back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from hospital.accounts.models import Department, Role, User
from scheduling.models import Roster, RosterImport
from scheduling.problems import instance_of
from scheduling.workbooks.reading import tables_in
from tests.rows import make_department, make_person
from tests.scheduling.importing.csvs import as_files, own_tables
from tests.scheduling.wards import DAY, assign, make_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    return assign(make_roster(department, author=manager), {("P0", 0): DAY})


@pytest.fixture
def browser(manager: User) -> Client:
    return signed_in(manager)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def form_with(name: str, content: bytes) -> dict[str, object]:
    return {"tables": [SimpleUploadedFile(name, content)]}


def people(roster: Roster) -> dict[str, object]:
    """Return a form with the people of a roster, of whom the first is gone."""
    rows = own_tables(roster)["People"]
    (file,) = as_files({"People": [rows[0], *rows[2:]]})
    return form_with(file.name, file.content)


def test_the_workbook_sent_back_unchanged_changes_nothing(
    browser: Client, roster: Roster
) -> None:
    workbook = browser.get(f"/api/v1/rosters/{roster.id}/ward.xlsx").content

    sent = browser.post(f"/rosters/{roster.id}/ward/", form_with("w.xlsx", workbook))

    page = text(browser.get(sent["Location"]))
    assert len(tables_in(workbook)) == 7
    assert "Nothing: the tables say what the roster has." in page
    assert "Change the roster" not in page
    assert Roster.objects.get().version == roster.version


def test_tables_are_sent_looked_over_and_applied(
    browser: Client, roster: Roster
) -> None:
    page = text(browser.get(f"/rosters/{roster.id}/"))
    form = text(browser.get(f"/rosters/{roster.id}/ward/"))
    sent = browser.post(f"/rosters/{roster.id}/ward/", people(roster))
    seen = text(browser.get(sent["Location"]))
    done = browser.post(f"{sent['Location']}roster/")
    again = browser.post(f"{sent['Location']}roster/", follow=True)

    assert f"/rosters/{roster.id}/ward/" in page
    assert f"/api/v1/rosters/{roster.id}/ward.xlsx" in form
    assert "Person 0 (P0) leaves; assigned shifts that fall away: 1." in seen
    assert "Change the roster" in seen
    assert done["Location"] == f"/rosters/{roster.id}/"
    assert "The roster is changed as your tables say." in text(again)
    after = Roster.objects.get()
    assert [one.id for one in instance_of(after).people] == ["P1", "P2"]
    assert after.version == roster.version + 1


def test_what_would_change_is_told_in_chinese(browser: Client, roster: Roster) -> None:
    sent = browser.post(f"/rosters/{roster.id}/ward/", people(roster))

    page = text(browser.get(sent["Location"], headers={"Accept-Language": "zh-hans"}))

    assert "Person 0（P0）离开；取消的已排班次：1。" in page


def test_a_roster_that_changed_meanwhile_is_told_and_stays(
    browser: Client, roster: Roster
) -> None:
    sent = browser.post(f"/rosters/{roster.id}/ward/", people(roster))
    now = assign(roster, {("P1", 1): DAY})

    seen = text(browser.get(sent["Location"]))
    refused = browser.post(f"{sent['Location']}roster/", follow=True)

    assert "The roster was changed meanwhile" in seen
    assert "The roster was changed elsewhere" in text(refused)
    assert Roster.objects.get().version == now.version
    assert now.people.filter(key="P0").exists()


def test_errors_are_listed_and_the_tables_can_be_sent_again(
    browser: Client, roster: Roster
) -> None:
    wrong = form_with("leave.csv", b"Staff number,From\nX1,2026-06-01\n")

    sent = browser.post(f"/rosters/{roster.id}/ward/", wrong)

    page = text(browser.get(sent["Location"]))
    assert "The roster cannot be changed so" in page
    assert "There is no person X1." in page
    assert f'action="/rosters/{roster.id}/ward/"' in page
    assert "Change the roster" not in page


def test_a_form_without_a_file_is_refused_by_its_field(
    browser: Client, roster: Roster
) -> None:
    refused = browser.post(f"/rosters/{roster.id}/ward/", {})

    assert refused.status_code == 422
    assert 'id="ward_tables_error"' in text(refused)
    assert not RosterImport.objects.exists()


@pytest.mark.parametrize(
    ("role", "is_own", "status"),
    [
        (None, False, 302),
        (Role.PATIENT, False, 403),
        (Role.NURSE, True, 403),
        (Role.MANAGER, False, 404),
        (Role.MANAGER, True, 302),
        (Role.ADMINISTRATOR, False, 302),
    ],
)
def test_who_may_change_a_roster_by_tables(
    *, role: Role | None, is_own: bool, status: int, roster: Roster, browser: Client
) -> None:
    client = Client()
    if role is not None:
        home = roster.department if is_own else make_department()
        client = signed_in(make_person(role, home))
    kept = browser.post(f"/rosters/{roster.id}/ward/", people(roster))["Location"]

    sent = client.post(f"/rosters/{roster.id}/ward/", people(roster))
    taken = client.post(f"{kept}roster/")

    may = role in (Role.MANAGER, Role.ADMINISTRATOR) and status == 302
    assert (sent.status_code, taken.status_code) == (status, status)
    assert sent.headers.get("Location", "").startswith("/rosters/imports/") == may
    assert RosterImport.objects.count() == (2 if may else 1)
    assert roster.people.filter(key="P0").exists() != may
