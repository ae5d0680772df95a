"""The age that somebody says, in years."""

import re
from collections.abc import Iterable

_SAID = r"(?<![\d.零一二两三四五六七八九十])(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_YEARS = re.compile(
    r"(?<![\d.])(\d{1,3}) (?:years? old|year olds?|y o|yo|yrs old)(?!\S)|(?<!\S)(?:aged?|i am) (\d{1,3})(?! ?(?:weeks|months|%|kg|pounds|cm))(?!\S)|"
    rf"{_SAID} ?(?:周)?岁|"
    r"(?<!\S)my (?:son|daughter|boy|girl|child|kid|dad|father|mum|mom|mother|grandma|grandpa|grandmother|grandfather|husband|wife) ?,? ?\(?(\d{1,3})(?=\)? ?(?:,|$|[a-z]))(?! ?(?:times|days|weeks|months|hours|minutes|years ago|kg|mg|%|of|or|to|stitches))"
)
_MONTHS = re.compile(
    r"(?<![\d.])(\d{1,2}) months? old|"
    rf"{_SAID} ?个?(?:多)?月(?:大|的?(?:宝宝|孩子|婴儿|娃|女儿|儿子))|"
    r"(?:宝宝|孩子|婴儿|娃|女儿|儿子)[,，]?(?:才|刚|今年)? ?(\d{1,2}|[一二两三四五六七八九十]{1,2}) ?个多?月"
)
_WEEKS = re.compile(rf"(?<![\d.])(\d{{1,2}}) (?:weeks?|days?) old|{_SAID} ?(?:天|周)大")
_DIGITS = {"两": 2} | {name: n for n, name in enumerate("一二三四五六七八九", start=1)}
MONTHS, WEEKS, OLDEST = 12, 52, 120


def age_in(sentences: Iterable[str]) -> float | None:
    """Return the first age that is said, in years; none when nobody says one."""
    for text in sentences:
        for regex, parts in ((_MONTHS, MONTHS), (_WEEKS, WEEKS), (_YEARS, 1)):
            match = regex.search(text)
            if match:
                number = _number(next(group for group in match.groups() if group))
                return number / parts if number <= OLDEST else None
    return None


def _number(said: str) -> int:
    """Return a number in digits, or in Chinese up to 99."""
    if said.isdecimal():
        return int(said)
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return _DIGITS[said[0]]
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
