"""The pages of sign-in and of one's own account show themselves."""

import pytest
from django.test import Client

from hospital.accounts.models import Role
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"

FOR_STRANGERS = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/inactive/",
]
FOR_PEOPLE = [
    "/accounts/",
    "/accounts/tokens/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/totp/activate/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/email/",
    "/accounts/logout/",
]


@pytest.mark.parametrize("path", FOR_STRANGERS)
def test_a_page_for_strangers_is_shown_in_our_design(client: Client, path: str) -> None:
    response = client.get(path)

    page = response.content.decode()
    assert response.status_code == 200
    assert 'class="entrance"' in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("role", [Role.PATIENT, Role.CLINICIAN])
@pytest.mark.parametrize("path", FOR_PEOPLE)
def test_a_page_for_people_is_shown_in_their_shell(
    client: Client, path: str, role: Role
) -> None:
    person = make_person(role, make_department())
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    response = client.get(path)

    shell = "patient" if role == Role.PATIENT else "staff"
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<h1") == 1
    assert f'data-kind="{shell}"' in page or 'class="entrance"' in page


@pytest.mark.parametrize(
    "value", ['{"next": "\\u0000"}', '{"next": "\\ud800"}', "[" * 9_999]
)
def test_a_preference_that_no_row_can_hold_is_refused(
    client: Client, value: str
) -> None:
    person = make_person(Role.CLINICIAN)
    client.force_login(person)

    answer = client.post("/accounts/preferences/shortcuts/", {"value": value})

    assert answer.status_code == 422
    person.refresh_from_db()
    assert person.preferences == {}
