"""What a message may hold: text that can be shown, and not more than can be read."""

import unicodedata

from django.utils.translation import gettext as _

from consult.dialogue.request import MOST_BYTES
from hospital.core.errors import InvalidInput

# Marks that turn the direction of what follows: they can make a text look like another.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT = frozenset("\n\t")


def clean(text: str) -> str:
    """Return a message without control characters, line ends alike, trimmed.

    Raises:
        InvalidInput: Nothing readable is left, or it is longer than 50 KB.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise InvalidInput(
            _("The message is longer than 50 KB. Send the part that matters most."),
            code="message_too_long",
            status=413,
            fields={"text": [_("At most 50 KB.")]},
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(character for character in lines if _is_shown(character)).strip()
    if not any(not character.isspace() for character in kept):
        raise InvalidInput(
            _("Write a message first."),
            code="message_empty",
            fields={"text": [_("This may not be empty.")]},
        )
    return kept


def title_of(text: str, *, length: int = 80) -> str:
    """Return the beginning of a message as one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _is_shown(character: str) -> bool:
    if character in _KEPT:
        return True
    return character not in _TURNING and unicodedata.category(character) not in {
        "Cc",
        "Cs",
    }
