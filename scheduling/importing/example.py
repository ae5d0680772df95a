"""The template's example: a ward of nobody real, in either language."""

from collections.abc import Iterator
from datetime import date, timedelta

from scheduling.importing.headings import (
    CHARGE,
    CONTRACTS,
    DEMAND,
    LEAVE,
    PAIRS,
    PEOPLE,
    REQUESTS,
    SHIFTS,
    Tongue,
)
from scheduling.importing.table import RawTable
from scheduling.importing.tables import Row, limit, pairing, table, wish, yes_or_no

# English name, Chinese name, whether full time, whether they lead, never by night.
PEOPLE_OF_NOBODY = (
    ("Ada Example", "王一例", True, True, False),
    ("Ben Example", "李二例", True, True, False),
    ("Cleo Example", "张三例", True, False, False),
    ("Dan Example", "刘四例", True, False, False),
    ("Eve Example", "陈五例", True, True, False),
    ("Finn Example", "杨六例", True, False, False),
    ("Gia Example", "赵七例", False, False, True),
    ("Hal Example", "黄八例", True, False, False),
    ("Ida Example", "周九例", True, True, False),
    ("Jan Example", "吴十例", False, False, False),
    ("Kim Example", "徐十一例", True, False, False),
    ("Lea Example", "孙十二例", True, False, False),
)


def example_tables(start: date, *, tongue: Tongue) -> list[RawTable]:
    """Return the sheets of the example, whose dates lie in the four weeks from a day."""
    return [
        table(PEOPLE, _people(start, tongue), tongue),
        table(SHIFTS, _shifts(tongue), tongue),
        table(CONTRACTS, _contracts(tongue), tongue),
        table(DEMAND, _demand(start, tongue), tongue),
        table(LEAVE, _leave(start), tongue),
        table(REQUESTS, _requests(start, tongue), tongue),
        table(PAIRS, _pairs(tongue), tongue),
    ]


def _pick(tongue: Tongue, english: str, chinese: str) -> str:
    return chinese if tongue.is_chinese else english


def _people(start: date, tongue: Tongue) -> Iterator[Row]:
    senior, junior = _skills(tongue)
    licence = f"{_pick(tongue, 'infusion', '输液')} ({start + timedelta(days=400)})"
    for place, (english, chinese, is_full, leads, no_nights) in enumerate(
        PEOPLE_OF_NOBODY, start=1
    ):
        number = f"N{place:03d}"
        yield [
            number,
            _pick(tongue, english, chinese),
            "",
            _contract(tongue, is_full=is_full),
            1.0 if is_full else 0.5,
            f"{senior if leads else junior}, {licence}",
            yes_or_no(is_yes=True, tongue=tongue) if leads else "",
            "N" if no_nights else "",
        ]


def _contract(tongue: Tongue, *, is_full: bool) -> str:
    return _pick(tongue, "full", "全职") if is_full else _pick(tongue, "half", "半职")


def _shifts(tongue: Tongue) -> Iterator[Row]:
    for id_, english, chinese, start, end in (
        ("E", "Early", "早班", "07:00", "15:30"),
        ("L", "Late", "晚班", "14:00", "22:30"),
        ("N", "Night", "夜班", "22:00", "07:00"),
    ):
        name, night = _pick(tongue, english, chinese), id_ == "N"
        is_night = yes_or_no(is_yes=night, tongue=tongue)
        yield [id_, name, start, end, 8, is_night, ""]


def _contracts(tongue: Tongue) -> Iterator[Row]:
    most = limit(48 * 60, 7, tongue=tongue)
    yield [_contract(tongue, is_full=True), 40, 1.0, 5, 4, 2, 2, most]
    yield [_contract(tongue, is_full=False), 20, 0.5, 4, 3, 2, 2, ""]


def _demand(start: date, tongue: Tongue) -> Iterator[Row]:
    week, weekend = (
        _pick(tongue, "Mon-Fri", "周一至周五"),
        _pick(tongue, "weekend", "周末"),
    )
    every_day = _pick(tongue, "every day", "每天")
    senior, junior = _skills(tongue)
    for shift, usual, fewer in (("E", 3, 2), ("L", 2, 2), ("N", 1, 1)):
        yield ["", week, shift, "", "", usual, usual + 1, "", ""]
        yield ["", weekend, shift, "", "", fewer, fewer, "", ""]
    for shift in ("E", "L"):
        yield ["", every_day, shift, "", tongue.skill(CHARGE), 1, "", "", ""]
    yield ["", week, "", "14:00-15:30", senior, 2, "", "", ""]
    yield ["", every_day, "E", "", senior, 1, "", 3, junior]
    yield [(start + timedelta(days=9)).isoformat(), "", "E", "", "", 4, 4, "", ""]


def _skills(tongue: Tongue) -> tuple[str, str]:
    return _pick(tongue, "senior", "组长"), _pick(tongue, "junior", "新护士")


def _leave(start: date) -> Iterator[Row]:
    yield ["N003", start.isoformat(), (start + timedelta(days=6)).isoformat()]


def _requests(start: date, tongue: Tongue) -> Iterator[Row]:
    off, on = wish(is_on=False, tongue=tongue), wish(is_on=True, tongue=tongue)
    yield ["N001", (start + timedelta(days=12)).isoformat(), "", off, "", 200]
    yield ["N004", (start + timedelta(days=15)).isoformat(), "", on, "L", ""]


def _pairs(tongue: Tongue) -> Iterator[Row]:
    yield ["N003", "N001", pairing(is_together=True, tongue=tongue), ""]
    yield ["N006", "N008", pairing(is_together=False, tongue=tongue), "N"]
