"""A roster's tables over REST: sent back, looked over, and put into it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hospital.accounts.models import Department, Role, User
from hospital.accounts.scopes import all_scopes
from hospital.accounts.services.tokens import create_api_token
from scheduling.models import Roster
from tests.rows import make_department, make_person
from tests.scheduling.importing.csvs import as_files, own_tables
from tests.scheduling.wards import DAY, assign, make_roster

pytestmark = pytest.mark.django_db


def program(user: User) -> Client:
    _row, token = create_api_token(user=user, name="test", scopes=all_scopes())
    return Client(headers={"Authorization": f"Bearer {token}"})


def people(roster: Roster) -> dict[str, object]:
    """Return the people of a roster, of whom the first is gone."""
    rows = own_tables(roster)["People"]
    (file,) = as_files({"People": [rows[0], *rows[2:]]})
    return {"files": [SimpleUploadedFile(file.name, file.content)]}


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    return assign(make_roster(department, author=manager), {("P0", 0): DAY})


def test_programs_send_tables_and_put_them_into_the_roster(
    roster: Roster, manager: User
) -> None:
    client = program(manager)

    sent = client.post(f"/api/v1/rosters/{roster.id}/ward/", people(roster))
    read = client.get(sent["Location"]).json()
    taken = client.post(f"{sent['Location']}roster/")

    assert sent.status_code == 201
    assert (read["target"], read["version"]) == (str(roster.id), roster.version)
    assert read["changes"]["told"] == [
        "Person 0 (P0) leaves; assigned shifts that fall away: 1."
    ]
    assert (read["changes"]["cost_before"], read["changes"]["cost_after"]) == (130, 140)
    assert (taken.status_code, taken.json()["id"]) == (201, str(roster.id))
    assert taken["ETag"] == f'"{roster.version + 1}"'
    assert list(roster.people.values_list("key", flat=True)) == ["P1", "P2"]


def test_programs_are_told_that_the_roster_changed_meanwhile(
    roster: Roster, manager: User
) -> None:
    client = program(manager)
    sent = client.post(f"/api/v1/rosters/{roster.id}/ward/", people(roster))
    assign(roster, {("P1", 1): DAY})

    refused = client.post(f"{sent['Location']}roster/")

    assert refused.status_code == 412
    assert roster.people.count() == 3


@pytest.mark.parametrize(
    ("role", "is_own", "status"), [(Role.NURSE, True, 403), (Role.MANAGER, False, 404)]
)
def test_programs_of_others_send_nothing(
    *, role: Role, is_own: bool, status: int, roster: Roster
) -> None:
    home = roster.department if is_own else make_department()

    refused = program(make_person(role, home)).post(
        f"/api/v1/rosters/{roster.id}/ward/", people(roster)
    )

    assert refused.status_code == status
