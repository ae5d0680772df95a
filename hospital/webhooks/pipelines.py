"""Messages go out, and old ones go: by workers only."""

import time
from http.client import HTTPException

from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.core.outside import AddressRefused
from hospital.jobs.run import JobFailed, JobRetry, JobRun
from hospital.webhooks.models import DeliveryError, DeliveryState, WebhookDelivery
from hospital.webhooks.post import Answer, post
from hospital.webhooks.services.deliveries import (
    GONE,
    forget_deliveries,
    note_failure,
    note_success,
    wait_s,
)
from hospital.webhooks.services.endpoints import allowed_hosts
from hospital.webhooks.signing import signed_headers

Outcome = tuple[Answer | None, DeliveryError | None]


def deliver(run: JobRun) -> dict[str, object] | None:
    """Send one message; what failed comes back to the queue, later each time."""
    delivery = (
        WebhookDelivery.objects.select_related("endpoint")
        .filter(pk=run.job.subject_id, state=DeliveryState.WAITING)
        .first()
    )
    if delivery is None:
        return None  # its webhook was deleted, or it arrived and the worker died then
    answer, error = _attempt(delivery)
    if error is None and answer is not None:
        result: dict[str, object] = {"status": answer.status}
        with run.finish(result):
            note_success(delivery, answer)
        return result
    _fail(run, delivery, error or DeliveryError.UNREACHABLE, answer)
    return None


def forget(run: JobRun) -> dict[str, object]:
    return {"forgotten": forget_deliveries(now=timezone.now())}


def _attempt(delivery: WebhookDelivery) -> Outcome:
    endpoint = delivery.endpoint
    if not endpoint.is_enabled:
        return None, DeliveryError.DISABLED
    try:
        answer = post(
            endpoint.url,
            body=delivery.body,
            headers=_headers(delivery),
            allowed=allowed_hosts(),
        )
    except AddressRefused:
        return None, DeliveryError.REFUSED
    except (OSError, HTTPException, UnicodeError):
        return None, DeliveryError.UNREACHABLE
    return answer, None if 200 <= answer.status < 300 else DeliveryError.STATUS


def _headers(delivery: WebhookDelivery) -> dict[str, str]:
    endpoint = delivery.endpoint
    keys = [endpoint.secret]
    until = endpoint.old_secret_until
    if until is not None and until > timezone.now():
        keys.append(endpoint.old_secret)
    signed = signed_headers(
        keys,
        message_id=delivery.message_id,
        timestamp=int(time.time()),
        body=delivery.body,
    )
    return {
        **signed,
        "Content-Type": "application/json",
        "User-Agent": "Anji-Webhooks/1",
        "Connection": "close",
    }


def _fail(
    run: JobRun, delivery: WebhookDelivery, error: DeliveryError, answer: Answer | None
) -> None:
    """Keep the failure, and have the job wait or end.

    Raises:
        JobRetry: Another attempt follows.
        JobFailed: None does.
    """
    is_final = error == DeliveryError.DISABLED or (answer and answer.status == GONE)
    wait = None if is_final else wait_s(run.job.attempts)
    with run.held():
        note_failure(delivery, error=error, answer=answer, wait_s=wait)
    if wait is None:
        words = _("The message could not be delivered; its webhook has the details.")
        raise JobFailed(words, code="webhook_undelivered")
    raise JobRetry(DeliveryError(error).label, delay_s=wait)
