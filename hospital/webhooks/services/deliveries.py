"""Messages: written with the change they tell of, tried, judged, and sent again."""

import json
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import Department
from hospital.core.errors import Conflict
from hospital.core.registry import registry
from hospital.jobs.models import Job, JobState
from hospital.jobs.services import enqueue
from hospital.webhooks.limits import FIRST_WAIT_S, LONGEST_WAIT_S, MAX_ATTEMPTS
from hospital.webhooks.models import (
    DeliveryError,
    DeliveryState,
    DisabledReason,
    WebhookDelivery,
    WebhookEndpoint,
)
from hospital.webhooks.post import Answer
from hospital.webhooks.selectors import listeners_of
from hospital.webhooks.services.endpoints import disable_endpoint

DELIVER = "webhooks.deliver"
TEST = "webhooks.test"
GONE = 410
FAILING_KEPT = timedelta(days=5)
DELIVERIES_KEPT = timedelta(days=30)


@transaction.atomic
def send_webhook(
    *,
    event_type: str,
    data: Mapping[str, Any],  # Any: JSON; ids, addresses and figures, no names
    department: Department,
) -> list[WebhookDelivery]:
    """Write a message for every webhook that hears of the event, and queue its sending.

    It is written in the caller's transaction and sent by a worker after the commit.

    Raises:
        LookupError: The event was never registered.
    """
    if event_type not in registry.webhook_events:
        message = f"No app registered the webhook event {event_type!r}."
        raise LookupError(message)
    body = _body(event_type, data)
    return [
        _write(endpoint, event_type=event_type, body=body)
        for endpoint in listeners_of(event_type, department)
    ]


@transaction.atomic
def send_test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Write a message that says nothing, to see whether it arrives."""
    body = _body(TEST, {"id": str(endpoint.pk)})
    return _write(endpoint, event_type=TEST, body=body)


@transaction.atomic
def redeliver(delivery: WebhookDelivery) -> WebhookDelivery:
    """Send a message again, with its old id: who had it already can tell.

    Raises:
        Conflict: It is still being tried, or its webhook is off.
    """
    row = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    if not row.endpoint.is_enabled:
        raise Conflict(
            _("The webhook is switched off; switch it on first."),
            code="webhook_disabled",
        )
    if _is_under_way(row):
        raise Conflict(
            _("The message is still being tried; it goes out by itself."),
            code="webhook_under_way",
        )
    row.state, row.next_attempt, row.ended = DeliveryState.WAITING, None, None
    row.save(update_fields=["state", "next_attempt", "ended", "updated"])
    _queue(row)
    return row


@transaction.atomic
def note_success(delivery: WebhookDelivery, answer: Answer) -> None:
    """Keep that the message arrived; the webhook's failures are forgotten."""
    delivery.state, delivery.error = DeliveryState.DELIVERED, ""
    _note(delivery, answer)
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(failing_since=None)


@transaction.atomic
def note_failure(
    delivery: WebhookDelivery,
    *,
    error: DeliveryError,
    answer: Answer | None = None,
    wait_s: float | None = None,
) -> None:
    """Keep why an attempt failed; a webhook that only fails is switched off.

    Args:
        delivery: The message.
        error: Why.
        answer: What came back, if anything did.
        wait_s: How long until the next attempt; None where there is none.
    """
    now = timezone.now()
    delivery.error = error
    delivery.state = DeliveryState.FAILED if wait_s is None else DeliveryState.WAITING
    delivery.next_attempt = None if wait_s is None else now + timedelta(seconds=wait_s)
    _note(delivery, answer)
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
    if answer is not None and answer.status == GONE:
        disable_endpoint(endpoint, reason=DisabledReason.GONE)
    elif endpoint.failing_since is None:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=now)
    elif endpoint.failing_since < now - FAILING_KEPT:
        disable_endpoint(endpoint, reason=DisabledReason.FAILING)


def wait_s(attempts: int) -> float | None:
    """Return how long to wait after so many attempts; None where it was the last."""
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = min(FIRST_WAIT_S * 3.0 ** (attempts - 1), LONGEST_WAIT_S)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 (spreads load, keeps no secret)


def forget_deliveries(*, now: datetime) -> int:
    """Delete messages that ended long ago, and return how many."""
    old = WebhookDelivery.objects.filter(ended__lt=now - DELIVERIES_KEPT)
    return old.delete()[0]


def _body(event_type: str, data: Mapping[str, Any]) -> str:
    moment = timezone.now().isoformat()
    message = {"type": event_type, "timestamp": moment, "data": dict(data)}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _write(endpoint: WebhookEndpoint, *, event_type: str, body: str) -> WebhookDelivery:
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint, event_type=event_type, body=body
    )
    _queue(delivery)
    return delivery


def _queue(delivery: WebhookDelivery) -> None:
    enqueue(
        kind=DELIVER,
        key=f"{delivery.pk}:{delivery.attempts}",
        owner=None,
        subject_id=delivery.pk,
    )


def _is_under_way(delivery: WebhookDelivery) -> bool:
    jobs = Job.objects.filter(kind=DELIVER, subject_id=str(delivery.pk))
    return jobs.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).exists()


def _note(delivery: WebhookDelivery, answer: Answer | None) -> None:
    delivery.attempts += 1
    delivery.status = answer.status if answer else None
    delivery.excerpt = answer.excerpt if answer else ""
    is_ended = delivery.state != DeliveryState.WAITING
    delivery.ended = timezone.now() if is_ended else None
    delivery.save()
