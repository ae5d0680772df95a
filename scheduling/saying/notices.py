"""What notices about rosters say, and what other systems may hear of them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hospital.core.registry import NoticeKind, WebhookEvent

Values = Mapping[str, Any]  # Any: JSON, as `scheduling.services.telling` writes it
PUBLISHED, ENDED = "rosters.published", "rosters.search_ended"


def published(values: Values) -> str:
    """Say how many of the reader's own shifts are new or changed."""
    words = (
        ngettext(
            "%(roster)s is published: %(count)d shift in it is yours.",
            "%(roster)s is published: %(count)d shifts in it are yours.",
            values["count"],
        )
        if values["is_first"]
        else ngettext(
            "%(roster)s was published again: %(count)d of your shifts changed.",
            "%(roster)s was published again: %(count)d of your shifts changed.",
            values["count"],
        )
    )
    return words % values


def search_ended(values: Values) -> str:
    """Say what a search for a roster found."""
    words = {
        "optimal": _("The search for %(roster)s found a roster that none can better."),
        "feasible": _("The search for %(roster)s has ended with a roster."),
        "infeasible": _(
            "The search for %(roster)s has ended: no roster keeps the rules."
        ),
    }
    without = _("The search for %(roster)s has ended without a roster.")
    if values.get("is_near"):
        near = _(
            "The search for %(roster)s has ended: no roster keeps every rule; the one that"
            " comes nearest to it is there."
        )
        return near % values
    return words.get(values["status"], without) % values


NOTICE_KINDS = (
    NoticeKind(PUBLISHED, published, icon="megaphone"),
    NoticeKind(ENDED, search_ended, icon="search-check"),
)
WEBHOOK_EVENTS = (
    WebhookEvent("roster.solved", gettext_lazy("A search ended with a roster")),
    WebhookEvent("roster.published", gettext_lazy("A roster was published")),
)
