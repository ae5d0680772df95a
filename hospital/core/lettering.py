"""Text on PDF paper: each letter in a font that draws it, without a font file of ours.

The CID font STSong-Light is named, not embedded: every PDF reader brings it along, so
Chinese shows. Latin runs in Helvetica, what neither draws in Bitstream Vera, and what no
font has loses its accents at last.
"""

import re
import unicodedata
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

CHINESE, LATIN, LATIN_BOLD, OTHER = (
    "STSong-Light",
    "Helvetica",
    "Helvetica-Bold",
    "Vera",
)
MISSING = "□"
# Control characters, and those that turn the direction of what follows.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@cache
def other_font() -> TTFont:
    """Return the font of last resort; all fonts are registered from then on."""
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
    font = TTFont(OTHER, "Vera.ttf")  # reportlab brings the file
    pdfmetrics.registerFont(font)
    return font


def mixed(text: str) -> str:
    """Return reportlab's markup with each script in the font that can draw it."""
    return "".join(
        escape(run) if font == LATIN else f'<font name="{font}">{escape(run)}</font>'
        for font, run in runs(text)
    )


def runs(text: str) -> list[tuple[str, str]]:
    """Return the text as pieces, each with the font that draws it."""
    letters = [drawn(letter) for letter in CONTROL.sub("", text)]
    return [
        (font, "".join(letter for _font, letter in run))
        for font, run in groupby(letters, key=lambda pair: pair[0])
    ]


def drawn(letter: str) -> tuple[str, str]:
    """Return the font that draws a letter, and the letter; its base at last."""
    if _encodes(letter, "cp1252"):
        return LATIN, letter
    if _encodes(letter, "gbk"):
        return CHINESE, letter
    if ord(letter) in other_font().face.charToGlyph:
        return OTHER, letter
    base = unicodedata.normalize("NFD", letter)[0]
    return drawn(base) if base != letter else (CHINESE, MISSING)


def width(text: str, *, size: float) -> float:
    """Return how wide a line of the text is, in points."""
    other_font()
    return sum(pdfmetrics.stringWidth(run, font, size) for font, run in runs(text))


def shortened(text: str, *, size: float, room: float) -> str:
    """Return the text, with dots for its end where it is wider than the room."""
    if width(text, size=size) <= room:
        return text
    while text and width(f"{text}…", size=size) > room:
        text = text[:-1]
    return f"{text}…"


def draw(canvas: Canvas, text: str, *, size: float, center: bool = False) -> None:
    """Draw one line at the origin, each script in the font that can draw it."""
    other_font()
    place = -width(text, size=size) / 2 if center else 0.0
    for font, run in runs(text):
        canvas.setFont(font, size)
        canvas.drawString(place, 0, run)
        place += pdfmetrics.stringWidth(run, font, size)


def _encodes(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
