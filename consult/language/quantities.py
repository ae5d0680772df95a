"""The quantities of a sentence: each number with its unit, its bound and how often.

`500 mg`, `500毫克`, `five hundred milligrams` and `0.5 g` are written apart on purpose: only
spelling is evened out, never arithmetic. A quantity that was changed is another one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_WORDS_EN = {
    word: str(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "hundred": "100",
    "thousand": "1000",
    "half": "0.5",
    "a": "1",
    "an": "1",
}
_DIGITS_ZH = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "〇": 0,
}
_SCALES_ZH = {"十": 10, "百": 100, "千": 1000, "万": 10_000}

# What a unit is written as; longer spellings first within the pattern.
_UNITS = {
    "mg": ["milligrams", "milligram", "mg", "毫克"],
    "g": ["grams", "gram", "g", "克"],
    "kg": ["kilograms", "kilogram", "kilos", "kg", "公斤", "千克"],
    "ug": ["micrograms", "microgram", "mcg", "μg", "ug", "微克"],
    "ml": ["millilitres", "milliliters", "millilitre", "milliliter", "ml", "毫升"],
    "l": ["litres", "liters", "litre", "liter", "升"],
    "iu": ["international units", "units", "unit", "iu", "国际单位", "单位"],
    "tablet": ["tablets", "tablet", "片"],
    "capsule": ["capsules", "capsule", "粒"],
    "drop": ["drops", "drop", "滴"],
    "puff": ["puffs", "puff", "喷", "吸"],
    "time": ["times", "time", "次"],
    "dose": ["doses", "dose", "剂"],
    "cup": ["cups", "cup", "glasses", "glass", "杯"],
    "spoon": ["teaspoons", "teaspoon", "tablespoons", "tablespoon", "勺"],
    "second": ["seconds", "second", "秒"],
    "minute": ["minutes", "minute", "分钟"],
    "hour": ["hours", "hour", "hourly", "个小时", "小时", "个钟头"],
    "day": ["days", "day", "天", "日"],
    "week": ["weeks", "week", "个星期", "星期", "个礼拜", "礼拜", "周"],
    "month": ["months", "month", "个月", "月"],
    "year": ["years", "year", "年"],
    "aged": ["years old", "years of age", "year olds", "year old", "周岁", "岁"],
    "%": ["percent", "per cent", "%", "％"],
    "°c": ["degrees celsius", "degrees c", "°c", "℃", "摄氏度", "度"],
    "°f": ["degrees fahrenheit", "degrees f", "°f", "华氏度"],
    "mmhg": ["mmhg", "mm hg", "毫米汞柱"],
    "mmol": ["mmol/l", "mmol", "毫摩尔每升", "毫摩尔"],
    "cm": ["centimetres", "centimeters", "cm", "厘米"],
    "m": ["metres", "meters", "metre", "meter", "米"],
    "kcal": ["kilocalories", "calories", "kcal", "千卡", "大卡"],
    "in": ["out of", "in", "人中有", "个人里有", "个人中有", "人里有"],
    "fold": ["fold", "倍"],
}
_CANONICAL = {word: unit for unit, words in _UNITS.items() for word in words}
_MORE_BEFORE = r"at least|more than|older than|over|above|aged over|minimum of|not less than|no less than|>=?|≥|超过|大于|高于|至少|不少于|不低于|满"
_LESS_BEFORE = r"no more than|not more than|less than|at most|under|below|younger than|fewer than|up to|within|maximum of|<=?|≤|不超过|不到|不足|少于|低于|小于|最多|至多"
_MORE_BEHIND = r"or more|or over|or older|or above|or higher|and over|and above|and older|及以上|或以上|以上"
_LESS_BEHIND = r"or less|or fewer|or under|or younger|or below|or lower|and under|and below|及以下|或以下|以下|以内|之内"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or a span of them, with what it counts and where it stands."""

    text: str  # `4~6 hour >`: the same text, the same quantity
    start: int
    end: int


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text in lower case, in their order."""
    found = [*_often(text), *_numbers(text)]
    taken: list[Quantity] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if not taken or each.start >= taken[-1].end:
            taken.append(each)
    return tuple(taken)


def _often(text: str) -> Iterator[Quantity]:
    """Yield `twice` and `a day` where they say how often."""
    for match in _PER.finditer(text):
        period = next(group for group in match.groups() if group)
        yield Quantity(f"per {_CANONICAL.get(period, period)}", *match.span())
    for match in _COUNT.finditer(text):
        count = "1" if match[1] == "once" else "2"
        yield Quantity(f"{count} time", *match.span())


def _numbers(text: str) -> Iterator[Quantity]:
    for match in _number().finditer(text):
        unit = _CANONICAL.get(match["unit"] or "", "")
        if not unit and not match["first"][0].isdigit():
            continue  # `one of`, `一直`: words, which must stand in the passage as such
        numbers = "~".join(
            _value(word) for word in match.group("first", "last") if word
        )
        bound = ">" if match["more"] or match["more_behind"] else ""
        bound = "<" if match["less"] or match["less_behind"] else bound
        yield Quantity(" ".join(filter(None, (numbers, unit, bound))), *match.span())


def _value(word: str) -> str:
    """Return a number's digits: `two`, `两` and `2.0` are `2`."""
    word = word.replace(",", "")
    if word[0].isdigit():
        return f"{float(word):g}"
    return _WORDS_EN.get(word) or _chinese(word)


def _chinese(word: str) -> str:
    if word in {"半", "几"}:
        return "0.5" if word == "半" else word
    total = digit = 0
    for sign in word:
        if sign in _SCALES_ZH:
            total += (digit or 1) * _SCALES_ZH[sign]
            digit = 0
        elif sign in _DIGITS_ZH:
            digit = digit * 10 + _DIGITS_ZH[sign]
        else:
            return word
    return str(total + digit)


_COUNT = re.compile(r"\b(once|twice)(?= (?:a|per|each|every|daily|weekly)\b)")
_HOW_MANY_ZH = (
    r"[吃服用喝]{0,2}[\d一二两三四五六七八九十半几]+ ?(?:次|片|粒|毫克|毫升|滴)"
)
_PER = re.compile(
    r"\b(?:a|per|each|every) (day|week|hour|month|year|night|morning|evening)\b"
    r"|\b(daily|weekly|monthly|yearly)\b"
    r"|每(天|日|周|星期|月|年|小时|晚)|(?<=次)/(天|日|周)"
    rf"|(?<![\d一二两三四五六七八九十几])一(天|日|周)(?={_HOW_MANY_ZH})"
)
_CANONICAL |= {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}


@cache
def _number() -> re.Pattern[str]:
    units = sorted(_CANONICAL, key=len, reverse=True)
    latin = "|".join(re.escape(unit) for unit in units if unit[0].isascii())
    others = "|".join(re.escape(unit) for unit in units if not unit[0].isascii())
    words = "|".join(sorted(_WORDS_EN, key=len, reverse=True))
    number = (
        r"(?:\d+(?:,\d{3})*(?:\.\d+)?"
        rf"|\b(?:{words})\b|[零〇一二两三四五六七八九十百千万半几]+)"
    )
    joined = r"(?: ?[-–—~～/] ?| to | or | and |到|至|或)"
    return re.compile(
        rf"(?:(?P<more>{_MORE_BEFORE}) ?)?(?:(?P<less>{_LESS_BEFORE}) ?)?"
        rf"(?P<first>{number})(?:{joined}(?P<last>{number}))?"
        rf"(?: ?-?(?P<unit>(?:{latin})(?![a-z])|{others}))?"
        rf"(?: ?(?P<more_behind>{_MORE_BEHIND}))?"
        rf"(?: ?(?P<less_behind>{_LESS_BEHIND}))?"
    )
