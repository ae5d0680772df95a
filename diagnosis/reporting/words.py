"""Numbers in words, in the reader's language; a dash where there is none."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _

DASH = "–"


def number(value: float | None) -> str:
    """Return a figure to three places."""
    return DASH if value is None else str(number_format(round(value, 3), 3))


def signed(value: float | None) -> str:
    """Return a difference with its sign."""
    if value is None:
        return DASH
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number_format(round(abs(value), 3), 3)}"


def whole(value: float) -> str:
    """Return a count."""
    return str(number_format(int(value), 0))


def share(value: float) -> str:
    """Return a share in per cent."""
    return f"{number_format(round(100 * value, 1), 1)} %"


def with_interval(value: float | None, interval: Sequence[float] | None) -> str:
    """Return a figure with its interval."""
    if value is None or not interval:
        return number(value)
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": number(value),
        "low": number(interval[0]),
        "high": number(interval[1]),
    }


def ends(interval: Sequence[float] | None, *, is_signed: bool = False) -> list[str]:
    """Return both ends of an interval."""
    if not interval:
        return [DASH, DASH]
    return [signed(end) if is_signed else number(end) for end in interval]


def table(points: Sequence[Sequence[float]]) -> list[list[str]]:
    """Return points as rows."""
    return [[number(value) for value in point] for point in points]
