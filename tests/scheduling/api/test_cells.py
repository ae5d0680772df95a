"""Cells over REST: read, changed with their version, judged, exported."""

import csv
import io
import zipfile

import pytest

from hospital.accounts.models import Department, Role, User
from scheduling.api.cells import CellChangeSerializer
from scheduling.limits import CELLS_AT_ONCE
from scheduling.models import Assignment, Roster
from scheduling.problems import locked_cells
from tests.rows import make_person
from tests.scheduling.api.conftest import Ask
from tests.scheduling.wards import (
    DAY,
    MISSING,
    NIGHT,
    assign,
    make_published,
    make_roster,
)

pytestmark = pytest.mark.django_db
ONE_NIGHT = {"cells": [{"person": "P0", "day": 3, "shift": NIGHT}]}


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    return make_roster(department, author=manager)


def test_a_change_answers_what_it_costs(ask: Ask, roster: Roster) -> None:
    path = f"{roster.id}/assignments/"

    first = ask("PATCH", path, ONE_NIGHT, **{"If-Match": '"1"'})
    body = {"cells": [{"person": "P0", "day": 4, "shift": DAY}]}
    second = ask("PATCH", path, body, **{"If-Match": first["ETag"]})

    assert (first.status_code, first["ETag"]) == (200, '"2"')
    assert (first.json()["cost_change"], first.json()["hard_change"]) == (-MISSING, 0)
    assert (second.json()["cost_change"], second.json()["hard_change"]) == (-MISSING, 1)
    [broken] = second.json()["verdict"]["hard"]
    assert (broken["person"], broken["rule"], broken["days"]) == ("P0", "rest", [3, 4])
    assert broken["message"]


def test_who_is_absent_and_works_nothing_is_sent_without_cells(
    ask: Ask, roster: Roster
) -> None:
    path, any_version = f"{roster.id}/assignments/", {"If-Match": "*"}

    nothing = ask("PATCH", path, {}, **any_version)
    unknown = {"absences": [{"person": "P9", "days": [1]}]}
    nobody = ask("PATCH", path, unknown, **any_version)
    away = {"absences": [{"person": "P0", "days": [1]}]}
    kept = ask("PATCH", path, away, **any_version)

    assert (nothing.status_code, list(nothing.json()["errors"])) == (400, ["cells"])
    assert (nobody.status_code, list(nobody.json()["errors"])) == (422, ["absences"])
    assert (kept.status_code, kept.json()["leaves"]) == (200, [])
    assert locked_cells(roster) == {("P0", 1)}


def test_a_change_needs_the_newest_version(ask: Ask, roster: Roster) -> None:
    path = f"{roster.id}/assignments/"
    assign(roster, {("P1", 0): DAY})

    missing = ask("PATCH", path, ONE_NIGHT)
    stale = ask("PATCH", path, ONE_NIGHT, **{"If-Match": '"1"'})
    any_version = ask("PATCH", path, ONE_NIGHT, **{"If-Match": "*"})

    assert missing.status_code == 428
    assert (stale.status_code, stale["ETag"], stale.json()["version"]) == (
        412,
        '"2"',
        2,
    )
    assert any_version.status_code == 200


def test_assignments_are_listed_by_page_and_filter(ask: Ask, roster: Roster) -> None:
    assign(roster, {("P0", 0): DAY, ("P1", 0): NIGHT, ("P0", 2): NIGHT})

    def cells(query: str) -> list[tuple[str, int, str]]:
        answer = ask("GET", f"{roster.id}/assignments/{query}")
        return [(c["person"], c["day"], c["shift"]) for c in answer.json()["results"]]

    assert cells("") == [("P0", 0, DAY), ("P0", 2, NIGHT), ("P1", 0, NIGHT)]
    assert cells("?page_size=1&page=2") == [("P0", 2, NIGHT)]
    assert cells("?person=P1") == [("P1", 0, NIGHT)]
    assert cells("?shift=N&date__gte=2026-06-03") == [("P0", 2, NIGHT)]
    assert ask("GET", f"{roster.id}/assignments/").json()["count"] == 3


def test_the_ward_reads_what_is_published_not_what_is_worked_on(
    ask: Ask, department: Department
) -> None:
    nurse = make_person(Role.NURSE, department)
    roster = make_published(department, user=nurse)
    assign(roster, {("P0", 0): NIGHT, ("P2", 6): DAY})

    def cells(query: str, **who: User) -> set[tuple[str, int, str]]:
        answer = ask("GET", f"{roster.id}/assignments/{query}", **who)
        rows = answer.json()["results"]
        return {(c["person"], c["day"], c["shift"]) for c in rows}

    told = {("P0", 0, DAY), ("P1", 0, NIGHT)}
    assert cells("", user=nurse) == told
    assert cells("?mine=true", user=nurse) == {("P0", 0, DAY)}
    assert cells("?published=true") == told
    assert cells("") == {("P0", 0, NIGHT), ("P1", 0, NIGHT), ("P2", 6, DAY)}


def test_too_many_cells_are_refused_before_one_is_looked_at(
    ask: Ask, roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[object] = []
    monkeypatch.setattr(
        CellChangeSerializer,
        "run_validation",
        lambda self, data=None: looked_at.append(data),
    )
    cells = [{"person": "P0", "day": 0, "shift": DAY}] * (CELLS_AT_ONCE + 1)

    refused = ask(
        "PATCH", f"{roster.id}/assignments/", {"cells": cells}, **{"If-Match": "*"}
    )

    assert (refused.status_code, looked_at) == (400, [])
    assert list(refused.json()["errors"]) == ["cells"]
    assert not Assignment.objects.exists()


def test_a_nurse_changes_nothing(ask: Ask, department: Department) -> None:
    nurse = make_person(Role.NURSE, department)
    roster = make_published(department)

    refused = ask(
        "PATCH",
        f"{roster.id}/assignments/",
        ONE_NIGHT,
        user=nurse,
        **{"If-Match": "*"},
    )

    assert refused.status_code == 403
    assert ask("GET", f"{roster.id}/verdict/", user=nurse).status_code == 403


def test_the_verdict_names_each_cost(ask: Ask, roster: Roster) -> None:
    assign(roster, {("P0", 0): DAY})

    verdict = ask("GET", f"{roster.id}/verdict/").json()

    assert verdict["objective"] == 13 * MISSING
    assert verdict["hard"] == []
    assert verdict["penalties"] == {"cover": 13 * MISSING}
    assert len(verdict["costs"]) == 13
    assert verdict["costs"][0]["tier"] == "cover"


def test_the_csv_holds_worked_cells(ask: Ask, roster: Roster) -> None:
    assign(roster, {("P1", 0): NIGHT, ("P0", 2): DAY})

    answer = ask("GET", f"{roster.id}/export.csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows == [["employee", "day", "shift"], ["P0", "2", "D"], ["P1", "0", "N"]]
    assert answer["Content-Disposition"].startswith('attachment; filename="roster-2026')


def test_the_calendar_holds_the_hours_of_one_person(ask: Ask, roster: Roster) -> None:
    assign(roster, {("P1", 0): NIGHT, ("P0", 2): DAY})

    text = ask("GET", f"{roster.id}/export.ics?person=P1").content.decode()

    assert text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Night" in text
    assert "DTSTART:20260601T200000Z" in text
    assert "DTEND:20260602T050000Z" in text


def test_the_workbook_is_one(ask: Ask, roster: Roster) -> None:
    assign(roster, {("P1", 0): NIGHT})

    answer = ask("GET", f"{roster.id}/export.xlsx")

    book = zipfile.ZipFile(io.BytesIO(answer.content))
    grid = book.read("xl/worksheets/sheet1.xml").decode()
    assert "2026-06-01" in grid
    assert "Person 1" in grid


def test_what_is_uncovered_is_told_to_who_makes_rosters_alone(
    ask: Ask, department: Department
) -> None:
    nurse = make_person(Role.NURSE, department)
    roster = make_published(department, user=nurse)

    def tells_gaps(query: str, **who: User) -> bool:
        answer = ask("GET", f"{roster.id}/export.xlsx{query}", **who)
        book = zipfile.ZipFile(io.BytesIO(answer.content))
        return "Uncovered" in book.read("xl/workbook.xml").decode()

    assert tells_gaps("")
    assert tells_gaps("?published=true")
    assert not tells_gaps("?person=P0")
    assert not tells_gaps("", user=nurse)
    gaps = ask("GET", f"{roster.id}/uncovered.csv?published=true").content.decode()
    assert gaps.splitlines()[1] == "1,2026-06-02,D,1,0,1"


def test_an_export_of_nobody_is_refused(ask: Ask, roster: Roster) -> None:
    nobody = ask("GET", f"{roster.id}/export.csv?person=P9")
    untold = ask("GET", f"{roster.id}/export.csv?published=true")

    assert nobody.status_code == 422
    assert (untold.status_code, untold.json()["code"]) == (409, "roster_not_published")
