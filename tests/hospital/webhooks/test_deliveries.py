"""Messages to a server that really listens: signed, tried again, given up."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from hospital.core.errors import Conflict
from hospital.jobs.models import Job, JobState
from hospital.notices.models import Notice
from hospital.webhooks.models import (
    DeliveryState,
    DisabledReason,
    WebhookDelivery,
    WebhookEndpoint,
)
from hospital.webhooks.selectors import deliveries_visible_to, webhooks_visible_to
from hospital.webhooks.services.deliveries import (
    forget_deliveries,
    redeliver,
    send_test,
    send_webhook,
    wait_s,
)
from hospital.webhooks.services.endpoints import (
    disable_endpoint,
    enable_endpoint,
    make_endpoint,
    rotate_secret,
)
from tests.hospital.webhooks.conftest import EVENT
from tests.hospital.webhooks.receiver import Receiver
from tests.jobs import run_here
from tests.rows import make_department, make_person, make_principal

pytestmark = pytest.mark.django_db
DATA = {"id": "7", "url": "https://anji.example/beds/7/", "beds": 3}


@pytest.fixture
def ward() -> Department:
    return make_department()


@pytest.fixture
def owner(ward: Department) -> User:
    return make_person(Role.INTEGRATOR, ward)


@pytest.fixture
def endpoint(owner: User, receiver: Receiver) -> WebhookEndpoint:
    return make_endpoint(owner=owner, url=receiver.url, event_types=[EVENT])[0]


def send(department: Department) -> WebhookDelivery:
    (delivery,) = send_webhook(event_type=EVENT, data=DATA, department=department)
    return delivery


def attempt(delivery: WebhookDelivery) -> Job:
    """Run the message's newest job now, whenever it was due; return how it stands."""
    newest = Job.objects.filter(subject_id=str(delivery.pk)).latest("created")
    Job.objects.filter(pk=newest.pk).update(run_after=None)
    run_here(newest)
    delivery.refresh_from_db()
    return Job.objects.get(pk=newest.pk)


def test_a_message_arrives_signed_and_thin(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department
) -> None:
    delivery = send(ward)
    assert receiver.received == []  # nothing goes out in the request

    job = attempt(delivery)

    path, headers, _body = receiver.received[0]
    assert path == "/anji?ward=3"
    assert headers["Content-Type"] == "application/json"
    assert headers["webhook-id"] == f"msg_{delivery.pk.hex}"
    age_s = timezone.now().timestamp() - int(headers["webhook-timestamp"])
    assert 0 <= age_s < 60
    assert receiver.verified_by(endpoint.secret)
    assert sorted(receiver.last) == ["data", "timestamp", "type"]
    assert (receiver.last["type"], receiver.last["data"]) == (EVENT, DATA)
    assert (job.state, delivery.state) == (JobState.SUCCEEDED, DeliveryState.DELIVERED)
    assert (delivery.attempts, delivery.status) == (1, 204)


def test_what_is_not_kept_is_not_sent(
    endpoint: WebhookEndpoint, ward: Department
) -> None:
    with transaction.atomic():
        send(ward)
        transaction.set_rollback(True)

    assert not WebhookDelivery.objects.exists()
    assert not Job.objects.exists()


def test_a_failure_is_tried_again_with_the_same_id_and_text(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department
) -> None:
    receiver.status, receiver.answer = 503, b"busy " * 200
    delivery = send(ward)

    job = attempt(delivery)

    assert (job.state, delivery.state) == (JobState.QUEUED, DeliveryState.WAITING)
    assert (delivery.status, delivery.error) == (503, "status")
    assert delivery.excerpt == ("busy " * 60)
    assert job.run_after is not None
    assert delivery.next_attempt is not None
    assert 20 < (job.run_after - timezone.now()).total_seconds() < 40
    endpoint.refresh_from_db()
    assert endpoint.failing_since is not None

    receiver.status = 200
    attempt(delivery)

    first, second = receiver.received
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 2)
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_waits_grow_to_about_a_day_and_end() -> None:
    waits = [wait_s(number) for number in range(1, 10)]

    assert waits[-1] is None
    total_s = sum(wait for wait in waits if wait)
    assert 0.6 * 86_400 < total_s < 1.2 * 86_400
    assert all(wait and wait <= 43_200 * 1.2 for wait in waits[:-1])


def test_after_the_last_attempt_it_has_failed(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department
) -> None:
    receiver.status = 500
    delivery = send(ward)
    Job.objects.filter(subject_id=str(delivery.pk)).update(attempts=8)

    job = attempt(delivery)

    assert (job.state, job.error_code) == (JobState.FAILED, "webhook_undelivered")
    assert (delivery.state, delivery.next_attempt) == (DeliveryState.FAILED, None)
    endpoint.refresh_from_db()
    assert endpoint.is_enabled


def test_a_redirect_is_not_followed(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department
) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url}

    delivery = send(ward)
    attempt(delivery)

    assert len(receiver.received) == 1
    assert (delivery.status, delivery.error) == (307, "status")


def test_an_address_no_longer_allowed_is_sent_nothing(
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    ward: Department,
    settings: LazySettings,
) -> None:
    delivery = send(ward)
    settings.WEBHOOK_ALLOWED_HOSTS = []

    attempt(delivery)

    assert receiver.received == []
    assert delivery.error == "address_refused"


def test_a_server_that_is_away_is_tried_again(
    endpoint: WebhookEndpoint, ward: Department
) -> None:
    WebhookEndpoint.objects.update(url="http://127.0.0.1:1/")

    delivery = send(ward)
    job = attempt(delivery)

    assert (job.state, delivery.error) == (JobState.QUEUED, "unreachable")
    assert delivery.status is None


def test_a_server_that_is_gone_switches_it_off_and_its_maker_is_told(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department, owner: User
) -> None:
    receiver.status = 410

    job = attempt(send(ward))

    endpoint.refresh_from_db()
    notice = Notice.objects.get()
    assert job.state == JobState.FAILED
    assert endpoint.disabled_reason == DisabledReason.GONE
    assert (notice.user, notice.link) == (owner, "")
    assert notice.words == (
        f"A webhook is switched off: the server at {receiver.url} said that it is gone."
    )
    assert send_webhook(event_type=EVENT, data=DATA, department=ward) == []


def test_days_of_failures_switch_it_off(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department, owner: User
) -> None:
    receiver.status = 500
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=6))

    attempt(send(ward))

    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == DisabledReason.FAILING
    assert Notice.objects.get().user == owner


def test_a_message_to_what_was_switched_off_meanwhile_is_not_sent(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department
) -> None:
    delivery = send(ward)
    disable_endpoint(endpoint, reason=DisabledReason.BY_HAND)

    job = attempt(delivery)

    assert receiver.received == []
    assert (job.state, delivery.error) == (JobState.FAILED, "disabled")
    assert not Notice.objects.exists()


def test_for_a_day_both_secrets_sign(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department
) -> None:
    old, new = endpoint.secret, rotate_secret(endpoint)

    attempt(send(ward))
    assert receiver.verified_by(old)
    assert receiver.verified_by(new)

    WebhookEndpoint.objects.update(old_secret_until=timezone.now())
    attempt(send(ward))
    assert not receiver.verified_by(old)
    assert receiver.verified_by(new)


def test_a_message_goes_out_again_with_its_old_id(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department
) -> None:
    delivery = send(ward)
    with pytest.raises(Conflict, match="still being tried"):
        redeliver(delivery)
    attempt(delivery)

    attempt(redeliver(delivery))

    ids = [headers["webhook-id"] for _path, headers, _body in receiver.received]
    delivery.refresh_from_db()
    assert ids == [delivery.message_id] * 2
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 2)


def test_nothing_goes_out_again_to_what_is_off(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department
) -> None:
    delivery = send(ward)
    attempt(delivery)
    disable_endpoint(endpoint, reason=DisabledReason.BY_HAND)

    with pytest.raises(Conflict, match="switched off"):
        redeliver(delivery)

    enable_endpoint(endpoint)
    redeliver(delivery)


def test_a_test_message_arrives(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    attempt(send_test(endpoint))

    assert receiver.last["type"] == "webhooks.test"
    assert receiver.verified_by(endpoint.secret)


def test_only_who_may_see_the_department_hears_of_it(
    endpoint: WebhookEndpoint, receiver: Receiver, ward: Department, owner: User
) -> None:
    other = make_department()
    administrator = make_person(Role.ADMINISTRATOR)

    def hears(department: Department) -> list[User]:
        sent = send_webhook(event_type=EVENT, data=DATA, department=department)
        return [delivery.endpoint.owner for delivery in sent]

    assert hears(ward) == [owner]
    assert hears(other) == []

    for one in (ward, other):
        make_endpoint(
            owner=administrator, url=receiver.url, event_types=[EVENT], department=one
        )
    assert set(hears(ward)) == {owner, administrator}
    assert hears(other) == [administrator]

    owner.memberships.all().delete()
    assert hears(ward) == [administrator]


def test_an_unknown_event_is_a_mistake_of_ours(ward: Department) -> None:
    with pytest.raises(LookupError, match=r"tests\.nothing"):
        send_webhook(event_type="tests.nothing", data={}, department=ward)


def test_old_messages_are_forgotten(
    endpoint: WebhookEndpoint, ward: Department
) -> None:
    old, waiting = send(ward), send(ward)
    now = timezone.now()
    WebhookDelivery.objects.filter(pk=old.pk).update(ended=now - timedelta(days=31))

    assert forget_deliveries(now=now) == 1
    assert list(WebhookDelivery.objects.all()) == [waiting]


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_a_webhook_and_its_messages(
    role: Role, endpoint: WebhookEndpoint, ward: Department, owner: User
) -> None:
    send(ward)
    sees_all = role == Role.ADMINISTRATOR

    principal = make_principal(role, ward)

    assert webhooks_visible_to(principal).count() == sees_all
    assert deliveries_visible_to(principal).count() == sees_all
