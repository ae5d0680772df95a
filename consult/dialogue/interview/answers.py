"""What an answer comes to, in free words or by a tap; nothing when it answers something else."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any  # Any: a table as its file has it

from consult.language.detect import HAN
from consult.language.normalize import normalize
from consult.safety.ages import OLDEST, age_in

_TABLE = Path(__file__).parent / "data" / "answers.toml"
_DIGITS = {
    character: number for number, character in enumerate("零一二三四五六七八九十")
} | {"两": 2, "半": 0}
_NUMERAL = re.compile("[零一二两三四五六七八九十]{1,3}")
_NUMBER = re.compile(r"\d{1,3}")
_MONTHS = re.compile(r"month|个?月")
_TIME = re.compile(
    r"[\d一二两三四五六七八九十几半] ?(?:个?(?:天|日|周|星期|礼拜|月|年|小时|钟头|分钟)|(?:hour|day|week|month|year|minute)s?\b)"
)
_RANGE = re.compile(r"(\d{1,2})\s*(?:-|~|到|to)\s*(\d{1,2})")
_SEX_TOLD = re.compile(
    r"\d ?(?:years? old|year olds?|yo|y o|岁) ?,? ?的?(female|male|woman|man|girl|boy|女|男)"
)
_ENDS_WORD = r"(?=$|[ ,.!?;。！？；、的了啊呀吧哦过诶嘛])"
SHORT_CHARACTERS = 6
_MARKS = " .!,;。！，；~～"
WORST = 10
GRADES = {"mild": 2, "moderate": 5, "severe": 8}
COURSES = ("worse", "better", "changing", "same")
_NOT_ONSET = r"(?! ?(?:pregnant|old|of pregnancy|gestation|大|孕))"


def yes_or_no(text: str) -> str:
    """Return `yes`, `no` or `unsure`; empty when the words begin with none of them."""
    said = normalize(text)
    for name in ("unsure", "no", "yes"):
        if _beginning(name).match(said):
            return name
    alone = said.strip(" .!,")
    return "yes" if alone in _table()["yes_alone"]["en"] else ""


def is_only_yes_or_no(text: str) -> bool:
    """Whether nothing is said but yes, no or unsure: of that no library says anything."""
    said = normalize(text).strip(_MARKS).rstrip("的了啊呀吧哦呢")
    return any(
        said in _table()[name][language]
        for name in ("yes", "no", "unsure")
        for language in ("en", "zh")
    )


def asks_something(text: str) -> bool:
    """Whether the person asks in turn."""
    return _any_of("asks", text)


def age_of(text: str) -> float | None:
    """Return the years of an answer to `how old`; months count as parts."""
    said = normalize(text)
    told = age_in([said])
    number = _number(said)
    if told is not None or number is None:
        return told
    years = number / 12 if _MONTHS.search(said) else float(number)
    return years if years <= OLDEST else None


def sex_of(text: str) -> str:
    """Return the sex of an answer; empty when none is named."""
    return next(
        (name for name in ("female", "male", "other") if _any_of(name, text)), ""
    )


def sex_told(text: str) -> str:
    """Return the sex that is told beside an age, `34 year old woman`."""
    match = _SEX_TOLD.search(normalize(text))
    return sex_of(match.group(1)) if match else ""


def onset_of(text: str) -> str:
    """Return the words that say since when; empty when none do."""
    match = _onset().search(normalize(text))
    return match.group().strip() if match else ""


def severity_of(text: str) -> int | None:
    """Return how bad it is from 0 to 10."""
    between = _RANGE.search(text)
    if between:
        return min((int(between[1]) + int(between[2])) // 2, WORST)
    if _TIME.search(text):
        return None  # `three days` is no grade
    number = _number(normalize(text))
    if number is not None and 0 <= number <= WORST:
        return number
    return next((value for name, value in GRADES.items() if _any_of(name, text)), None)


def course_of(text: str) -> str:
    """Return `worse`, `better`, `changing` or `same`; empty when none is said."""
    return next((name for name in COURSES if _any_of(name, text)), "")


def _number(said: str) -> int | None:
    match = _NUMBER.search(said)
    if match:
        return int(match.group())
    numeral = _NUMERAL.search(said)
    return _value(numeral.group()) if numeral else None


def _value(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _DIGITS[numeral[0]]
    return (_DIGITS[tens[0]] if tens else 1) * WORST + (_DIGITS[ones[0]] if ones else 0)


def _any_of(name: str, text: str) -> bool:
    entry, said = _table()[name], normalize(text)
    return bool(re.search(entry["en"], said) or re.search(entry["zh"], said))


@cache
def _beginning(name: str) -> re.Pattern[str]:
    entry = _table()[name]
    english = "|".join(map(re.escape, sorted(entry["en"], key=len, reverse=True)))
    chinese = "|".join(map(re.escape, sorted(entry["zh"], key=len, reverse=True)))
    short = f"(?=[{HAN}]{{0,{SHORT_CHARACTERS}}}(?:$|\\W))"
    return re.compile(
        rf"(?:(?:well|oh|um|er|hm|呃|额|哦) ?,? ?)?(?:(?:{english})(?!\S)|(?:{chinese})(?:{_ENDS_WORD}|{short}))"
    )


@cache
def _onset() -> re.Pattern[str]:
    entry = _table()["onset"]
    return re.compile(
        rf"(?<!\S){entry['en']}(?!\S){_NOT_ONSET}|(?<!孕){entry['zh']}{_NOT_ONSET}"
    )


@cache
def _table() -> dict[str, Any]:  # Any: as tomllib gives it
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
