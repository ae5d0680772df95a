"""Texts of pure packages in the reader's language."""

from django.utils.translation import gettext

from hospital.core.phrases import Phrase


def said(text: str) -> str:
    """Return a phrase in the active language, its values likewise; other texts as is."""
    if not isinstance(text, Phrase):
        return text
    values = {
        name: said(value) if isinstance(value, str) else value
        for name, value in text.values
    }
    return gettext(text.template) % values


def why(error: Exception) -> str:
    """Return what an error of a pure package tells, in the active language."""
    told = error.args[-1] if error.args else ""
    return said(told) if isinstance(told, Phrase) else str(error)
