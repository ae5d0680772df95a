"""Webhooks: made, changed, given another secret, switched off and on."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import Department, Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from hospital.core.outside import AddressRefused, Allowed, target_of
from hospital.core.registry import registry
from hospital.notices.services import notify
from hospital.webhooks.models import DisabledReason, WebhookEndpoint
from hospital.webhooks.selectors import MAKERS
from hospital.webhooks.signing import new_secret
from hospital.webhooks.words import refused_address

OVERLAP = timedelta(hours=24)  # in which the old secret still signs
MAX_ENDPOINTS = 20


def allowed_hosts() -> Allowed:
    """Return the hosts that the hospital allows beyond the open internet."""
    return Allowed.of(settings.WEBHOOK_ALLOWED_HOSTS)


@transaction.atomic
def make_endpoint(
    *,
    owner: User,
    url: str,
    event_types: Iterable[str],
    department: Department | None = None,
    description: str = "",
) -> tuple[WebhookEndpoint, str]:
    """Return a new webhook and its secret, which nobody is shown again.

    Raises:
        NotPermitted: The account's role makes no webhooks.
        InvalidInput: The address, an event or the department cannot be taken.
    """
    if owner.role not in MAKERS:
        raise NotPermitted(
            _("Administrators and integrators make webhooks."), code="not_permitted"
        )
    if owner.webhooks.count() >= MAX_ENDPOINTS:
        raise InvalidInput(
            _("You have many webhooks already. Delete one that you no longer use."),
            code="too_many_webhooks",
        )
    endpoint = WebhookEndpoint(
        owner=owner,
        url=url,
        event_types=sorted(set(event_types)),
        department=department,
        description=description,
        secret=new_secret(),
    )
    check_endpoint(endpoint)
    endpoint.save()
    return endpoint, endpoint.secret


@transaction.atomic
def change_endpoint(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Keep what was set on the row.

    Raises:
        InvalidInput: The address, an event or the department cannot be taken.
    """
    endpoint.event_types = sorted(set(endpoint.event_types))
    check_endpoint(endpoint)
    endpoint.save(
        update_fields=["url", "event_types", "department", "description", "updated"]
    )
    return endpoint


def check_endpoint(endpoint: WebhookEndpoint) -> None:
    """Refuse what cannot be sent to, or heard of.

    Raises:
        InvalidInput: With the field that is wrong.
    """
    try:
        target_of(endpoint.url, allowed=allowed_hosts())
    except AddressRefused as error:
        raise _wrong("url", refused_address(error.reason)) from error
    unknown = set(endpoint.event_types) - registry.webhook_events.keys()
    if unknown:
        words = _("There is no event %(events)s.")
        raise _wrong("event_types", words % {"events": ", ".join(sorted(unknown))})
    if not endpoint.event_types:
        raise _wrong("event_types", _("Choose at least one event."))
    belongs = endpoint.owner.memberships.filter(department=endpoint.department)
    if (
        endpoint.department is not None
        and endpoint.owner.role != Role.ADMINISTRATOR
        and not belongs.exists()
    ):
        raise _wrong("department", _("Choose one of your departments."))


@transaction.atomic
def rotate_secret(endpoint: WebhookEndpoint) -> str:
    """Return a new secret; for a day messages are signed with the old one, too."""
    row = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    row.old_secret, row.secret = row.secret, new_secret()
    row.old_secret_until = timezone.now() + OVERLAP
    row.save(update_fields=["secret", "old_secret", "old_secret_until", "updated"])
    return row.secret


def enable_endpoint(endpoint: WebhookEndpoint) -> None:
    """Switch a webhook on again; what it missed is not sent by itself.

    Raises:
        Conflict: It is on.
    """
    count = WebhookEndpoint.objects.filter(
        pk=endpoint.pk, disabled__isnull=False
    ).update(disabled=None, disabled_reason="", failing_since=None)
    if not count:
        raise Conflict(_("The webhook is on already."), code="webhook_enabled")


@transaction.atomic
def disable_endpoint(endpoint: WebhookEndpoint, *, reason: DisabledReason) -> None:
    """Switch a webhook off; who made it is told, unless somebody did it by hand."""
    count = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled=None).update(
        disabled=timezone.now(), disabled_reason=reason
    )
    if not count or reason == DisabledReason.BY_HAND:
        return
    owner = endpoint.owner
    page = reverse("admin:webhooks_webhookendpoint_change", args=[endpoint.pk])
    notify(
        [owner],
        kind="webhooks.disabled",
        values={"url": endpoint.url, "reason": str(reason)},
        link=page if owner.role == Role.ADMINISTRATOR else "",
        subject_id=endpoint.pk,
    )


def _wrong(field: str, words: str) -> InvalidInput:
    return InvalidInput(words, code="invalid", fields={field: [words]})
