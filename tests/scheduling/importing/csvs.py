"""A small ward as the files that somebody sends."""

from collections.abc import Mapping

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
