"""What notices about webhooks say, and why an address is refused."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hospital.core.outside.addresses import Refusal


def disabled(
    values: Mapping[str, Any],
) -> str:  # Any: JSON, as `disable_endpoint` has it
    words = (
        _("A webhook is switched off: the server at %(url)s said that it is gone.")
        if values["reason"] == "gone"
        else _("A webhook is switched off: nothing reached %(url)s for days.")
    )
    return words % {"url": values["url"]}


def refused_address(reason: Refusal) -> str:
    """Return why no message may go to an address, for who wrote it."""
    words = {
        "no_address": _("This is no address that a message could be sent to."),
        "not_whole": _(
            "Write a whole address, such as https://engine.hospital.example/anji."
        ),
        "secrets": _("The address must hold no user name, password or #fragment."),
        "not_encrypted": _(
            "The address must begin with https, or its host be allowed here."
        ),
        "private": _(
            "The address lies in a private network. The hospital's operator can allow "
            "it with WEBHOOK_ALLOWED_HOSTS."
        ),
    }
    return words[reason]
