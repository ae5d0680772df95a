"""Reading past rosters from tables."""

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from scheduling.learning.table import read_history, read_history_csv
from scheduling.learning.workbook import read_history_xlsx
from scheduling.solver.errors import FormatError
from scheduling.solver.history import PastCell

TABLE = """Date,Employee,Shift,Planned,Absence,Group,Note
2026-01-05,ann,E,E,,nurses,
2026-01-05,bob,,N,sick,nurses,called at six
,,,,,,
2026-01-06,ann,,E,,nurses,
"""
CHINESE = """日期,姓名,工号,班次,计划班次,缺勤,组别
2026/1/5,安,ann,E,E,,nurses
2026年1月5日,博,bob,休,N,sick,nurses
2026-1-6,安,ann,休息,E,,nurses
"""
CELLS = (
    PastCell(
        on=date(2026, 1, 5), person="ann", planned="E", worked="E", group="nurses"
    ),
    PastCell(
        on=date(2026, 1, 5),
        person="bob",
        planned="N",
        worked="",
        absence="sick",
        group="nurses",
    ),
    PastCell(on=date(2026, 1, 6), person="ann", planned="E", worked="", group="nurses"),
)


def test_a_csv_file_becomes_cells() -> None:
    assert read_history_csv(TABLE.encode()) == CELLS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_chinese_file_becomes_the_same_cells(encoding: str, separator: str) -> None:
    content = CHINESE.replace(",", separator).encode(encoding)

    assert read_history_csv(content) == CELLS


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(FormatError, match="no text in UTF-8 or GB18030"):
        read_history_csv(b"date,employee,shift\n\xff\x00\xff")


def test_a_workbook_becomes_the_same_cells() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, line in enumerate(TABLE.splitlines()):
        row: list[object] = list(line.split(","))
        if number and row[0]:
            row[0] = datetime.fromisoformat(str(row[0]))
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)

    assert read_history_xlsx(content.getvalue()) == CELLS


def test_without_a_plan_what_was_worked_was_planned() -> None:
    table = (("date", "employee", "shift"), (date(2026, 1, 5), "ann", "E"))

    assert read_history(table) == (
        PastCell(on=date(2026, 1, 5), person="ann", planned="E", worked="E"),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: The first row lacks the heading Date / 日期."),
        ("date,shift\n", "line 1: The first row lacks the heading Employee / 工号."),
        ("date,employee,shift\n5/1/2026,ann,E\n", "line 2: '5/1/2026' is no date"),
        ("date,employee,shift\n2026-01-05,,E\n", "line 2: The employee is missing."),
        (
            "date,employee,shift\n2026-01-05,ann,E\n2026-01-05,ann,L\n",
            "line 3: ann is there twice on 2026-01-05.",
        ),
        ('date,employee,shift\n"2026', "The file is no CSV"),
    ],
)
def test_a_wrong_table_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_history_csv(text.encode())

    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 truncated", b"date,employee"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError, match="no XLSX workbook"):
        read_history_xlsx(content)
