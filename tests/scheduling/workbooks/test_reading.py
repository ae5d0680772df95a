"""Workbooks of anybody are read by a child that cannot take the platform with it."""

import io
import zipfile
from datetime import date, time, timedelta

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from scheduling.importing import Flaws, Period, read_ward
from scheduling.importing.table import MAX_ROWS
from scheduling.solver.laws import law_profile
from scheduling.solver.search import SolveLimits, solve
from scheduling.solver.verify import verify
from scheduling.workbooks.reading import NotAWorkbook, WorkbookTooLarge, tables_in
from scheduling.workbooks.running import Sheet, workbook
from tests.scheduling.importing.books import saved, ward_of_forty

MONDAY = date(2026, 6, 1)


def odd_ward() -> Workbook:
    """Return a ward whose cells are kept in all the ways that spreadsheets have."""
    book = Workbook()
    people = book.active
    assert people is not None
    people.title = "People"
    rows = [
        ("Staff number", "Name", "Contract"),
        (1001, "Ann", "full"),
        (1002, "Bob", None),
    ]
    for row in rows:
        people.append(row)
    people.merge_cells("C2:C3")
    shifts = book.create_sheet("Shifts")
    for row in (
        ("Shift", "Start", "End"),
        ("E", time(7), "15:30"),
        ("N", 0.9375, timedelta(hours=7)),
    ):
        shifts.append(row)
    demand = book.create_sheet("Demand")
    for line in (("Date", "Shift", "Least"), (date(2026, 6, 3), "E", "=1+1")):
        demand.append(line)
    book.create_sheet("Notes").append(("nobody reads this",))
    return book


def test_cells_of_every_kind_are_read() -> None:
    tables = {one.title: one for one in tables_in(saved(odd_ward()))}

    assert set(tables) == {"People", "Shifts", "Demand"}
    assert tables["People"].rows[1:] == [[1001, "Ann", "full"], [1002, "Bob", "full"]]
    assert tables["People"].merged == ("C2:C3",)
    assert tables["Shifts"].rows[1:] == [
        ["E", "07:00", "15:30"],
        ["N", 0.9375, "07:00"],
    ]
    assert tables["Demand"].rows[1] == ["2026-06-03", "E", "="]


def test_a_number_of_hundreds_of_digits_is_a_flaw_of_its_cell() -> None:
    book = odd_ward()
    book["Shifts"]["B3"].value = 987_654_321
    book["Demand"]["C2"].value = 987_654_321
    huge = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(book))) as written,
        zipfile.ZipFile(huge, "w") as packed,
    ):
        for name in written.namelist():
            part = written.read(name).replace(b"987654321", b"9" * 4300)
            packed.writestr(name, part)
    flaws = Flaws()

    read_ward(tables_in(huge.getvalue()), Period(name="x", start=MONDAY, days=7), flaws)

    told = {(one.sheet, one.row, one.column, one.what.code) for one in flaws}
    assert ("Shifts", 3, "Start", "no_time") in told
    assert ("Demand", 2, "Least", "no_number") in told


def test_a_stray_format_far_below_costs_nothing() -> None:
    book = odd_ward()
    book["People"].cell(row=1_048_576, column=50).font = Font(bold=True)

    tables = {one.title: one for one in tables_in(saved(book))}

    assert len(tables["People"].rows) == 3
    assert not tables["People"].is_cut


def test_rows_beyond_what_a_ward_has_are_told() -> None:
    book = odd_ward()
    book["People"].cell(row=MAX_ROWS + 1, column=1).value = "A1"

    tables = {one.title: one for one in tables_in(saved(book))}

    assert tables["People"].is_cut


@pytest.mark.parametrize("cut", [10, -20])
def test_what_is_no_whole_workbook_is_refused(cut: int) -> None:
    with pytest.raises(NotAWorkbook):
        tables_in(saved(odd_ward())[:cut])


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(7):
            packed.writestr(f"xl/worksheets/sheet{number}.xml", b" " * 10 * 2**20)

    with pytest.raises(WorkbookTooLarge):
        tables_in(bomb.getvalue())


@pytest.mark.slow
def test_a_number_that_looks_like_a_formula_is_written_as_text_and_read_again() -> None:
    odd = ["=1+1", "+49", "-7", "@SUM(A1)"]
    rows = [["Staff number"], *[[one] for one in odd]]

    content = workbook([Sheet(title="People", rows=rows)])

    cells = [row[0] for row in load_workbook(io.BytesIO(content)).active.iter_rows()]
    [people] = tables_in(content)
    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [cell.quotePrefix for cell in cells] == [False, *[True] * 4]
    assert [row[0] for row in people.rows] == ["Staff number", *odd]


def test_a_ward_of_forty_becomes_a_roster() -> None:
    period = Period(
        name="Ward",
        start=MONDAY,
        days=14,
        timezone="Europe/Berlin",
        law=law_profile("eu-2003-88-ec"),
    )

    instance = read_ward(tables_in(ward_of_forty()), period, Flaws()).instance
    assert instance is not None
    found = solve(
        instance,
        limits=SolveLimits(seconds=120, workers=2),
        on_progress=lambda now: now.roster is None,  # the first one will do
    )

    assert found.roster is not None
    assert verify(instance, found.roster).hard == ()
