"""Texts of pure packages that know their parts, so that they can be said in any language.

Standard library only. `hospital.core.saying` says them.
"""

Value = str | int


class Phrase(str):
    """A text that knows its template and values: what errors and their parts are told in.

    Attributes:
        template: The English text with its values left open, for translators.
        values: What fills it; phrases among them are said in their own turn.
    """

    __slots__ = ("template", "values")
    template: str
    values: tuple[tuple[str, Value], ...]


def phrase(template: str, **values: Value) -> Phrase:
    """Return the text of these values; translators find the template by this name."""
    told = Phrase(template % values)
    told.template, told.values = template, tuple(values.items())
    return told
