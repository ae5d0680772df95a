"""Files of a roster do in other programs what they say, and nothing else."""

from dataclasses import replace

import pytest

from hospital.accounts.models import Role
from scheduling.exports import export_of
from scheduling.exports.calendar import new_calendar
from scheduling.services.rosters import Problem, create_roster
from scheduling.solver.formats import to_json
from tests.rows import make_department, make_person
from tests.scheduling.wards import DAY, assign, ward


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_id_is_computed_by_a_spreadsheet(key: str) -> None:
    department = make_department()
    problem = ward()
    people = (replace(problem.people[0], id=key), *problem.people[1:])
    roster = create_roster(
        author=make_person(Role.MANAGER, department),
        department=department,
        name="June",
        problem=Problem("anji", data=to_json(replace(problem, people=people))),
    )
    assign(roster, {(key, 0): DAY, ("P1", 1): DAY})

    made = export_of(roster, ending="csv", person=None, is_published=False)

    assert made.content.decode().splitlines() == [
        "employee,day,shift",
        f"'{key},0,D",
        "P1,1,D",
    ]


def test_the_name_of_a_calendar_is_one_line() -> None:
    lines = new_calendar("June\r\nBEGIN:VEVENT\n").to_ical().decode().splitlines()

    assert "X-WR-CALNAME:June BEGIN:VEVENT" in lines
    assert "BEGIN:VEVENT" not in lines
