"""What notices about requests, leave and swaps say."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from hospital.core.registry import NoticeKind

Values = Mapping[
    str, Any
]  # Any: JSON, as `scheduling.services.staff_telling` writes it
REQUESTS, LEAVE, SWAP = "rosters.requests", "rosters.leave", "rosters.swap"
WAITING = "rosters.waiting"


def requests_opened(values: Values) -> str:
    """Say until when a roster takes requests."""
    return _("%(roster)s takes requests until %(date)s.") % _dated(values)


def leave_decided(values: Values) -> str:
    """Say what became of the reader's leave."""
    if values.get("is_undone"):
        words = _("The ward took its approval of your leave from %(date)s back.")
    elif values["is_approved"]:
        words = _("Your leave from %(date)s is approved.")
    else:
        words = _("Your leave from %(date)s is declined.")
    return words % _dated(values)


def waiting(values: Values) -> str:
    """Say what waits for a manager's decision."""
    words = {
        "leave": _("%(name)s asks for leave from %(date)s: decide on it."),
        "swap": _("%(name)s and a colleague want to swap on %(date)s: decide on it."),
    }
    return words[values["what"]] % _dated(values)


def swap_stands(values: Values) -> str:
    """Say how a swap stands, to whom it concerns."""
    words = {
        "offered": _("%(giver)s offers you a shift of %(date)s."),
        "accepted": _("%(taker)s agrees to your swap of %(date)s; the ward decides."),
        "declined": _("%(taker)s declined your swap of %(date)s."),
        "refused": _(
            "The ward refused the swap of %(date)s between %(giver)s and %(taker)s."
        ),
        "done": _("%(giver)s and %(taker)s have swapped the shift of %(date)s."),
        "closed": _(
            "The swap of %(date)s between %(giver)s and %(taker)s is no longer possible."
        ),
    }
    return words[values["state"]] % _dated(values)


def _dated(values: Values) -> dict[str, Any]:
    day = date.fromisoformat(values["date"])
    return {**values, "date": formats.date_format(day, "SHORT_DATE_FORMAT")}


STAFF_NOTICE_KINDS = (
    NoticeKind(REQUESTS, requests_opened, icon="calendar-heart"),
    NoticeKind(LEAVE, leave_decided, icon="plane"),
    NoticeKind(SWAP, swap_stands, icon="arrow-left-right"),
    NoticeKind(WAITING, waiting, icon="inbox"),
)
