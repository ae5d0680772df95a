"""Which of the two languages a message is written in."""

import re
from typing import Literal

Language = Literal["en", "zh"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-z]+")
HAN_PER_WORD = 1.5  # a Chinese word has about one and a half characters
_OPENS_IN_HAN = re.compile(
    rf"\W*[{HAN}]{{4}}"
)  # `请解读我的报告` before an English title


def detect_language(text: str, *, default: Language = "en") -> Language:
    """Return the language that a text opens in, if that is Chinese, else the larger share.

    Args:
        text: Any text; letters of neither script decide nothing.
        default: What a text without letters counts as.
    """
    han = len(_HAN.findall(text)) / HAN_PER_WORD
    words = len(_WORD.findall(text))
    if not han and not words:
        return default
    return "zh" if han >= words or _OPENS_IN_HAN.match(text) else "en"
