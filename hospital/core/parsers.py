"""JSON from programs: what no row and no answer could hold is refused, not a fault."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

# Escapes of half a character, or of the one that PostgreSQL's texts cannot hold.
SUSPICIOUS = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")
NUL = "\0"


class SoundJSONParser(JSONParser):
    """Reads JSON whose nesting and characters can be worked with."""

    def parse(
        self,
        stream: Any,  # Any: whatever the server gives to be read
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the JSON says.

        Raises:
            ParseError: It is no JSON, is nested too deeply, or holds a character that
                is none.
        """
        raw = stream.read()
        try:
            data = super().parse(io.BytesIO(raw), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        if SUSPICIOUS.search(raw) and not all(map(_is_text, strings(data))):
            raise ParseError(_("The JSON holds a character that no text can hold."))
        return data


def strings(data: object) -> Iterator[str]:
    """Yield every string of a JSON value, names of members too."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return NUL not in text
