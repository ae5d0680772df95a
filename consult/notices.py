"""What staff are told of conversations, in the reader's language; never what was said."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.core.registry import NoticeKind

WAITING = "consult.waiting"
LEVELS: dict[str, Promise] = {
    "emergency": gettext_lazy("emergency"),
    "urgent": gettext_lazy("urgent"),
    "routine": gettext_lazy("routine"),
    "self_care": gettext_lazy("self-care"),
}
REASONS: dict[str, Promise] = {
    "asked": gettext_lazy("asked for a person"),
    "crisis": gettext_lazy("crisis"),
    "emergency": gettext_lazy("emergency without an answer"),
    "failed": gettext_lazy("no answer was found twice"),
    "distress": gettext_lazy("strong distress"),
}


def waiting_words(
    values: Mapping[str, Any],
) -> str:  # Any: JSON that `notify` was given
    return _("A patient waits for an answer: %(level)s, %(reason)s.") % {
        "level": LEVELS[values["level"]],
        "reason": REASONS[values["reason"]],
    }


NOTICE_KINDS = (NoticeKind(WAITING, waiting_words, icon="message-circle"),)
