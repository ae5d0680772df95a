"""Files of a roster do in other programs what they say, and nothing else."""

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from hospital.accounts.models import Role
from scheduling.exports import export_of, uncovered_export
from scheduling.exports.calendar import new_calendar
from scheduling.problems import cells_of, instance_of
from scheduling.services.rosters import Problem, create_roster
from scheduling.solver.formats import read_roster_csv, to_json
from scheduling.solver.roster import Roster as Grid
from tests.rows import make_department, make_person
from tests.scheduling.wards import DAY, NIGHT, assign, make_roster, ward


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


@pytest.mark.django_db
def test_a_workbook_names_what_is_uncovered_below_the_people_and_on_a_sheet() -> None:
    roster = make_roster(make_department(), days=3)
    assign(roster, {("P0", 0): DAY, ("P1", 0): NIGHT, ("P0", 1): DAY})

    made = export_of(
        roster, ending="xlsx", person=None, is_published=False, tells_gaps=True
    )

    book = load_workbook(io.BytesIO(made.content))
    grid = [list(row) for row in book["Roster"].values]
    assert grid[-2:] == [
        [None, "Uncovered: D", None, None, -1],
        [None, "Uncovered: N", None, -1, -1],
    ]
    assert [list(row) for row in book["Uncovered"].values] == [
        ["Date", "Weekday", "Need", "Needed", "Planned", "Missing"],
        ["2026-06-02", "Tuesday", "N", 1, 0, 1],
        ["2026-06-03", "Wednesday", "D", 1, 0, 1],
        ["2026-06-03", "Wednesday", "N", 1, 0, 1],
    ]


@pytest.mark.django_db
def test_what_is_uncovered_is_a_csv_of_its_own_and_the_rosters_stays_readable() -> None:
    roster = make_roster(make_department(), days=2)
    assign(roster, {("P0", 0): DAY, ("P1", 0): NIGHT, ("P0", 1): DAY})

    gaps = uncovered_export(roster, is_published=False)
    worked = export_of(
        roster, ending="csv", person=None, is_published=False, tells_gaps=True
    )

    assert gaps.content.decode().splitlines() == [
        "day,date,need,needed,planned,missing",
        "1,2026-06-02,N,1,0,1",
    ]
    instance = instance_of(roster)
    read = read_roster_csv(instance, worked.content.decode())
    assert read == Grid.of(instance, cells_of(roster))
