"""The age that somebody says, in years."""

import re
from collections.abc import Iterable

_YEARS = re.compile(
    r"(?<![\d.])(\d{1,3}) (?:years? old|year olds?|y o|yo|yrs old)(?!\S)|(?<!\S)(?:aged?|i am) (\d{1,3})(?! ?(?:weeks|months|%|kg|pounds|cm))(?!\S)|(\d{1,3}) ?(?:周)?岁"
)
_MONTHS = re.compile(
    r"(?<![\d.])(\d{1,2}) months? old|(\d{1,2}) ?个?(?:多)?月(?:大|的?(?:宝宝|孩子|婴儿|娃|女儿|儿子))"
)
_WEEKS = re.compile(r"(?<![\d.])(\d{1,2}) (?:weeks?|days?) old|(\d{1,2}) ?(?:天|周)大")
MONTHS, WEEKS, OLDEST = 12, 52, 120


def age_in(sentences: Iterable[str]) -> float | None:
    """Return the first age that is said, in years; none when nobody says one."""
    for text in sentences:
        for regex, parts in ((_MONTHS, MONTHS), (_WEEKS, WEEKS), (_YEARS, 1)):
            match = regex.search(text)
            if match:
                number = int(next(group for group in match.groups() if group))
                return number / parts if number <= OLDEST else None
    return None
