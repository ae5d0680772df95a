"""Whether spoken messages can be written down here."""

from django.conf import settings


def is_speech_configured() -> bool:
    """Whether the operator set up a service for it."""
    return bool(settings.SPEECH_URL)
