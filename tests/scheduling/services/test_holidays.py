"""Public holidays are entered once, and every roster counts with them."""

from datetime import date

import pytest

from hospital.accounts.models import Role
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling.models import Aims, PublicHoliday, Roster
from scheduling.problems import instance_of
from scheduling.selectors.rosters import public_holidays_visible_to
from scheduling.services.holidays import (
    add_holiday,
    import_holidays,
    remove_holiday,
)
from scheduling.services.periods import make_next_period
from scheduling.showing.board import board_of
from scheduling.showing.fairness import fairness_of
from tests.rows import make_department, make_person, make_principal
from tests.scheduling.wards import DAY, MONDAY, assign, make_roster

pytestmark = pytest.mark.django_db


def test_rosters_that_are_there_mark_it_and_share_it_out() -> None:
    manager = make_person(Role.MANAGER, make_department())
    roster = make_roster(manager.departments.get(), author=manager)
    assign(roster, {("P0", 0): DAY, ("P1", 1): DAY})

    add_holiday(author=manager, on=MONDAY, name="Labour Day")

    days = board_of(roster, {}).days
    ledger = fairness_of(roster, Aims(roster=roster))
    [holidays] = [one for one in ledger.tables if one.kind == "holidays"]
    assert [day.is_holiday for day in days] == [True, *[False] * 6]
    assert (holidays.total, holidays.rows[0].key) == (1, "P0")


def test_the_next_period_is_made_with_its_holidays() -> None:
    manager = make_person(Role.MANAGER, make_department())
    roster = make_roster(manager.departments.get(), author=manager)
    add_holiday(author=manager, on=date(2026, 6, 10), name="Corpus Christi")

    made = make_next_period(roster=roster, author=manager, name="Then", days=7)

    assert instance_of(Roster.objects.get(pk=made.pk)).holidays == {2}


def test_a_file_enters_what_is_new_and_nothing_where_a_line_is_wrong() -> None:
    manager = make_person(Role.MANAGER)
    add_holiday(author=manager, on=date(2026, 5, 1), name="Labour Day")
    table = "2026-05-01,劳动节\n2026-10-01,国庆节\n".encode("gb18030")

    count = import_holidays(author=manager, content=table)
    with pytest.raises(InvalidInput, match="line 2"):
        import_holidays(author=manager, content=b"2027-01-01,New Year\nlater,x\n")
    with pytest.raises(Conflict, match="Labour Day already"):
        add_holiday(author=manager, on=date(2026, 5, 1), name="Again")

    assert count == 1
    assert list(PublicHoliday.objects.values_list("name", flat=True)) == [
        "Labour Day",
        "国庆节",
    ]


def test_managers_keep_them_the_staff_see_them_and_patients_do_not() -> None:
    holiday = add_holiday(
        author=make_person(Role.MANAGER), on=MONDAY, name="Labour Day"
    )
    nurse = make_person(Role.NURSE)

    with pytest.raises(NotPermitted):
        remove_holiday(author=nurse, holiday=holiday)

    assert public_holidays_visible_to(make_principal(Role.NURSE)).get() == holiday
    assert not public_holidays_visible_to(make_principal(Role.PATIENT)).exists()
