"""Whether a sentence counts more tablets than any single dose has."""

import re
from functools import cache

from consult.language.medicines import medicines, tablets

MANY_PILLS = 8  # above every single dose on sale; below what poisons of common tablets
VERY_MANY_PILLS = 16  # of whatever kind, named or not: no course is told like this
MOST_PILLS = 100  # before a bare name; above it people leave out the milligrams
_NUMBER = (
    r"(?<![\d.])(?<!\bat )(?<!\bb )(\d{1,4}|ten|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|sixty|hundred|十几|二十|三十|四十|五十|几十|上百|一百)"
    r"(?![\d.])(?! ?(?:mg|mcg|ug|ml|g|iu|units?|毫克|微克|毫升|克|单位)(?![a-z]))"
)
_PIECES = re.compile(
    _NUMBER + r" ?(?:\S+ ){0,3}?(?:多)?"
    r"(?:\S{0,6}(?:pills?|tablets?|capsules?|gummies)|个?(?:片|颗|粒|枚))"
)
_TAKEN = re.compile(
    rf"(?:\b(?:took|swallowed|popped|downed) |吞了|吃了) ?{_PIECES.pattern}"
)


def has_many_pieces(text: str) -> bool:
    """Return whether many are counted by a word for pieces: `30 iron pills`."""
    return any(
        not match[1].isdigit() or int(match[1]) >= MANY_PILLS
        for match in _PIECES.finditer(text)
    )


def has_many_at_once(text: str) -> bool:
    """Return whether many are plainly taken: `50 xanax`, `I swallowed 30 pills`."""
    return any(_is_count(match) for match in _by_name().finditer(text)) or any(
        not match[1].isdigit() or int(match[1]) >= VERY_MANY_PILLS
        for match in _TAKEN.finditer(text)
    )


def _is_count(match: re.Match[str]) -> bool:
    """Whether a number before a name counts pieces and is no strength: `81 aspirin`."""
    if not match[1].isdigit():
        return True
    number = int(match[1])
    strengths = medicines()["strengths"].get(match[2], ())
    return MANY_PILLS <= number <= MOST_PILLS and number not in strengths


@cache
def _by_name() -> re.Pattern[str]:
    longest = sorted(tablets(), key=len, reverse=True)
    latin = "|".join(re.escape(each) for each in longest if each.isascii())
    others = "|".join(re.escape(each) for each in longest if not each.isascii())
    return re.compile(
        _NUMBER + rf" ?[多个]?(?:of (?:(?:the|my|her|his) )?)?"
        rf"(\b(?:{latin})(?=s?\b)|{others})(?!s? ?(?:mg|mcg|毫克))"
    )
