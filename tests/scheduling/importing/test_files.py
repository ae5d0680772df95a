"""CSV files of the usual programs."""

import pytest

from scheduling.importing import Flaws, csv_table, read_ward
from tests.scheduling.importing.wards import PERIOD

PEOPLE = '工号;姓名;技能\n007;王一例;"组长, 输液"\n'
DEMAND = "Weekday,Shift,Least\nevery day,N,1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    content = PEOPLE.replace(";", separator).encode(encoding)
    flaws = Flaws()

    people = csv_table("人员.csv", content, flaws)
    demand = csv_table("demand.csv", DEMAND.encode(), flaws)

    assert people is not None
    assert demand is not None
    reading = read_ward([people, demand], PERIOD, flaws)
    (staff,) = reading.ward.staff
    assert flaws.errors == 0
    assert (staff.number, staff.name) == ("007", "王一例")
    assert [skill for skill, _until in staff.skills] == ["组长", "输液"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("people.csv", b"\xff\x00\xff", "unknown_letters"),
        ("people.csv", b'Staff number\n"A1', "no_csv"),
        ("holiday-photos.csv", b"x", "unknown_sheet"),
    ],
)
def test_what_is_no_table_is_told(name: str, content: bytes, code: str) -> None:
    flaws = Flaws()

    assert csv_table(name, content, flaws) is None
    assert [one.what.code for one in flaws] == [code]
