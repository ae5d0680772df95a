"""The lock of a shared workstation."""

import time

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from hospital.accounts import lock
from hospital.accounts.models import Role, User
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
LOCK = "/accounts/lock/"


@pytest.fixture
def nurse() -> User:
    return make_person(Role.NURSE, make_department())


@pytest.fixture
def browser(nurse: User) -> Client:
    client = Client()
    client.force_login(nurse)
    client.get("/patients/")
    return client


def leave(browser: Client, minutes: int) -> None:
    session = browser.session
    session[lock.SEEN] = int(time.time()) - minutes * 60
    session.save()


def unlock(browser: Client, password: str, target: str = "/patients/") -> HttpResponse:
    return browser.post(LOCK, {"password": password, "next": target})


def test_a_locked_workstation_shows_nothing(browser: Client) -> None:
    browser.post(LOCK, {"next": "/patients/"})

    page, rest = browser.get("/patients/"), browser.get("/api/v1/patients/")

    assert (page.status_code, page["Location"]) == (
        302,
        "/accounts/lock/?next=%2Fpatients%2F",
    )
    assert (rest.status_code, rest.json()["code"]) == (401, "session_locked")


def test_a_workstation_left_alone_locks_itself(browser: Client) -> None:
    leave(browser, minutes=16)

    response = browser.get("/patients/")

    assert response.status_code == 302
    assert response["Location"].startswith(LOCK)


def test_working_keeps_it_open(browser: Client) -> None:
    leave(browser, minutes=14)
    browser.get("/patients/")
    leave_again = browser.session[lock.SEEN]

    assert time.time() - leave_again < 5


def test_the_page_by_itself_does_not_keep_it_open(browser: Client) -> None:
    leave(browser, minutes=14)
    before = browser.session[lock.SEEN]

    browser.get("/patients/", headers={"X-Background": "1"})

    assert browser.session[lock.SEEN] == before


def test_the_password_unlocks_and_leads_back(browser: Client) -> None:
    browser.post(LOCK)

    response = unlock(browser, PASSWORD)

    assert response["Location"] == "/patients/"
    assert browser.get("/patients/").status_code == 200


def test_a_wrong_password_leaves_it_locked(browser: Client) -> None:
    browser.post(LOCK)

    response = unlock(browser, "guess")

    assert response.status_code == 200
    assert "not right" in response.content.decode()
    assert browser.get("/patients/").status_code == 302


def test_guessing_signs_out(browser: Client) -> None:
    browser.post(LOCK)

    answers = [unlock(browser, "guess") for _ in range(6)]

    assert answers[-1]["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in browser.session


def test_nobody_else_s_password_unlocks(browser: Client) -> None:
    other = make_person(Role.CLINICIAN)
    other.set_password("another long sentence")
    other.save()
    browser.post(LOCK)

    unlock(browser, "another long sentence")

    assert browser.get("/patients/").status_code == 302


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"],
)
def test_unlocking_leads_to_no_other_site(browser: Client, target: str) -> None:
    browser.post(LOCK)

    response = unlock(browser, PASSWORD, target)

    assert response["Location"] == "/"


def test_the_old_key_of_a_locked_session_opens_nothing(browser: Client) -> None:
    stolen = Client()
    stolen.cookies["sessionid"] = browser.cookies["sessionid"].value
    browser.post(LOCK)

    response = stolen.get("/patients/")

    assert response["Location"].startswith("/accounts/login/")


def test_htmx_is_led_to_the_lock(browser: Client) -> None:
    browser.post(LOCK)

    response = browser.get(
        "/patients/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/patients/"},
    )

    assert (response.status_code, response["HX-Redirect"]) == (
        204,
        "/accounts/lock/?next=%2Fpatients%2F",
    )


def test_a_patient_at_home_is_not_locked(client: Client) -> None:
    client.force_login(make_person(Role.PATIENT))
    leave(client, minutes=60)

    assert client.get("/my/").status_code == 200


def test_the_lock_can_be_turned_off(browser: Client, settings: LazySettings) -> None:
    settings.SESSION_LOCK_MINUTES = 0
    leave(browser, minutes=600)

    assert browser.get("/patients/").status_code == 200


def test_signing_out_works_while_locked(browser: Client) -> None:
    browser.post(LOCK)

    browser.post("/accounts/logout/")

    assert "_auth_user_id" not in browser.session
