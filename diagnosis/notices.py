"""What notices about models say."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnosis.watched import Watched
from hospital.core.registry import NoticeKind

Values = Mapping[str, Any]  # Any: JSON, as `services.watching` writes it
OUT_OF_BOUNDS = "diagnosis.out_of_bounds"
TWO_PLACES = 2


def out_of_bounds(values: Values) -> str:
    """Say which figure of the model in service is beyond its bound, and where."""
    told = {
        "figure": Watched(values["watched"]).label,
        "model": values["model"],
        "source": _department(values),
        "value": number_format(round(values["value"], TWO_PLACES)),
        "threshold": number_format(round(values["threshold"], TWO_PLACES)),
    }
    if values["source"]:
        return (
            _(
                "%(figure)s, %(model)s in %(source)s: %(value)s, beyond the bound of "
                "%(threshold)s."
            )
            % told
        )
    return (
        _("%(figure)s, %(model)s: %(value)s, beyond the bound of %(threshold)s.") % told
    )


def _department(values: Values) -> str:
    """Return the department in the reader's language; its code in notices of old."""
    names = values.get("department") or {}
    is_chinese = (get_language() or "").startswith("zh")
    own = names.get("name_zh") if is_chinese else ""
    return str(own or names.get("name") or values["source"])


NOTICE_KINDS = (NoticeKind(OUT_OF_BOUNDS, out_of_bounds, icon="triangle-alert"),)
