"""A sentence with its parts kept apart, so that it can be said in any language."""

from collections.abc import Iterable
from dataclasses import dataclass

from hospital.core.phrases import Phrase, Value, phrase

__all__ = ["Message", "Phrase", "Value", "apart", "hours", "message", "phrase"]

MINUTES_AN_HOUR = 60


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


def hours(minutes: int) -> str:
    """Return minutes of work as people are told them: 7.5 of 450."""
    return f"{round(minutes / MINUTES_AN_HOUR, 2):g}"


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
