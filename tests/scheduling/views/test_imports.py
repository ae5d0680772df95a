"""The pages on which a ward comes in, and the REST doors that do the same."""

from collections.abc import Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from hospital.accounts.models import Department, Role, User
from hospital.accounts.scopes import all_scopes
from hospital.accounts.services.tokens import create_api_token
from scheduling.models import Roster, RosterImport
from scheduling.problems import instance_of
from scheduling.workbooks.reading import tables_in
from tests.rows import make_department, make_person
from tests.scheduling.importing.csvs import csvs

pytestmark = pytest.mark.django_db
WRONG = {"leave": "Staff number,From\nA9,soon\n"}


@pytest.fixture
def department() -> Department:
    return make_department("ward")


@pytest.fixture
def browser(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def form_of(
    department: Department, files: Mapping[str, bytes], *, field: str = "tables"
) -> dict[str, object]:
    return {
        "name": "June",
        "department": department.code,
        "start": "2026-06-01",
        "weeks": "4",
        "law": "eu-2003-88-ec",
        field: [SimpleUploadedFile(name, content) for name, content in files.items()],
    }


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_ward_is_sent_looked_over_and_made(
    browser: Client, department: Department
) -> None:
    sent = browser.post("/rosters/imports/", form_of(department, csvs()))
    page = text(browser.get(sent["Location"]))
    made = browser.post(f"{sent['Location']}roster/")
    again = browser.post(f"{sent['Location']}roster/")

    roster = Roster.objects.get()
    assert "Ready, with something to look at" in page
    assert "Create the roster" in page
    assert page.count("<bdi>Ann</bdi>") == 1
    assert made["Location"] == again["Location"] == f"/rosters/{roster.id}/"
    assert browser.get(sent["Location"])["Location"] == f"/rosters/{roster.id}/"
    assert "law:eu-2003-88-ec" in instance_of(roster).contract_by_id


def test_errors_are_listed_by_place_and_what_was_chosen_is_kept(
    browser: Client, department: Department
) -> None:
    sent = browser.post("/rosters/imports/", form_of(department, csvs(**WRONG)))

    page = text(browser.get(sent["Location"]))
    assert "2 errors are to be mended" in page
    assert "There is no person A9." in page
    assert "Write it as 2026-01-31" in page
    assert "Create the roster" not in page
    assert 'value="June"' in page
    assert 'value="2026-06-01"' in page
    refused = browser.post(f"{sent['Location']}roster/", follow=True)
    assert "no roster was made" in text(refused)
    assert not Roster.objects.exists()


def test_flaws_are_told_in_the_readers_language(
    browser: Client, department: Department
) -> None:
    sent = browser.post("/rosters/imports/", form_of(department, csvs(**WRONG)))

    page = text(browser.get(sent["Location"], headers={"Accept-Language": "zh-hans"}))

    assert "没有人员 A9" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("start", "0001-01-01"), ("weeks", "400"), ("law", "mars"), ("name", "")],
)
def test_a_choice_that_cannot_be_is_refused_by_its_field(
    field: str, value: str, browser: Client, department: Department
) -> None:
    form = {**form_of(department, csvs()), field: value}

    refused = browser.post("/rosters/imports/", form)

    assert refused.status_code == 422
    assert f'id="ward_{field}_error"' in text(refused)
    assert not RosterImport.objects.exists()


def test_a_ward_of_another_department_is_not_there(department: Department) -> None:
    other = Client()
    other.force_login(make_person(Role.MANAGER, make_department()))

    refused = other.post("/rosters/imports/", form_of(department, csvs()))

    assert refused.status_code == 422
    assert not RosterImport.objects.exists()


@pytest.mark.parametrize(("language", "sheet"), [("en", "People"), ("zh-hans", "人员")])
def test_the_template_is_a_workbook_in_the_pages_language(
    language: str, sheet: str, browser: Client
) -> None:
    made = browser.get(
        "/rosters/imports/template.xlsx", headers={"Accept-Language": language}
    )

    tables = tables_in(made.content)
    assert tables[0].title == sheet
    assert len(tables) == 7


def test_what_is_downloaded_can_be_sent_again(
    browser: Client, department: Department
) -> None:
    sent = browser.post("/rosters/imports/", form_of(department, csvs()))
    browser.post(f"{sent['Location']}roster/")
    first = Roster.objects.get()
    workbook = browser.get(f"/api/v1/rosters/{first.id}/ward.xlsx").content

    sent = browser.post(
        "/rosters/imports/", form_of(department, {"ward.xlsx": workbook})
    )
    browser.post(f"{sent['Location']}roster/")

    second = Roster.objects.exclude(pk=first.pk).get()
    assert instance_of(second) == instance_of(first)


def test_a_next_period_is_made_from_its_page(
    browser: Client, department: Department
) -> None:
    sent = browser.post("/rosters/imports/", form_of(department, csvs()))
    browser.post(f"{sent['Location']}roster/")
    first = Roster.objects.get()
    address = f"/rosters/{first.id}/next/"

    page = text(browser.get(address))
    made = browser.post(address, {"name": "July", "days": "14"})
    again = browser.post(address, {"name": "July", "days": "14"})

    second = Roster.objects.exclude(pk=first.pk).get()
    assert "It is not published yet" in page
    assert made["Location"] == again["Location"] == f"/rosters/{second.id}/"
    assert (second.start.isoformat(), second.days) == ("2026-06-29", 14)


def test_programs_send_a_ward_and_make_its_roster(
    manager: User, department: Department
) -> None:
    _row, token = create_api_token(user=manager, name="test", scopes=all_scopes())
    program = Client(headers={"Authorization": f"Bearer {token}"})
    place = "/api/v1/roster-imports/"

    wrong = program.post(place, form_of(department, csvs(**WRONG), field="files"))
    right = program.post(place, form_of(department, csvs(), field="files"))

    assert (wrong.status_code, right.status_code) == (201, 201)
    assert wrong.json()["flaws"][0] == {
        "is_error": True,
        "sheet": "leave",
        "row": 2,
        "column": "Staff number",
        "code": "unknown_person",
        "message": "There is no person A9.",
        "remedy": "Use a staff number of the sheet People.",
    }
    address = right["Location"]
    assert program.post(f"{wrong['Location']}roster/").status_code == 409
    made = program.post(f"{address}roster/")
    assert made.status_code == 201
    assert program.get(address).json()["roster"] == made.json()["id"]


def test_programs_are_told_which_field_is_wrong(
    manager: User, department: Department
) -> None:
    _row, token = create_api_token(user=manager, name="test", scopes=all_scopes())
    program = Client(headers={"Authorization": f"Bearer {token}"})

    refused = program.post(
        "/api/v1/roster-imports/",
        {"name": "June", "weeks": 0, "start": "9999-12-31"},
    )

    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"files", "start", "weeks"}
