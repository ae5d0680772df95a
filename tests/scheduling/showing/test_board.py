"""What a page shows of a roster, worked out by hand."""

from dataclasses import replace
from string import ascii_uppercase

import pytest
from django.utils import translation

from hospital.accounts.models import Role
from scheduling.problems import cells_of, judged, locked_cells
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.rosters import Problem, create_roster
from scheduling.showing.board import (
    board_of,
    broken_cells,
    covers_of,
    days_of,
    looks_of,
    told_of,
)
from scheduling.showing.chart import chart_of
from scheduling.showing.uncovered import uncovered
from scheduling.solver.formats import to_json
from scheduling.solver.history import with_reserve
from scheduling.solver.instance import HeldSkill, Person
from scheduling.solver.rules import Demand, Mix
from tests.rows import make_department, make_person
from tests.scheduling.wards import DAY, NIGHT, assign, make_roster, ward

pytestmark = pytest.mark.django_db


def test_rows_count_hours_nights_and_weekends() -> None:
    cells = {("P0", 4): NIGHT, ("P0", 5): NIGHT, ("P0", 6): NIGHT, ("P1", 0): DAY}
    roster = assign(make_roster(make_department()), cells)

    board = board_of(roster, cells_of(roster))

    first, second = board.rows[:2]
    assert (first.hours, first.nights, first.weekends) == (27.0, 3, 1)
    assert (second.hours, second.nights, second.weekends) == (8.0, 0, 0)
    assert [day.is_shaded for day in board.days] == [False] * 5 + [True] * 2
    assert [(look.id, look.key, look.hours) for look in board.looks] == [
        ("D", "D", "07:00–15:00"),
        ("N", "N", "22:00–07:00"),
    ]


@pytest.mark.parametrize(
    ("shifts", "keys"),
    [
        (["白", "小夜", "大夜"], "123"),  # no keyboard sends these in a grid
        (["E", "L", "E2", "1"], "EL21"),  # the last one's own key is no spare one
        (["é", "ß", "a"], "12A"),
        ([f"班{number}" for number in range(37)], "1234567890" + ascii_uppercase),
    ],
)
def test_each_shift_has_a_key_of_its_own_that_every_keyboard_sends(
    shifts: list[str], keys: str
) -> None:
    day = ward().shift_types[0]
    wards = replace(
        ward(),
        shift_types=tuple(replace(day, id=shift, name="") for shift in shifts),
        contracts=(),
        people=(Person(id="P0"),),
        demands=(),
    )
    problem = Problem("anji", data=to_json(wards))
    department = make_department()
    manager = make_person(Role.MANAGER, department)

    roster = create_roster(
        author=manager, department=department, name="", problem=problem
    )

    assert "".join(look.key for look in looks_of(roster)) == keys


def test_cover_tells_what_is_missing_each_day() -> None:
    roster = assign(make_roster(make_department()), {("P0", 0): DAY, ("P1", 0): DAY})

    days, nights = board_of(roster, cells_of(roster)).covers

    assert (days.name, nights.name) == ("D", "N")
    assert (days.missing, nights.missing) == (6, 7)
    assert days.cells[0] is not None
    assert (days.cells[0].count, days.cells[0].state) == (2, "met")


def test_a_reserve_is_named_beside_the_need_that_it_stands_by() -> None:
    reserved = with_reserve(ward(), {(0, frozenset({DAY})): 1})
    roster = make_roster(make_department())

    rows = covers_of(reserved, {("P0", 0): DAY}, days_of(roster))

    assert [(row.name, row.missing) for row in rows] == [
        ("D", 6),
        ("D reserve", 1),
        ("N", 7),
    ]
    assert [row.name for row in uncovered(rows)] == ["D", "N"]  # nobody is told twice


def test_needs_of_one_day_and_mixes_have_a_row_each() -> None:
    roster = make_roster(make_department())
    skilled = replace(
        ward(),
        people=(
            Person(id="P0", skills=(HeldSkill(skill="senior"),)),
            Person(id="P1", skills=(HeldSkill(skill="junior"),)),
            Person(id="P2", skills=(HeldSkill(skill="junior"),)),
        ),
        contracts=(),
    )
    best = Demand(day=0, shifts=frozenset({DAY}), at_least=4, under_weight=1)
    seniors = Mix(
        name="seniors", day=1, shifts=frozenset({DAY}), skill="senior", other="junior"
    )
    instance = replace(skilled, demands=(*skilled.demands, best), mixes=(seniors,))
    cells = {("P0", 0): DAY, ("P1", 1): DAY, ("P2", 1): DAY}

    rows = covers_of(instance, cells, days_of(roster))

    assert [row.name for row in rows] == ["D", "D", "N", "seniors"]
    first = [row.cells[0] and row.cells[0].least for row in rows]
    assert first == [1, 4, 1, None]
    mix = rows[3].cells[1]
    assert mix is not None
    assert (mix.count, mix.least, mix.state) == (0, 2, "under")


def test_a_need_of_a_skill_has_a_row_that_counts_who_holds_it() -> None:
    roster = make_roster(make_department())
    lapsed = HeldSkill(skill="senior", until=0)
    instance = replace(
        ward(),
        people=(
            Person(id="P0", skills=(HeldSkill(skill="senior"),)),
            Person(id="P1", skills=(lapsed,)),
            Person(id="P2"),
        ),
        contracts=(),
        demands=tuple(
            Demand(day=day, shifts=frozenset({DAY}), skill="senior", at_least=2)
            for day in range(2)
        ),
    )
    both = {("P0", 0): DAY, ("P1", 0): DAY, ("P2", 0): DAY}
    one = {("P0", 1): DAY, ("P1", 1): DAY, ("P2", 1): DAY}

    [row] = covers_of(instance, {**both, **one}, days_of(roster))

    assert row.name == "D senior"
    figures = [(cell.count, cell.least, cell.state) for cell in row.cells if cell]
    assert figures == [(2, 2, "met"), (1, 2, "under")]
    assert row.cells[2:] == (None,) * 5
    assert row.missing == 1


def test_a_time_of_day_has_its_rows_behind_those_of_the_shifts() -> None:
    roster = make_roster(make_department())
    morning = Demand(
        day=1,
        shifts=frozenset({DAY}),
        shifts_before=frozenset({NIGHT}),
        at_least=2,
        under_weight=1,
        name="06:00-09:00",
    )
    instance = replace(ward(), demands=(morning, *ward().demands))

    rows = covers_of(instance, {("P0", 0): NIGHT, ("P1", 1): DAY}, days_of(roster))

    assert [row.name for row in rows] == ["D", "N", "06:00-09:00 D+N"]
    cover = rows[2].cells[1]
    assert cover is not None
    assert (cover.count, cover.least) == (2, 2)


def test_broken_rules_are_told_at_their_cells_in_the_readers_language() -> None:
    roster = assign(make_roster(make_department()), {("P0", 0): NIGHT, ("P0", 1): DAY})

    with translation.override("zh-hans"):
        told = told_of(judged(roster).verdict.hard)

    assert set(broken_cells(told)) == {("P0", 0), ("P0", 1)}
    assert told[0].message.startswith("Person 0：从")
    assert (told[0].key, told[0].day) == ("P0", 0)


def test_locks_are_shown() -> None:
    roster = make_roster(make_department())
    assert roster.created_by is not None
    change_cells(
        roster=roster,
        author=roster.created_by,
        changes=[CellChange("P1", 2, is_locked=True)],
        expected_version=None,
    )

    board = board_of(roster, {}, locks=locked_cells(roster))

    locked = [
        (row.person.key, cell.day.day)
        for row in board.rows
        for cell in row.cells
        if cell.is_locked
    ]
    assert locked == [("P1", 2)]


def test_a_chart_has_steps_from_edge_to_edge() -> None:
    chart = chart_of([(0.0, 200, None), (5.0, 100, 50.0)], until_s=10.0)

    assert chart is not None
    assert chart.objective == "0.0,0.0 300.0,0.0 300.0,120.0 600.0,120.0"
    assert chart.bound == "300.0,180.0 600.0,180.0"
    assert (chart.low, chart.high, chart.seconds) == (50.0, 200, 10.0)
    assert chart.rows == ((0.0, 200, None, None), (5.0, 100, 50.0, 0.5))


def test_nothing_found_draws_no_chart() -> None:
    assert chart_of([], until_s=10.0) is None
    assert chart_of([(0.0, None, 3.0)], until_s=10.0) is None
