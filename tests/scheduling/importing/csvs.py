"""A small ward as the files that somebody sends, and what is kept of it."""

import csv
import io
from collections.abc import Mapping, Sequence

from hospital.accounts.models import Department, User
from scheduling.exports.ward import tables_now
from scheduling.importing import Tongue
from scheduling.importing.values import Value
from scheduling.models import Roster, RosterImport
from scheduling.services.imports import Choice, SentFile, keep_import
from tests.scheduling.wards import MONDAY

PEOPLE = (
    "Staff number,Name,E-mail or user name,Contract,Skills\n"
    "A1,Ann,{login},full,senior\n"
    "A2,Bob,,half,\n"
)
DEMAND = "Weekday,Shift,Least,Most\nevery day,early,1,1\nMon-Fri,night,1,\n"


def csvs(login: str = "", **others: str) -> Mapping[str, bytes]:
    """Return files by name; `others` replace or add some, by sheet."""
    texts = {"people": PEOPLE.format(login=login), "demand": DEMAND, **others}
    return {f"{sheet}.csv": text.encode() for sheet, text in texts.items()}


def make_import(
    author: User, department: Department, *, login: str = "", **others: str
) -> RosterImport:
    """Return what is kept of that ward for four weeks from a Monday."""
    files = csvs(login, **others)
    return keep_import(
        author=author,
        choice=Choice(department=department, name="June", start=MONDAY, days=28),
        files=[SentFile(name, content) for name, content in files.items()],
    )


def own_tables(roster: Roster) -> dict[str, list[list[Value]]]:
    """Return the rows of a roster's own tables, to be changed, by sheet."""
    tables = tables_now(roster, tongue=Tongue())
    return {one.title: [list(row) for row in one.rows] for one in tables}


def as_files(tables: Mapping[str, Sequence[Sequence[Value]]]) -> list[SentFile]:
    """Return tables as the CSV files that somebody sends."""
    files = []
    for title, rows in tables.items():
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        files.append(SentFile(f"{title}.csv", out.getvalue().encode()))
    return files
