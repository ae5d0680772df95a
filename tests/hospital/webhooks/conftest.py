from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from hospital.core.registry import WebhookEvent, add_webhook_event, registry
from tests.hospital.webhooks.receiver import Receiver, receiving

EVENT = "tests.bed"


@pytest.fixture(autouse=True)
def event() -> Iterator[str]:
    """An event of the tests' own."""
    add_webhook_event(WebhookEvent(EVENT, "A bed is free"))
    yield EVENT
    del registry.webhook_events[EVENT]


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    with receiving() as started:
        yield started
