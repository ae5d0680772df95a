"""A ward of forty people of nobody real, as a workbook."""

import io
from collections.abc import Mapping
from datetime import date, timedelta

from openpyxl import Workbook

PEOPLE = 40
FIRST_DAY = date(2026, 6, 1)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ward_of_forty(
    *,
    contract: str = "full",
    start: date = FIRST_DAY,
    accounts: Mapping[str, str] | None = None,
) -> bytes:
    """Return its workbook; `contract` is the first person's, `accounts` by number."""
    book = Workbook()
    people = book.active
    assert people is not None
    people.title = "People"
    people.append(("Staff number", "Name", "Contract", "Skills", "Account"))
    for number in range(PEOPLE):
        own, skill = ("half", None) if number % 4 == 3 else ("full", "senior")
        own = own if number else contract
        staff = f"W{number:02d}"
        account = (accounts or {}).get(staff)
        people.append((staff, f"Nobody {number}", own, skill, account))
    demand = book.create_sheet("Demand")
    demand.append(("Weekday", "Shift", "Skill", "Least", "Most"))
    for shift, week, weekend in (("early", 8, 6), ("late", 7, 5), ("night", 4, 4)):
        demand.append(("Mon-Fri", shift, None, week, week + 1))
        demand.append(("weekend", shift, None, weekend, weekend))
        demand.append(("every day", shift, "senior", 1, None))
    leave = book.create_sheet("Leave")
    leave.append(("Staff number", "From", "To"))
    leave.append(("W05", start, start + timedelta(days=4)))
    return saved(book)
