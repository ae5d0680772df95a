"""What notices about webhooks say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def disabled(
    values: Mapping[str, Any],
) -> str:  # Any: JSON, as `disable_endpoint` has it
    words = (
        _("A webhook is switched off: the server at %(url)s said that it is gone.")
        if values["reason"] == "gone"
        else _("A webhook is switched off: nothing reached %(url)s for days.")
    )
    return words % {"url": values["url"]}
