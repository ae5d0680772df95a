"""Webhooks as administrators and integrators make them, in REST and administration."""

import pytest
from django.conf import LazySettings
from django.test import Client

from hospital.accounts.models import Department, Role, User
from hospital.accounts.services.tokens import create_api_token
from hospital.core.errors import DomainError
from hospital.core.registry import registry
from hospital.webhooks.models import DisabledReason, WebhookDelivery, WebhookEndpoint
from hospital.webhooks.needs import webhook_needs
from hospital.webhooks.services import endpoints
from hospital.webhooks.services.endpoints import disable_endpoint, make_endpoint
from tests.hospital.webhooks.conftest import EVENT
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db
URL = "https://engine.example/anji"
WEBHOOKS = "/api/v1/webhooks/"


@pytest.fixture
def ward() -> Department:
    return make_department("ward-3")


@pytest.fixture
def owner(ward: Department) -> User:
    return make_person(Role.INTEGRATOR, ward)


@pytest.fixture
def engine(owner: User) -> Client:
    """The integrator's program."""
    scopes = ["webhooks:read", "webhooks:write"]
    _row, token = create_api_token(user=owner, name="engine", scopes=scopes)
    return Client(headers={"authorization": f"Bearer {token}"})


def sent(engine: Client, **changes: object) -> dict[str, object]:
    body = {"url": URL, "event_types": [EVENT], **changes}
    answer = engine.post(WEBHOOKS, body, content_type="application/json")
    return {"status_code": answer.status_code, **answer.json()}


def test_an_integrator_makes_one_and_sees_its_secret_this_once(
    engine: Client, owner: User
) -> None:
    made = sent(engine, department="ward-3", description="Rota to payroll")

    endpoint = WebhookEndpoint.objects.get()
    assert made["status_code"] == 201
    assert made["secret"] == endpoint.secret
    assert (endpoint.owner, endpoint.department) == (owner, owner.departments.get())
    shown = engine.get(f"{WEBHOOKS}{made['id']}/").json()
    assert (shown["url"], shown["event_types"]) == (URL, [EVENT])
    assert endpoint.secret not in str([shown, engine.get(WEBHOOKS).json()])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "http://engine.example/"}, "url"),
        ({"event_types": []}, "event_types"),
        ({"event_types": [EVENT, "roster.eaten"]}, "event_types"),
        ({"department": "another ward"}, "department"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    engine: Client, changes: dict[str, object], field: str
) -> None:
    make_department("another ward")

    refused = sent(engine, **changes)

    assert refused["status_code"] == 422
    assert list(refused["errors"]) == [field]  # type: ignore[call-overload]
    assert not WebhookEndpoint.objects.exists()


def test_it_is_changed_switched_off_and_on_and_deleted(engine: Client) -> None:
    path = f"{WEBHOOKS}{sent(engine)['id']}/"

    def patch(**changes: object) -> dict[str, object]:
        answer = engine.patch(path, changes, content_type="application/json")
        return dict(answer.json())

    assert patch(url="https://other.example/")["url"] == "https://other.example/"
    off = patch(is_enabled=False)
    assert (off["is_enabled"], off["disabled_reason"]) == (False, "by_hand")
    assert patch(is_enabled=True)["disabled"] is None
    assert patch(url="https://127.0.0.1/")["code"] == "invalid"
    assert WebhookEndpoint.objects.get().url == "https://other.example/"
    assert engine.delete(path).status_code == 204
    assert not WebhookEndpoint.objects.exists()


def test_a_new_secret_and_a_test_message_are_asked_for(engine: Client) -> None:
    made = sent(engine)
    path = f"{WEBHOOKS}{made['id']}/"

    secret = engine.post(f"{path}secret/").json()["secret"]
    test = engine.post(f"{path}deliveries/")

    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.secret, endpoint.old_secret) == (secret, made["secret"])
    assert (test.status_code, test.json()["event_type"]) == (202, "webhooks.test")
    assert [
        row["state"] for row in engine.get(f"{path}deliveries/").json()["results"]
    ] == ["queued"]


def test_others_make_none_and_nobody_makes_many(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DomainError, match="Administrators and integrators"):
        make_endpoint(owner=make_person(Role.MANAGER), url=URL, event_types=[EVENT])

    monkeypatch.setattr(endpoints, "MAX_ENDPOINTS", 1)
    make_endpoint(owner=owner, url=URL, event_types=[EVENT])
    with pytest.raises(DomainError, match="many webhooks"):
        make_endpoint(owner=owner, url=URL, event_types=[EVENT])

    assert WebhookEndpoint.objects.count() == 1


@pytest.fixture
def administration(client: Client) -> Client:
    client.force_login(make_person(Role.ADMINISTRATOR))
    return client


def test_an_administrator_makes_one_and_sees_its_secret_this_once(
    administration: Client,
) -> None:
    page = "/admin/webhooks/webhookendpoint/add/"
    form = {"url": "https://10.0.0.1/", "event_types": [EVENT], "department": ""}

    refused = administration.post(page, form)
    made = administration.post(page, {**form, "url": URL})

    endpoint = WebhookEndpoint.objects.get()
    assert "private network" in refused.content.decode()
    assert endpoint.secret in made.content.decode()
    assert endpoint.owner.role == Role.ADMINISTRATOR
    change = administration.get(
        f"/admin/webhooks/webhookendpoint/{endpoint.pk}/change/"
    )
    assert change.status_code == 200
    assert endpoint.secret not in change.content.decode()


def test_an_administrator_tests_rotates_switches_and_sends_again(
    administration: Client, owner: User
) -> None:
    endpoint, secret = make_endpoint(owner=owner, url=URL, event_types=[EVENT])

    def act(action: str, model: str = "webhookendpoint", row: object = endpoint) -> str:
        answer = administration.post(
            f"/admin/webhooks/{model}/",
            {"action": action, "_selected_action": [row.pk]},  # type: ignore[attr-defined]
            follow=True,
        )
        endpoint.refresh_from_db()
        return str(answer.content.decode())

    assert "under way" in act("test")
    delivery = WebhookDelivery.objects.get()
    assert "still being tried" in act("send_again", "webhookdelivery", delivery)
    shown = act("rotate")
    assert endpoint.secret in shown
    assert endpoint.old_secret == secret
    act("switch_off")
    assert endpoint.disabled_reason == DisabledReason.BY_HAND
    act("switch_on")
    assert endpoint.is_enabled
    assert "is on already" in act("switch_on")


def test_doctor_tells_of_webhooks_where_there_are_any(owner: User) -> None:
    assert webhook_needs() == []

    endpoint, _secret = make_endpoint(owner=owner, url=URL, event_types=[EVENT])
    assert [need.state for need in webhook_needs()] == ["found"]

    disable_endpoint(endpoint, reason=DisabledReason.GONE)
    (need,) = webhook_needs()
    assert (need.state, need.detail) == (
        "optional",
        "0 on, 0 of them failing; 1 switched off",
    )


def test_hosts_are_allowed_by_the_setting(
    engine: Client, settings: LazySettings
) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["10.0.0.0/8"]

    assert sent(engine, url="http://10.1.2.3/")["status_code"] == 201
    assert EVENT in registry.webhook_events
