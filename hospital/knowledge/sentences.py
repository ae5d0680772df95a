"""A passage cut into the sentences that an answer may quote."""

import re

# A full stop ends an English sentence where a space and a capital, digit or quote follow.
_ENGLISH_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’)]))\s+(?=[\"“‘(]?[A-Z0-9{])")
_CHINESE_END = re.compile(r"(?<=[。！？；])(?![”’」）])|(?<=[。！？；][”’」）])")


def sentences(text: str, *, lang: str) -> tuple[str, ...]:
    """Return the sentences of a text, verbatim and in order; a line never runs on.

    Args:
        text: Plain text without markup.
        lang: `en` or `zh`.
    """
    end = _CHINESE_END if lang == "zh" else _ENGLISH_END
    return tuple(
        piece.strip()
        for line in text.splitlines()
        for piece in end.split(line)
        if piece.strip()
    )
