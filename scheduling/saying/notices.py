"""What notices about rosters say, and what other systems may hear of them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hospital.core.registry import NoticeKind, WebhookEvent

Values = Mapping[str, Any]  # Any: JSON, as `scheduling.services.telling` writes it
PUBLISHED, ENDED = "rosters.published", "rosters.search_ended"
SEARCH_FAILED = "rosters.search_failed"
EXPLAINED, EXPLANATION_FAILED = "rosters.explained", "rosters.explanation_failed"


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


def search_failed(values: Values) -> str:
    """Say that a search broke off, and whether it leaves a roster."""
    words = (
        _("The search for %(roster)s failed; the best roster that it found is kept.")
        if values["has_roster"]
        else _("The search for %(roster)s failed and left no roster.")
    )
    return words % values


def explained(values: Values) -> str:
    """Say whether every rule can be kept, as far as that was found out."""
    words = {
        "feasible": _("It was found out: %(roster)s can keep every rule."),
        "infeasible": _(
            "It was found out which rules %(roster)s cannot keep together."
        ),
    }
    unknown = _("Whether %(roster)s can keep every rule was not certain in time.")
    return words.get(values["status"], unknown) % values


def explanation_failed(values: Values) -> str:
    """Say that nothing was found out."""
    words = _(
        "Whether %(roster)s can keep every rule was not found out: the attempt failed."
    )
    return words % values


NOTICE_KINDS = (
    NoticeKind(PUBLISHED, published, icon="megaphone"),
    NoticeKind(ENDED, search_ended, icon="search-check"),
    NoticeKind(SEARCH_FAILED, search_failed, icon="triangle-alert"),
    NoticeKind(EXPLAINED, explained, icon="search-check"),
    NoticeKind(EXPLANATION_FAILED, explanation_failed, icon="triangle-alert"),
)
WEBHOOK_EVENTS = (
    WebhookEvent("roster.solved", gettext_lazy("A search ended with a roster")),
    WebhookEvent("roster.published", gettext_lazy("A roster was published")),
)
