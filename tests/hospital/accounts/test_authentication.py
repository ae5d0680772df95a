"""Tokens: who they speak for, and when they open nothing."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from hospital.accounts.models import ApiClient, ApiToken, Role, User
from hospital.accounts.services.tokens import (
    create_api_client,
    create_api_token,
    revoke_api_token,
)
from hospital.core.errors import InvalidInput
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_token_speaks_for_its_account_within_its_scopes(client: Client) -> None:
    department = make_department("radiology")
    nurse = make_person(Role.NURSE, department)
    _row, text = create_api_token(user=nurse, name="script", scopes=["studies:read"])

    body = client.get(ME, headers=bearer(text)).json()

    assert (body["id"], body["role"]) == (str(nurse.pk), "nurse")
    assert body["scopes"] == ["studies:read"]
    assert [row["code"] for row in body["departments"]] == ["radiology"]


def test_only_the_digest_of_a_token_is_kept() -> None:
    row, text = create_api_token(
        user=make_person(Role.NURSE), name="script", scopes=["studies:read"]
    )

    assert text.startswith("anji_")
    assert text not in str(ApiToken.objects.filter(pk=row.pk).values())


def test_use_is_remembered(client: Client) -> None:
    row, text = create_api_token(user=make_person(Role.NURSE), name="x", scopes=[])

    client.get(ME, headers=bearer(text))

    row.refresh_from_db()
    assert row.last_used is not None


@pytest.mark.parametrize("why", ["unknown", "revoked", "expired", "closed", "empty"])
def test_a_dead_token_is_401(client: Client, why: str) -> None:
    user = make_person(Role.NURSE)
    row, text = create_api_token(user=user, name="script", scopes=["studies:read"])
    if why == "unknown":
        text += "x"
    elif why == "revoked":
        revoke_api_token(row)
    elif why == "expired":
        past = timezone.now() - timedelta(seconds=1)
        ApiToken.objects.filter(pk=row.pk).update(expires=past)
    elif why == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        text = ""

    response = client.get(ME, headers=bearer(text))

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Anji"'
    assert response["Content-Type"] == "application/problem+json"


def test_a_dead_token_does_not_fall_back_to_the_session(client: Client) -> None:
    client.force_login(make_person(Role.NURSE))

    response = client.get(ME, headers=bearer("anji_nothing"))

    assert response.status_code == 401


def test_a_token_in_the_address_opens_nothing(client: Client) -> None:
    _row, text = create_api_token(user=make_person(Role.NURSE), name="x", scopes=[])

    response = client.get(ME, {"access_token": text, "token": text})

    assert response.status_code == 401


def test_a_token_opens_no_page(client: Client) -> None:
    _row, text = create_api_token(
        user=make_person(Role.CLINICIAN), name="x", scopes=["patients:read"]
    )

    response = client.get("/patients/", headers=bearer(text))

    assert response.status_code == 302


@pytest.mark.parametrize(("scopes", "status"), [(["patients:read"], 200), ([], 403)])
def test_a_scope_is_needed(client: Client, scopes: list[str], status: int) -> None:
    _row, text = create_api_token(
        user=make_person(Role.CLINICIAN), name="x", scopes=scopes
    )

    response = client.get("/api/v1/patients/", headers=bearer(text))

    assert response.status_code == status


def test_an_unknown_scope_is_refused() -> None:
    user = make_person(Role.NURSE)

    with pytest.raises(InvalidInput) as refusal:
        create_api_token(user=user, name="x", scopes=["studies:read", "admin:write"])

    assert refusal.value.code == "unknown_scope"
    assert user.api_tokens.count() == 0


def test_a_session_needs_the_csrf_token_to_write() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_person(Role.CLINICIAN, make_department()))

    response = browser.post("/api/v1/studies/", {})

    assert response.status_code == 403


def grant(client: Client, client_id: str, secret: str, **form: str) -> HttpResponse:
    return client.post(
        "/accounts/oauth/token/",
        {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
            **form,
        },
    )


def test_a_client_gets_a_token_within_its_scopes(client: Client) -> None:
    department = make_department("radiology")
    integrator = make_person(Role.INTEGRATOR, department)
    made, secret = create_api_client(
        integrator=integrator, name="PACS", scopes=["patients:read", "studies:read"]
    )

    answer = grant(
        client, made.application.client_id, secret, scope="patients:read"
    ).json()
    body = client.get(ME, headers=bearer(answer["access_token"])).json()

    assert (answer["scope"], answer["expires_in"]) == ("patients:read", 3600)
    assert (body["id"], body["role"]) == (str(integrator.pk), "integrator")
    assert body["client_id"] == made.application.client_id
    assert body["scopes"] == ["patients:read"]
    assert AccessToken.objects.get().token == ""


def test_a_client_gets_no_scope_it_was_not_given(client: Client) -> None:
    made, secret = create_api_client(
        integrator=make_person(Role.INTEGRATOR), name="PACS", scopes=["studies:read"]
    )

    response = grant(client, made.application.client_id, secret, scope="studies:write")

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_scope"
    assert AccessToken.objects.count() == 0


def test_a_wrong_secret_gets_nothing(client: Client) -> None:
    made, _secret = create_api_client(
        integrator=make_person(Role.INTEGRATOR), name="PACS", scopes=["studies:read"]
    )

    response = grant(client, made.application.client_id, "guess")

    assert response.status_code == 401
    assert AccessToken.objects.count() == 0


def test_nobody_signs_in_by_password_grant(client: Client) -> None:
    made, secret = create_api_client(
        integrator=make_person(Role.INTEGRATOR), name="PACS", scopes=["studies:read"]
    )
    nurse = make_person(Role.NURSE)

    response = grant(
        client,
        made.application.client_id,
        secret,
        grant_type="password",
        username=nurse.username,
        password="correct horse battery staple",
    )

    assert response.status_code == 400
    assert response.json()["error"] == "unsupported_grant_type"


def test_a_client_acts_only_for_an_integrator(client: Client) -> None:
    integrator = make_person(Role.INTEGRATOR)
    made, secret = create_api_client(
        integrator=integrator, name="PACS", scopes=["studies:read"]
    )
    token = grant(client, made.application.client_id, secret).json()["access_token"]
    User.objects.filter(pk=integrator.pk).update(role=Role.NURSE)

    response = client.get(ME, headers=bearer(token))

    assert response.status_code == 401
    with pytest.raises(InvalidInput):
        create_api_client(
            integrator=make_person(Role.CLINICIAN), name="x", scopes=["studies:read"]
        )


def test_a_scope_taken_from_a_client_is_taken_from_its_tokens(client: Client) -> None:
    made, secret = create_api_client(
        integrator=make_person(Role.INTEGRATOR),
        name="PACS",
        scopes=["patients:read", "studies:read"],
    )
    token = grant(client, made.application.client_id, secret).json()["access_token"]
    ApiClient.objects.filter(pk=made.pk).update(scopes=["studies:read"])

    body = client.get(ME, headers=bearer(token)).json()

    assert body["scopes"] == ["studies:read"]
    refused = client.get("/api/v1/patients/", headers=bearer(token))
    assert refused.status_code == 403


def test_a_token_of_a_client_that_is_gone_opens_nothing(client: Client) -> None:
    made, secret = create_api_client(
        integrator=make_person(Role.INTEGRATOR), name="PACS", scopes=["studies:read"]
    )
    token = grant(client, made.application.client_id, secret).json()["access_token"]
    made.delete()

    response = client.get(ME, headers=bearer(token))

    assert response.status_code == 401
