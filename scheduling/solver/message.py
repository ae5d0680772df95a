"""A sentence with its parts kept apart, so that it can be said in any language."""

from collections.abc import Iterable
from dataclasses import dataclass

Value = str | int


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence.

    Attributes:
        code: What kind of thing it says, for programs.
        template: The English sentence with its values left open, for translators.
        values: What fills the template.
    """

    code: str
    template: str
    values: tuple[tuple[str, Value], ...]

    @property
    def text(self) -> str:
        return self.template % dict(self.values)


def message(code: str, template: str, **values: Value) -> Message:
    """Return the sentence of these values."""
    return Message(code, template, tuple(values.items()))


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


def apart(template: str, values: Iterable[tuple[str, Value]]) -> dict[str, object]:
    """Return a template and its values as JSON takes them, phrases among them likewise."""
    return {
        "template": template,
        "values": {
            name: apart(value.template, value.values)
            if isinstance(value, Phrase)
            else value
            for name, value in values
        },
    }
