"""Whether somebody wants a report explained, and whether a message holds one."""

import re
import tomllib
from functools import cache
from pathlib import Path

from consult.language.concepts_read import Reading
from consult.language.patterns import Pattern, compile_pattern

_TABLE = Path(__file__).with_name("wishes.toml")
# How the parts of a report are headed; two of them, or one and a wish, make a report.
_HEADING = re.compile(
    r"^\W{0,4}(?:impressions?|findings?|conclusions?|technique|comparison|indication"
    r"|clinical (?:history|information|indication)|diagnosis"
    r"|影像(?:所见|表现|诊断|学表现|学诊断)|检查(?:所见|结论|提示|方法)|诊断(?:意见|印象|结论)"
    r"|印象|结论|超声(?:所见|提示)|病理诊断|放射学(?:表现|诊断)|ct ?(?:表现|所见|诊断))\s*[:：\n]",
    re.IGNORECASE | re.MULTILINE,
)
LONG = 120  # characters: more than a question


def wants_explanation(reading: Reading) -> bool:
    """Whether a report of one's own, or one that is shown, should be explained."""
    return _is_asked("explain", reading)


def asks_for_newest(reading: Reading) -> bool:
    """Whether of several the newest is meant."""
    return _is_asked("newest", reading)


def is_report(text: str, *, is_wished: bool) -> bool:
    """Whether a message holds the text of a report.

    Args:
        text: As it was written, in simplified characters.
        is_wished: Whether an explanation is asked for besides.
    """
    headings = len(_HEADING.findall(text))
    return headings > 1 or (is_wished and (headings > 0 or len(text) > LONG))


def _is_asked(name: str, reading: Reading) -> bool:
    return any(
        pattern.may_be_in(sentence.keys) and pattern.regex.search(sentence.text)
        for sentence in reading.sentences
        for pattern in _patterns()[name]
    )


@cache
def _patterns() -> dict[str, list[Pattern]]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {name: [compile_pattern(each) for each in table[name]] for name in table}
