"""Rosters as CSV, written and read back."""

import pytest

from scheduling.solver.errors import FormatError
from scheduling.solver.formats import read_roster_csv, write_roster_csv
from scheduling.solver.roster import Roster
from tests.scheduling.solver.formats.test_curtois import small

ROSTER = Roster((("", "E", "E", "", "", "", ""), ("L", "", "", "", "", "", "E")))
TEXT = "employee,day,shift\nA,1,E\nA,2,E\nB,0,L\nB,6,E\n"


def test_worked_days_only_are_written() -> None:
    assert write_roster_csv(small(), ROSTER) == TEXT


def test_what_was_written_is_read_back() -> None:
    assert read_roster_csv(small(), TEXT) == ROSTER
    assert read_roster_csv(small(), "\ufeff" + TEXT.replace("\n", "\r\n")) == ROSTER


def test_a_roster_without_shifts_is_its_header() -> None:
    empty = Roster.empty(small())

    assert write_roster_csv(small(), empty) == "employee,day,shift\n"
    assert read_roster_csv(small(), "employee,day,shift\n") == empty


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        ("PK\x03\x04", "line 1: This is not text"),
        ("A,1,E\n", "line 1: The header is employee,day,shift, not 'A,1,E'"),
        (TEXT + "A,1,E\n", "line 6: The cell of A on day 1 is there twice"),
        (TEXT + "Z,1,E\n", "line 6: The person 'Z' is unknown"),
        (TEXT + "A,0,X\n", "line 6: The shift 'X' is unknown"),
        (TEXT + "A,7,E\n", "line 6: The day is 7, outside 0 to 6"),
        (TEXT + "A,-1,E\n", "line 6: The day is -1, outside 0 to 6"),
        (TEXT + "A,x,E\n", "line 6: The day is 'x', which is not a whole number"),
        (TEXT + "A,0\n", "line 6: A cell has 3 fields, not 2"),
        (TEXT + '"A,0,E\n', "This is not CSV"),
    ],
)
def test_a_csv_that_does_not_fit_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_roster_csv(small(), text)

    assert message in str(refused.value)
