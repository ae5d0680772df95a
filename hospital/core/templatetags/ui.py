"""What templates need to speak with one voice: icons, states, likelihood, age, time."""

import json
from datetime import date, datetime, timedelta
from typing import Protocol

import lucide
from django import template
from django.http import QueryDict
from django.template import Context
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

register = template.Library()


class Estimate(Protocol):
    """A share or a difference of shares, and the ends of its interval."""

    @property
    def value(self) -> float: ...

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...


# Tone and icon of every state the platform shows; a chip is never colour alone.
LOOKS = {
    "stat": ("danger", "siren"),
    "routine": ("outline", "minus"),
    "received": ("outline", "inbox"),
    "queued": ("info", "clock"),
    "running": ("info", "loader"),
    "read": ("accent", "sparkles"),
    "reported": ("warning", "pencil-line"),
    "signed": ("success", "badge-check"),
    "succeeded": ("success", "circle-check"),
    "accepted": ("success", "check"),
    "corrected": ("warning", "pencil"),
    "rejected": ("danger", "x"),
    "failed": ("danger", "triangle-alert"),
    "cancelled": ("outline", "ban"),
    "abstained": ("warning", "circle-question-mark"),
    "asked": ("info", "clock"),
    "offered": ("info", "clock"),
    "approved": ("success", "circle-check"),
    "done": ("success", "circle-check"),
    "declined": ("danger", "x"),
    "refused": ("danger", "x"),
    "withdrawn": ("outline", "undo-2"),
    "closed": ("outline", "ban"),
    "draft": ("warning", "pencil-line"),
    "in_review": ("info", "clock"),
    "published": ("success", "megaphone"),
    "retired": ("outline", "archive"),
    "locked": ("outline", "lock"),
    "optimal": ("success", "trophy"),
    "feasible": ("info", "circle-check"),
    "infeasible": ("danger", "octagon-x"),
    "unknown": ("outline", "circle-question-mark"),
}
JUST_NOW = timedelta(minutes=1)
PLAIN_LOOK = ("outline", "circle")
SILENT = {"aria_hidden": "true", "focusable": "false"}

# Words for a probability, by its lower bound (UX: the word, and the number).
LIKELIHOOD = (
    (0.95, _("very likely")),
    (0.65, _("likely")),
    (0.35, _("uncertain")),
    (0.05, _("unlikely")),
    (0.0, _("very unlikely")),
)


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """Return a lucide icon as inline SVG, silent to screen readers.

    A name that the library does not have (a registered app's mistake) draws a circle: a
    page is worth more than its icon. A test finds such names in our own templates.
    """
    try:
        svg = lucide._render_icon(str(name) + "", size, **SILENT)  # noqa: SLF001
    except lucide.IconDoesNotExist:
        svg = lucide._render_icon("circle", size, **SILENT)  # noqa: SLF001
    return mark_safe(svg)  # noqa: S308 (drawn by the icon library)


@register.filter
def tone(state: str) -> str:
    """Return the tone of a state's chip."""
    return LOOKS.get(str(state), PLAIN_LOOK)[0]


@register.filter
def sign(state: str) -> str:
    """Return the icon name of a state's chip."""
    return LOOKS.get(str(state), PLAIN_LOOK)[1]


@register.filter
def likelihood(probability: float) -> str | Promise:
    """Return the word for a probability in [0, 1]."""
    return next(word for bound, word in LIKELIHOOD if probability >= bound)


@register.filter
def percent(probability: float | None) -> str:
    """Return a probability as whole percent; never 0 % or 100 % for what is not."""
    if probability is None:
        return ""
    if 0.0 < probability < 0.01:
        return "<1 %"
    if 0.99 < probability < 1.0:
        return ">99 %"
    return f"{round(probability * 100)} %"


@register.filter
def estimate(found: Estimate | None) -> str:
    """Return a share with what chance leaves it: `82 % (61 to 93)`; a dash for none."""
    if found is None:
        return "–"
    numbers = {
        name: formats.number_format(round(100 * getattr(found, name)))
        for name in ("value", "low", "high")
    }
    return gettext("%(value)s %% (%(low)s to %(high)s)") % numbers


@register.filter
def age(birth_date: date | None) -> str:
    """Return a person's age in years, in months before the second birthday."""
    if birth_date is None:
        return ""
    today = timezone.localdate()
    months = (today.year - birth_date.year) * 12 + today.month - birth_date.month
    months -= today.day < birth_date.day
    if months < 24:
        return ngettext("%d month", "%d months", max(months, 0)) % max(months, 0)
    years = months // 12
    return ngettext("%d year", "%d years", years) % years


@register.filter
def relative(moment: datetime | None) -> str:
    """Return how long ago a moment was, in its largest unit."""
    if moment is None:
        return ""
    if timezone.now() - moment < JUST_NOW:
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": timesince(moment, depth=1)}


@register.filter
def absolute(moment: datetime | None) -> str:
    """Return a moment in local time as the reader's language writes it."""
    if moment is None:
        return ""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


@register.simple_tag(takes_context=True)
def sort_query(context: Context, field: str) -> str:
    """Return the query that sorts by a field, or turns the order around."""
    query: QueryDict = context["request"].GET.copy()
    current = query.get("ordering", "") or str(context.get("ordering", ""))
    query["ordering"] = f"-{field}" if current == field else field
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_state(context: Context, field: str) -> str:
    """Return `ascending`, `descending` or `none` for `aria-sort`."""
    query: QueryDict = context["request"].GET
    current = query.get("ordering", "") or str(context.get("ordering", ""))
    return {field: "ascending", f"-{field}": "descending"}.get(current, "none")


@register.filter
def starts_with(path: str, start: str) -> bool:
    """Whether a path lies at or under another, so that its rail link is current."""
    return bool(start) and path.startswith(start)


@register.filter
def json_attribute(value: object) -> str:
    """Return a value as JSON for a `data-` attribute; the template escapes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
