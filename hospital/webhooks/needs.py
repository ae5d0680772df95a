"""How the webhooks are, for `manage.py doctor`."""

from django.apps import apps
from django.db import Error

from hospital.core.registry import Need


def webhook_needs() -> list[Need]:
    """Return whether messages arrive; nothing where no webhook was ever made."""
    endpoints = apps.get_model("webhooks", "WebhookEndpoint")._default_manager  # noqa: SLF001
    try:
        count = endpoints.filter(disabled=None).count()
        off = endpoints.exclude(disabled=None).count()
        failing = endpoints.filter(disabled=None, failing_since__isnull=False).count()
    except Error:
        return []  # the database's own line says what is wrong
    if not count and not off:
        return []
    detail = f"{count} on, {failing} of them failing; {off} switched off"
    remedy = "Look at the webhooks' messages in the administration."
    if failing or off:
        return [Need("Webhooks", "optional", detail, remedy)]
    return [Need("Webhooks", "found", detail)]
