"""Sign-in, its limits, its second factor, and asking again who it is."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from hospital import settings as platform
from hospital.accounts.attempts import TooManyAttempts
from hospital.accounts.models import Role, User
from hospital.accounts.services.identity import confirm_identity
from hospital.core.errors import NotPermitted
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXP"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _forget_attempts() -> None:
    cache.clear()


def sign_in(
    client: Client, name: str, password: str = PASSWORD, **form: str
) -> HttpResponse:
    return client.post(LOGIN, {"login": name, "password": password, **form})


def current_code() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


def give_factor(user: User) -> None:
    TOTP.activate(user, SECRET)


def test_a_person_signs_in_by_name_and_password(client: Client) -> None:
    make_person(Role.CLINICIAN, username="clara")

    response = sign_in(client, "clara")

    assert response["Location"] == "/"
    assert "_auth_user_id" in client.session


def test_passwords_are_kept_by_argon2(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = platform.PASSWORD_HASHERS
    user = make_person(Role.NURSE)

    assert user.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/x"])
def test_sign_in_leads_to_no_other_site(client: Client, target: str) -> None:
    make_person(Role.CLINICIAN, username="clara")

    response = sign_in(client, "clara", next=target)

    assert response["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client: Client) -> None:
    make_person(Role.CLINICIAN, username="clara")

    unknown = sign_in(client, "nobody", "guess").context["form"].errors
    wrong = sign_in(client, "clara", "guess").context["form"].errors
    closed = User.objects.create_user("closed", password=PASSWORD, is_active=False)
    shut = sign_in(client, closed.username, "guess").context["form"].errors

    assert unknown == wrong == shut


def test_guessing_one_account_is_stopped(client: Client) -> None:
    make_person(Role.CLINICIAN, username="clara")
    for _ in range(5):
        sign_in(client, "clara", "guess")

    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    response = sign_in(elsewhere, "clara")

    assert "Too many failed" in response.content.decode()
    assert "_auth_user_id" not in elsewhere.session


def test_guessing_many_accounts_from_one_address_is_stopped(client: Client) -> None:
    make_person(Role.CLINICIAN, username="clara")
    for number in range(10):
        sign_in(client, f"person-{number}", "guess")

    response = sign_in(client, "clara")
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(elsewhere, "clara")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert "_auth_user_id" in elsewhere.session


def test_a_forged_forwarding_header_does_not_reset_the_limit(client: Client) -> None:
    make_person(Role.CLINICIAN, username="clara")
    for number in range(10):
        client.post(
            LOGIN,
            {"login": f"person-{number}", "password": "guess"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )

    sign_in(client, "clara")

    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client: Client) -> None:
    before = User.objects.count()

    response = client.post(
        "/accounts/signup/",
        {
            "username": "mallory",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "role": "administrator",
            "is_staff": "on",
        },
    )

    assert "by invitation" in response.content.decode()
    assert User.objects.count() == before


def test_a_reset_says_the_same_of_known_and_unknown_addresses(client: Client) -> None:
    User.objects.create_user("clara", email="clara@example.org", password=PASSWORD)
    path = "/accounts/password/reset/"

    known = client.post(path, {"email": "clara@example.org"})
    unknown = client.post(path, {"email": "nobody@example.org"})

    assert (known.status_code, known["Location"]) == (
        unknown.status_code,
        unknown["Location"],
    )


def test_a_second_factor_is_asked_where_there_is_one(client: Client) -> None:
    user = make_person(Role.CLINICIAN, username="clara")
    give_factor(user)

    first = sign_in(client, "clara")
    before = "_auth_user_id" in client.session
    client.post(first["Location"], {"code": current_code()})

    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert not before
    assert "_auth_user_id" in client.session


def test_staff_must_set_up_a_factor_where_the_hospital_says_so(
    client: Client, settings: LazySettings
) -> None:
    settings.MFA_REQUIRED_OF_STAFF = True
    client.force_login(make_person(Role.CLINICIAN, make_department()))

    page, rest = client.get("/patients/"), client.get("/api/v1/patients/")
    token = client.post("/accounts/tokens/", {"name": "x"})

    assert page["Location"] == "/accounts/2fa/?next=%2Fpatients%2F"
    assert (rest.status_code, rest.json()["code"]) == (403, "second_factor_required")
    assert token["Location"].startswith("/accounts/2fa/")
    assert client.get("/accounts/2fa/").status_code == 200


def test_staff_with_a_factor_and_patients_without_go_on(
    client: Client, settings: LazySettings
) -> None:
    settings.MFA_REQUIRED_OF_STAFF = True
    nurse = make_person(Role.NURSE, make_department())
    give_factor(nurse)
    client.force_login(nurse)
    patient = Client()
    patient.force_login(make_person(Role.PATIENT))

    assert client.get("/patients/").status_code == 200
    assert patient.get("/my/").status_code == 200


def test_the_password_or_a_code_confirms_who_it_is() -> None:
    user = make_person(Role.CLINICIAN)
    give_factor(user)

    assert confirm_identity(user=user, password=PASSWORD) == "password"
    assert confirm_identity(user=user, code=current_code()) == "totp"


def test_a_code_confirms_once() -> None:
    user = make_person(Role.CLINICIAN)
    give_factor(user)
    code = current_code()
    confirm_identity(user=user, code=code)

    with pytest.raises(NotPermitted):
        confirm_identity(user=user, code=code)


def test_a_code_confirms_once_as_long_as_it_is_valid() -> None:
    user = make_person(Role.CLINICIAN)
    give_factor(user)
    code = current_code()
    confirm_identity(user=user, code=code)
    factor = user.authenticator_set.get()
    cache.delete(TOTP(factor)._get_used_cache_key(code))  # as half a minute later

    with pytest.raises(NotPermitted):
        confirm_identity(user=user, code=f" {code} ")


def test_who_it_is_is_asked_before_the_address_changes(client: Client) -> None:
    client.force_login(make_person(Role.NURSE))

    response = client.post(
        "/accounts/email/", {"action_add": "", "email": "new@example.org"}
    )

    assert response["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize(
    "proof", [{}, {"password": ""}, {"password": "x"}, {"code": "0"}]
)
def test_nothing_else_confirms_who_it_is(proof: dict[str, str]) -> None:
    with pytest.raises(NotPermitted) as refusal:
        confirm_identity(user=make_person(Role.CLINICIAN), **proof)

    assert refusal.value.code == "identity_not_confirmed"


def test_guessing_who_it_is_is_stopped_even_with_the_right_password() -> None:
    user = make_person(Role.CLINICIAN)
    for _ in range(5):
        with pytest.raises(NotPermitted):
            confirm_identity(user=user, password="guess")

    with pytest.raises(TooManyAttempts):
        confirm_identity(user=user, password=PASSWORD)
