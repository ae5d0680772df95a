"""The pure room's sentences in the reader's language.

The room gives a template and its values apart. Values that are words themselves (dates,
weekdays, seasons, the names of rules) are said in the reader's language too.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.solver.errors import FormatError, SolverError
from scheduling.solver.message import Message, Phrase, Value, apart

SEASONS = {
    "winter": gettext_lazy("winter"),
    "spring": gettext_lazy("spring"),
    "summer": gettext_lazy("summer"),
    "autumn": gettext_lazy("autumn"),
}
A_MONDAY = date(2026, 6, 1)

Told = Value | Mapping[str, Any]  # Any: a phrase as JSON keeps it


def said(template: str, values: Iterable[tuple[str, Told]]) -> str:
    """Return a template filled with its values, all in the reader's language."""
    return _(template) % {name: _word(name, value) for name, value in values}


def sentence(told: Mapping[str, Any]) -> str:  # Any: a template and its values, as JSON
    """Return a sentence that came as JSON."""
    return said(told["template"], told["values"].items())


def sentence_of(told: Message) -> str:
    """Return a message as a sentence."""
    return said(told.template, told.values)


def as_told(told: Message) -> dict[str, Any]:  # Any: as `sentence` takes it
    """Return a message as JSON keeps it, to be said to whoever reads it later."""
    return apart(told.template, told.values)


def why_refused(error: SolverError) -> str:
    """Return what the room refuses, with the line that is to blame."""
    told = error.told
    if isinstance(told, Phrase):
        told = said(told.template, told.values)
    told = told.encode(errors="backslashreplace").decode()
    if isinstance(error, FormatError) and error.line:
        return _("line %(line)d: %(why)s") % {"line": error.line, "why": told}
    return told


def refused_sentence(told: Mapping[str, Any]) -> str:  # Any: as a child tells an error
    """Return what a child refused, with the line that is to blame."""
    text = sentence(told)
    if not told["line"]:
        return text
    return _("line %(line)d: %(why)s") % {"line": told["line"], "why": text}


def named(text: str) -> str:
    """Return the name of a rule, where translators know it."""
    return _(text) if text else ""


def weekday_name(weekday: int) -> str:
    """Return the name of a weekday, 0 for Monday."""
    return formats.date_format(A_MONDAY + timedelta(days=weekday), "l")


def weekday_and_day(on: date) -> str:
    """Return a day of a roster in few words, with its weekday, as lists show it."""
    return formats.date_format(on, _("D j M"))


def day_in_short(on: date) -> str:
    """Return a day of a roster in the fewest words."""
    return formats.date_format(on, _("j M"))


def season_name(season: str) -> str:
    return str(SEASONS[season])


def _word(name: str, value: Told) -> Value:
    if isinstance(value, Phrase):
        return said(value.template, value.values)
    if isinstance(value, Mapping):
        return sentence(value)
    return WORDS[name](str(value)) if name in WORDS else value


def _day(text: str) -> str:
    """Return a day as it is written here; what is no day stays."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return text
    return formats.date_format(on, "SHORT_DATE_FORMAT")


def _days(text: str) -> str:
    return ", ".join(_day(one) for one in text.split(", ") if one)


def _group(text: str) -> str:
    return text or _("Everybody")


WORDS: Mapping[str, Callable[[str], str]] = {
    "date": _day,
    "first": _day,
    "last": _day,
    "dates": _days,
    "rule": named,
    "what": named,
    "skill": named,
    "other_rule": named,
    "weekday": lambda text: weekday_name(int(text)),
    "season": season_name,
    "group": _group,
}
