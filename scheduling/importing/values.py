"""What single cells say: numbers, shares, dates, times of day, weekdays, lists."""

import re
import sys
from datetime import date, timedelta
from fractions import Fraction

Value = str | int | float | bool | None

EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, whose 1900 had a 29 February
EXCEL_DATES = (18264, 401768)  # 1950 to 2999: a smaller number is a count, no date
MINUTES_A_DAY = 1440
MINUTES_AN_HOUR = 60
HUNDRED = 100
LEAST_PERCENT = 5  # a bare 5 to 100 is a percentage; nobody has five posts
NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,9})?")
CLOCK = re.compile(r"(\d{1,2})(?:[:.h时点](\d{2}))?(?::(\d{2}))?(?:h|时|点|分)?")
YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
DASHES = re.compile(r"\s*(?:[-–—~～]|至|到|\bto\b)\s*")
SEPARATORS = re.compile(r"[,;、，；\n]+")
UNTIL = re.compile(
    r"(?P<name>.+?)\s*(?:[(（:：]|\buntil\b|有效期至|至)\s*(?:until\s+|至)?"
    r"(?P<date>\d[\d\-/.年月日]{5,})\s*[)）]?"
)
LIMIT = re.compile(
    r"(?P<hours>\d{1,4}(?:\.\d{1,4})?)\s*(?:h|hours?|小时)?\s*(?:in|per|/|每)\s*"
    r"(?P<days>\d{1,3})\s*(?:d|days?|天|日)?"
)
YES = frozenset({"yes", "y", "true", "1", "x", "是", "有", "对", "√", "✓"})
NO = frozenset({"no", "n", "false", "0", "-", "否", "无", "不"})
WEEKDAYS: tuple[frozenset[str], ...] = tuple(
    frozenset({english, english[:3], english[:2], *chinese})
    for english, chinese in (
        ("monday", ("周一", "星期一", "礼拜一", "一", "1")),
        ("tuesday", ("周二", "星期二", "礼拜二", "二", "2", "tues")),
        ("wednesday", ("周三", "星期三", "礼拜三", "三", "3")),
        ("thursday", ("周四", "星期四", "礼拜四", "四", "4", "thur", "thurs")),
        ("friday", ("周五", "星期五", "礼拜五", "五", "5")),
        ("saturday", ("周六", "星期六", "礼拜六", "六", "6")),
        ("sunday", ("周日", "星期日", "星期天", "周天", "礼拜天", "日", "7")),
    )
)
SEVERAL = {
    "every day": range(7),
    "everyday": range(7),
    "daily": range(7),
    "all": range(7),
    "每天": range(7),
    "每日": range(7),
    "weekdays": range(5),
    "weekday": range(5),
    "working days": range(5),
    "工作日": range(5),
    "weekend": range(5, 7),
    "weekends": range(5, 7),
    "周末": range(5, 7),
}


class Unreadable(ValueError):
    """A cell does not say what its column asks for; `code` names the sentence."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(code)
        self.code = code
        self.value = value


def text_of(value: Value) -> str:
    """Return what a cell shows, on one line for single values, without odd characters.

    What another program could not read, and says so by U+FFFD, is a question mark.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    text = str(value).replace("\ufffd", "?")
    kept = (one if one.isprintable() or one == "\n" else " " for one in text)
    return "".join(kept).strip()


def number_of(value: Value) -> float:
    """Return a number; a comma may stand for its point."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) <= sys.float_info.max:  # not what no float holds, nor NaN
            return float(value)
        raise Unreadable("no_number", str(value))
    text = text_of(value)
    if not NUMBER.fullmatch(text):
        raise Unreadable("no_number", text)
    return float(text.replace(",", "."))


def whole_number_of(value: Value) -> int:
    """Return a whole number."""
    number = number_of(value)
    if not number.is_integer():
        raise Unreadable("no_whole_number", text_of(value))
    return int(number)


def share_of(value: Value) -> float:
    """Return a share above 0 and up to 1: 0.5, 50 %, or 50."""
    text = text_of(value)
    is_percent = text.endswith(("%", "％"))
    try:
        number = number_of(text[:-1].strip() if is_percent else value)
    except Unreadable as error:
        raise Unreadable("no_share", text) from error
    if is_percent or LEAST_PERCENT <= number <= HUNDRED:
        number /= HUNDRED
    if not 0 < number <= 1:
        raise Unreadable("no_share", text)
    return number


def date_of(value: Value) -> date:
    """Return a day: written year first or with points, or a spreadsheet's number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        first, last = EXCEL_DATES
        if first <= value <= last:
            return EXCEL_EPOCH + timedelta(days=int(value))
        raise Unreadable("no_date", text_of(value))
    text = text_of(value)
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise Unreadable("no_date", text)
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise Unreadable("no_date", text) from error


def clock_of(value: Value) -> int:
    """Return minutes after midnight: of 07:00, 7, 24:00, or a spreadsheet's 0.29."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 0 <= value < 1 and not float(value).is_integer():
            return round(Fraction(value) * MINUTES_A_DAY)
        if 0 <= value <= MINUTES_A_DAY / MINUTES_AN_HOUR and float(value).is_integer():
            return int(value) * MINUTES_AN_HOUR
        raise Unreadable("no_time", text_of(value))
    text = text_of(value)
    found = CLOCK.fullmatch(text)
    if found is None:
        raise Unreadable("no_time", text)
    minutes = int(found[1]) * MINUTES_AN_HOUR + int(found[2] or 0)
    if int(found[2] or 0) >= MINUTES_AN_HOUR or minutes > MINUTES_A_DAY:
        raise Unreadable("no_time", text)
    return minutes


def times_of(value: Value) -> tuple[int, int]:
    """Return start and end of 22:00-07:00, in minutes after midnight as written."""
    text = text_of(value)
    parts = DASHES.split(text)
    if len(parts) != 2:
        raise Unreadable("no_time", text)
    try:
        return clock_of(parts[0]), clock_of(parts[1])
    except Unreadable as error:
        raise Unreadable("no_time", text) from error


def answer_of(value: Value) -> bool:
    """Return whether a cell says yes."""
    text = text_of(value).casefold()
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable("no_answer", text_of(value))


def weekdays_of(value: Value) -> frozenset[int]:
    """Return weekdays, 0 for Monday: of Mon, Mon-Fri, weekend, or several of them."""
    text = text_of(value).casefold()
    found: set[int] = set()
    for part in names_in(text):
        if part in SEVERAL:
            found.update(SEVERAL[part])
            continue
        ends = [_weekday(end) for end in DASHES.split(part)]
        if len(ends) > 2 or None in ends:
            raise Unreadable("no_weekday", text_of(value))
        first, last = ends[0], ends[-1]
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))  # type: ignore[operator]  # none is None
    if not found:
        raise Unreadable("no_weekday", text_of(value))
    return frozenset(found)


def _weekday(name: str) -> int | None:
    plain = name.strip().rstrip(".")
    return next((day for day, names in enumerate(WEEKDAYS) if plain in names), None)


def limits_of(value: Value) -> tuple[tuple[float, int], ...]:
    """Return hours and days: of 48 in 7, or several such limits."""
    found = [LIMIT.fullmatch(part.casefold()) for part in names_in(value)]
    if not found or None in found:
        raise Unreadable("no_limit", text_of(value))
    return tuple((float(one["hours"]), int(one["days"])) for one in found if one)


def names_in(value: Value) -> tuple[str, ...]:
    """Return the names of a list, each once, in their order."""
    parts = (part.strip() for part in SEPARATORS.split(text_of(value)))
    return tuple(dict.fromkeys(part for part in parts if part))


def with_date(name: str) -> tuple[str, date | None]:
    """Return a skill and its last day: of `senior (2026-09-30)`, or until, or a colon."""
    found = UNTIL.fullmatch(name)
    if found is None:
        return name, None
    return found["name"], date_of(found["date"])
